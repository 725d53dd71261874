"""Why a text may not be exported on a side, whatever the rule."""

from __future__ import annotations

from collections.abc import Sequence

from aaa.curate.record import ItemRecord
from aaa.scenario import Selection
from aaa.text import wrong_language
from aaa.types import Answer, Instruction, RejectionReason, TranscriptQuality

MOST_REPETITION = 0.8
"""Ours: who is asked to change what it wrote repeats most of it. Of the 30 published two-turn answers of MT-bench none
repeats more than 0.76."""

Fault = tuple[RejectionReason, str]
"""A typed reason and its detail."""


def text_fault(
    record: ItemRecord, answer: Answer, rule: Selection, contexts: Sequence[str], *, as_chosen: bool
) -> Fault | None:
    """The first reason against this answer; `as_chosen` also for SFT samples."""
    if answer.id in record.duplicates:
        return "duplicate", answer.id
    if answer.context not in contexts:
        return "excluded_context", answer.context
    if barred := {producer.family for producer in answer.producers} & set(rule.without_families):
        return "excluded_family", ", ".join(sorted(barred))
    if not answer.messages or not all(m.text.strip() or m.tool_calls for m in answer.messages):
        return "empty", answer.id
    if as_chosen and answer.stop_reason == "tool_rounds":
        return "truncated", f"{answer.id} still called tools when its rounds were used up"
    if as_chosen and answer.finish_reason == "length":
        return "truncated", answer.id
    if answer.transcript is not None and (fault := transcript_fault(answer.transcript)) is not None:
        return "bad_transcript", fault
    if answer.stands_alone is False:
        return "context_leak", f"{answer.id}: {answer.leak}" if answer.leak else answer.id
    if answer.refused and rule.refusals != "allow" and (as_chosen or rule.refusals == "drop"):
        return "refusal", answer.id
    if as_chosen and (abroad := language_fault(record.instruction, answer)) is not None:
        return "wrong_language", abroad
    return None


def language_fault(instruction: Instruction, answer: Answer) -> str | None:
    """What language the answer's last turn is in, where it is another than asked for."""
    asked = [message.text for message in (*answer.prompt, *answer.messages) if message.role in ("system", "user")]
    found = wrong_language(asked, answer.text, language=instruction.language, reference=instruction.reference)
    return None if found is None else f"{answer.id} is in {found}"


def sides_fault(
    record: ItemRecord, chosen: Answer, rejected: Answer, rule: Selection, contexts: Sequence[str]
) -> Fault | None:
    """The first reason against a pair of these two."""
    fault = text_fault(record, chosen, rule, contexts, as_chosen=True)
    fault = fault or text_fault(record, rejected, rule, contexts, as_chosen=False)
    if fault is None and said(chosen) == said(rejected):
        return "equal_text", f"{chosen.id} = {rejected.id}"
    return fault


def said(answer: Answer) -> tuple[str, list[tuple[str, str]]]:
    """What an answer finally says, and the tools that it called: two answers that share both are one."""
    made = [(call.name, call.arguments) for message in answer.messages for call in message.tool_calls]
    return answer.text.strip(), made


def transcript_fault(found: TranscriptQuality) -> str | None:
    """What spoils a conversation for training, or None."""
    if found.role_flips:
        return f"role_flip: in {found.role_flips} turns"
    if found.farewell_loop:
        return "farewell_loop"
    if found.repetition > MOST_REPETITION:
        return f"repetition: {found.repetition:.2f} of a turn was said before"
    if found.language_switches:
        return f"language: {found.language_switches} turns in another one than the first"
    return None
