"""A worked answer read step by step by a panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aaa.judge.asking import Question
from aaa.judge.panel import Panel
from aaa.judge.readings import Readings, measured, read_answer
from aaa.judge.step_votes import decide_steps
from aaa.judge.steps import question
from aaa.prompts import PromptSet
from aaa.text import StepUnit, split_steps
from aaa.types import (
    Answer,
    Failure,
    Instruction,
    Judgment,
    Place,
    StepReading,
    StepVerdict,
    StepVote,
    VerifierKind,
)

OF_RESULTS: frozenset[VerifierKind] = frozenset({"text", "numeric", "choice", "list", "set", "math"})
"""Verifiers of which a failure means that the result is wrong, and so some step; those of a form (`regex`, `exact`,
`json_schema`), of code and of calls of tools say nothing about steps."""


@dataclass(frozen=True)
class Stepping:
    """How answers are divided into steps, and how many of them are read."""

    unit: StepUnit = "lines"
    least: int = 2
    most: int = 40


@dataclass(frozen=True, slots=True)
class StepsFound:
    """A panel's verdict, the readings behind it, and those that failed."""

    verdict: StepVerdict
    judgments: tuple[Judgment, ...] = ()
    failures: tuple[Failure, ...] = ()


async def find_first_wrong(
    instruction: Instruction,
    answer: Answer,
    panel: Panel,
    prompts: PromptSet,
    *,
    stepping: Stepping,
    seed: int,
    place: Place,
    show_reference: bool = False,
    escalate: Panel | None = None,
) -> StepsFound:
    """Let a panel find the first wrong step of an answer, and where it decides nothing, the panel `escalate`.

    No juror is asked about fewer steps than `stepping.least`, or more than `stepping.most`. Raises `StopError`; the
    failures of single jurors are rows.
    """
    steps = split_steps(answer.text, stepping.unit)
    verdict = StepVerdict(
        id=place.row("steps", panel.name, answer.id),
        session=place.session,
        episode=place.episode,
        instruction=place.instruction,
        answer=answer.id,
        panel=panel.name,
        steps=steps,
        outcome="too_few_steps" if len(steps) < stepping.least else "too_many_steps",
        quorum=panel.quorum,
        passed=_passed(instruction, answer),
    )
    if not stepping.least <= len(steps) <= stepping.most:
        return StepsFound(verdict)

    reference = instruction.reference if show_reference else None

    def asked(jury: Panel) -> Question[StepReading]:
        return question(answer, steps, prompts, seed=seed, structured=jury.structured, reference=reference)

    def is_clear(judgments: Sequence[Judgment]) -> bool:
        return decide_steps(_votes(panel, judgments), panel.quorum, passed=verdict.passed).outcome == "decided"

    found = await read_answer(
        answer, "steps", panel, asked, prompts, seed=seed, place=place, escalate=escalate, is_clear=is_clear
    )
    return _found(verdict, panel, found)


def _passed(instruction: Instruction, answer: Answer) -> bool | None:
    """What a verifier says of the result, where it found one."""
    verifier, check = instruction.verifier, answer.check
    if verifier is None or verifier.kind not in OF_RESULTS or check is None or check.extracted is None:
        return None
    return check.passed


def _found(verdict: StepVerdict, first: Panel, found: Readings) -> StepsFound:
    """What the readings come to; those of refuted jurors only measure them."""
    panel, votes = found.panel, _votes(found.panel, found.judgments)
    tally = decide_steps(votes, panel.quorum, passed=verdict.passed)
    changes: dict[str, object] = {
        "outcome": tally.outcome,
        "first_wrong": tally.first_wrong,
        "agreement": tally.agreement,
        "votes": votes,
        "quorum": panel.quorum,
        "stepped_out": found.stepped_out,
    }
    if panel is not first:
        changes |= {"escalated": panel.name, "first_votes": _votes(first, found.measured)}
    counted = (measured(j) if verdict.passed is False and _first(j) is None else j for j in found.judgments)
    return StepsFound(verdict.model_copy(update=changes), (*found.measured, *counted), found.failures)


def _votes(panel: Panel, judgments: Sequence[Judgment]) -> tuple[StepVote, ...]:
    return tuple(StepVote(judge=j.judge, first_wrong=_first(j), weight=panel.weights[j.judge]) for j in judgments)


def _first(judgment: Judgment) -> int | None:
    assert isinstance(judgment.reading, StepReading), judgment.id
    return judgment.reading.first_wrong
