"""Pointwise grading of one answer by a panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from aaa.judge.asking import Question
from aaa.judge.panel import Panel
from aaa.judge.pointwise import Rubric, question
from aaa.judge.readings import read_answer
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
    viewed, reference = view, instruction.reference if show_reference else None

    def asked(jury: Panel) -> Question[Score]:
        return question(viewed, rubric, prompts, seed=seed, structured=jury.structured, reference=reference)

    clear = partial(_is_clear, within=escalate_over)
    found = await read_answer(
        viewed.answer, "score", panel, asked, prompts, seed=seed, place=place, escalate=escalate, is_clear=clear
    )
    return Grading((*found.measured, *found.judgments), found.failures, found.stepped_out)


def _is_clear(judgments: Sequence[Judgment], within: float) -> bool:
    scores = [judgment.reading.score for judgment in judgments if isinstance(judgment.reading, Score)]
    return bool(scores) and max(scores) - min(scores) <= within
