"""A worked answer read step by step by a panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from aaa.agents import together
from aaa.judge.panel import Panel
from aaa.judge.readings import judged
from aaa.judge.step_votes import decide_steps
from aaa.judge.steps import first_wrong_step, steps_step
from aaa.prompts import PromptSet
from aaa.text import Span, StepUnit, split_steps
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


@dataclass(frozen=True, slots=True)
class _Heard:
    """A panel, its jurors who did not sit, and what came of the others."""

    panel: Panel
    stepped_out: tuple[str, ...]
    rows: Sequence[Judgment | Failure]


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
    read = partial(_read, instruction, answer, steps, prompts, seed, place, show_reference=show_reference)
    found = _found(verdict, await read(panel))
    if escalate is None or found.verdict.outcome == "decided":
        return found
    return _escalated(found, await read(escalate))


def _passed(instruction: Instruction, answer: Answer) -> bool | None:
    """What a verifier says of the result, where it found one."""
    verifier, check = instruction.verifier, answer.check
    if verifier is None or verifier.kind not in OF_RESULTS or check is None or check.extracted is None:
        return None
    return check.passed


async def _read(
    instruction: Instruction,
    answer: Answer,
    steps: Sequence[Span],
    prompts: PromptSet,
    seed: int,
    place: Place,
    panel: Panel,
    *,
    show_reference: bool,
) -> _Heard:
    """What each juror found, or why it found nothing."""
    seated = panel.for_one(answer, seed=seed)
    reading = partial(
        first_wrong_step,
        answer=answer,
        steps=steps,
        prompts=prompts,
        panel=panel.name,
        seed=seed,
        place=place,
        structured=panel.structured,
        reference=instruction.reference if show_reference else None,
    )
    admitted = partial(panel.admits, left=answer.families, right=frozenset())
    rows = await together(
        judged(juror, place, steps_step(answer.id, juror), partial(reading, juror), admitted) for juror in seated
    )
    return _Heard(panel, tuple(juror.name for juror in panel.jurors if juror not in seated), rows)


def _found(verdict: StepVerdict, heard: _Heard) -> StepsFound:
    """What the readings of a panel come to; those of refuted jurors only measure them."""
    panel, judgments = heard.panel, [row for row in heard.rows if isinstance(row, Judgment)]
    votes = tuple(StepVote(judge=j.judge, first_wrong=_first(j), weight=panel.weights[j.judge]) for j in judgments)
    tally = decide_steps(votes, panel.quorum, passed=verdict.passed)
    changes = {
        "outcome": tally.outcome,
        "first_wrong": tally.first_wrong,
        "agreement": tally.agreement,
        "votes": votes,
        "quorum": panel.quorum,
        "stepped_out": heard.stepped_out,
    }
    return StepsFound(
        verdict.model_copy(update=changes),
        tuple(_measured(j) if verdict.passed is False and _first(j) is None else j for j in judgments),
        tuple(row for row in heard.rows if isinstance(row, Failure)),
    )


def _escalated(first: StepsFound, heard: _Heard) -> StepsFound:
    """The readings of both panels, of which those of the last count, if there are any."""
    last = _found(first.verdict, heard)
    failures = (*first.failures, *last.failures)
    if not last.judgments:
        return replace(first, failures=failures)
    changes = {"escalated": heard.panel.name, "first_votes": first.verdict.votes}
    measured = tuple(map(_measured, first.judgments))
    return StepsFound(last.verdict.model_copy(update=changes), (*measured, *last.judgments), failures)


def _first(judgment: Judgment) -> int | None:
    assert isinstance(judgment.reading, StepReading), judgment.id
    return judgment.reading.first_wrong


def _measured(judgment: Judgment) -> Judgment:
    return judgment.model_copy(update={"measured_only": True})
