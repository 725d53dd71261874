"""Readings as they come: one juror's, whatever comes of it, and those of one or two panels of a single answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from aaa.agents import Agent, failure_row, together
from aaa.errors import SeatError, WorkError
from aaa.judge.asking import Question, ask_in_form
from aaa.judge.panel import Panel
from aaa.judge.record import judgment
from aaa.prompts import PromptSet
from aaa.types import Answer, Failure, Judgment, Place, Score, StepReading

R = TypeVar("R", bound=Score | StepReading)


@dataclass(frozen=True, slots=True)
class Readings:
    """What a panel read in an answer, by itself or after another one."""

    panel: Panel
    """The one whose judgments count."""
    judgments: tuple[Judgment, ...]
    stepped_out: tuple[str, ...]
    """Its jurors who did not sit because of their family."""
    failures: tuple[Failure, ...]
    """Of all that were asked."""
    measured: tuple[Judgment, ...] = ()
    """Judgments of the panel before it, which now only measure their jurors."""


async def read_answer(
    answer: Answer,
    kind: str,
    panel: Panel,
    question: Callable[[Panel], Question[R]],
    prompts: PromptSet,
    *,
    seed: int,
    place: Place,
    escalate: Panel | None,
    is_clear: Callable[[Sequence[Judgment]], bool],
) -> Readings:
    """What the panel reads, and where that is not clear, what the panel `escalate` does, if that reads anything.

    `question` is what the jurors of a panel are asked. Raises `StopError`; the failures of single jurors are rows.
    """

    async def before(jury: Panel, *, second: bool) -> Readings:
        seated = jury.for_one(answer, seed=seed)
        admitted = partial(jury.admits, left=answer.families, right=frozenset())
        one = partial(read, answer=answer.id, asked=question(jury), prompts=prompts, panel=jury.name, place=place)
        steps = [reading_step(answer.id, juror, kind, second=second) for juror in seated]
        rows = await together(
            judged(juror, place, step, partial(one, juror, step=step), admitted)
            for juror, step in zip(seated, steps, strict=True)
        )
        return Readings(
            jury,
            judgments=tuple(row for row in rows if isinstance(row, Judgment)),
            stepped_out=tuple(juror.name for juror in jury.jurors if juror not in seated),
            failures=tuple(row for row in rows if isinstance(row, Failure)),
        )

    first = await before(panel, second=False)
    if escalate is None or is_clear(first.judgments):
        return first
    last = await before(escalate, second=True)
    failures = (*first.failures, *last.failures)
    if not last.judgments:
        return replace(first, failures=failures)
    return replace(last, failures=failures, measured=tuple(map(measured, first.judgments)))


async def read(
    juror: Agent, answer: str, asked: Question[R], prompts: PromptSet, *, panel: str, place: Place, step: str
) -> Judgment:
    """One juror's reading of the answer with this id; `step` is its place in the episode.

    Raises `ParseError` if two replies cannot be read, `CallError`, `StopError`.
    """
    reply = await ask_in_form(juror, asked.prompt, asked.form, prompts, step=step)
    row = place.row("judgment", panel, answer, juror.name)
    return judgment(row, juror, asked, reply, reply.value, panel=panel, place=place)


def measured(one: Judgment) -> Judgment:
    """The judgment as one that only measures its juror."""
    return one.model_copy(update={"measured_only": True})


def reading_step(subject: str, juror: Agent, kind: str, *, second: bool) -> str:
    """The reading's place in its episode; before the second of two panels another one, since a juror may sit in both.

    `subject` is the id of what is read: an answer or a match.
    """
    return f"{subject}/{juror.name}/{kind}{'/second-panel' if second else ''}"


async def judged(
    juror: Agent,
    place: Place,
    step: str,
    reading: Callable[[], Awaitable[Judgment]],
    admitted: Callable[[Judgment, Agent], bool],
) -> Judgment | Failure:
    """The judgment, or the row that says why this juror gave none: one juror must not cost the panel its verdict.

    `admitted` says whether a reading counts, now that it is known who gave it.
    """
    try:
        made = await reading()
        if not admitted(made, juror):
            raise SeatError(
                f"{juror.name!r} gave no service, and {made.answered_by!r} of family {made.family!r} judged in "
                f"its place, which would unbalance the panel: the reading does not count. Give {juror.name!r} a "
                "fallback of its own family or of none that competes, or set `own_family: allow`.",
                model=made.answered_by,
                call=made.call,
            )
        return made
    except WorkError as error:
        return failure_row(error, place, step=step, role=juror.role, model=juror.name)
