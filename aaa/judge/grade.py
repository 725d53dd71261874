"""Pointwise grading of one answer by a panel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from aaa.agents import together
from aaa.judge.panel import Panel
from aaa.judge.pointwise import Rubric, score, score_step
from aaa.judge.readings import judged
from aaa.judge.views import View
from aaa.prompts import PromptSet
from aaa.types import Answer, Failure, Instruction, Judgment, Place, Score


@dataclass(frozen=True, slots=True)
class Grading:
    """The readings of an answer, those that failed, and the jurors who stepped out because of their family."""

    judgments: tuple[Judgment, ...]
    failures: tuple[Failure, ...]
    stepped_out: tuple[str, ...]


async def grade(
    instruction: Instruction,
    answer: Answer,
    panel: Panel,
    prompts: PromptSet,
    *,
    rubric: Rubric,
    seed: int,
    place: Place,
    show_reference: bool = False,
    escalate: Panel | None = None,
    escalate_over: float = 0.0,
) -> Grading:
    """Grade an answer, or the turn that the rubric names: nothing where there is no such turn.

    Where the grades of the panel lie more than `escalate_over` points apart, or there is none, those of the panel
    `escalate` count in their place, and the first ones stay as a measurement of their jurors (the criterion is ours).
    Raises `StopError`; the failures of single jurors are rows.
    """
    view = View.of(answer, rubric.turn)
    if view is None:
        return Grading((), (), ())

    async def before(jury: Panel) -> Grading:
        return await _read(instruction, view, jury, prompts, rubric, seed, place, show_reference=show_reference)

    first = await before(panel)
    if escalate is None or _is_clear(first, escalate_over):
        return first
    return _escalated(first, await before(escalate))


def _is_clear(grading: Grading, within: float) -> bool:
    scores = [judgment.reading.score for judgment in grading.judgments if isinstance(judgment.reading, Score)]
    return bool(scores) and max(scores) - min(scores) <= within


def _escalated(first: Grading, last: Grading) -> Grading:
    """The readings of both; those of the last count, if there are any."""
    given = first.judgments
    if last.judgments:
        given = tuple(judgment.model_copy(update={"measured_only": True}) for judgment in given)
    return replace(last, judgments=(*given, *last.judgments), failures=(*first.failures, *last.failures))


async def _read(
    instruction: Instruction,
    view: View,
    panel: Panel,
    prompts: PromptSet,
    rubric: Rubric,
    seed: int,
    place: Place,
    *,
    show_reference: bool,
) -> Grading:
    """The readings of one panel."""
    answer = view.answer
    seated = panel.for_one(answer, seed=seed)
    reading = partial(
        score,
        view=view,
        rubric=rubric,
        prompts=prompts,
        panel=panel.name,
        structured=panel.structured,
        seed=seed,
        place=place,
        reference=instruction.reference if show_reference else None,
    )
    admitted = partial(panel.admits, left=answer.families, right=frozenset())
    rows = await together(
        judged(juror, place, score_step(answer.id, juror), partial(reading, juror), admitted) for juror in seated
    )
    return Grading(
        judgments=tuple(row for row in rows if isinstance(row, Judgment)),
        failures=tuple(row for row in rows if isinstance(row, Failure)),
        stepped_out=tuple(juror.name for juror in panel.jurors if juror not in seated),
    )
