"""One reading: a juror goes through a worked answer and names its first wrong step."""

from __future__ import annotations

from collections.abc import Sequence

from aaa.agents import Agent, shown_messages
from aaa.judge.asking import Question, ask_in_form
from aaa.judge.forms import choice_form
from aaa.judge.record import judgment
from aaa.prompts import PromptSet
from aaa.text import Span, fence, neutralise, orders_judge
from aaa.types import Answer, Judgment, Place, StepReading

ALL_RIGHT = "none"


def question(
    answer: Answer,
    steps: Sequence[Span],
    prompts: PromptSet,
    *,
    seed: int,
    structured: bool = False,
    reference: str | None = None,
) -> Question[int]:
    """Which step of the answer is the first wrong one, from 1, or 0 for none; `steps` are places in its text.

    No names are shown, and the reference where it is given.
    """
    mark = fence(seed, answer.id)
    prompt = prompts.render(
        "judge_steps",
        messages=shown_messages(answer.prompt, mark),
        steps=[neutralise(answer.text[start:end], mark) for start, end in steps],
        reference=reference and neutralise(reference, mark),
        structured=structured,
        fence=mark,
    )
    labels = {**{str(number): number for number in range(1, len(steps) + 1)}, ALL_RIGHT: 0}  # people count from 1
    return Question(prompt, choice_form(labels, structured=structured), orders_judge(answer.text))


async def first_wrong_step(
    juror: Agent,
    answer: str,
    steps: Sequence[Span],
    asked: Question[int],
    prompts: PromptSet,
    *,
    panel: str,
    place: Place,
    step: str,
) -> Judgment:
    """Where the answer with this id first goes wrong, by one juror.

    `step` is the reading's place in its episode. Raises `ParseError` if two replies cannot be read, `CallError`,
    `StopError`.
    """
    reply = await ask_in_form(juror, asked.prompt, asked.form, prompts, step=step)
    first_wrong = reply.value - 1 if reply.value else None
    found = StepReading(answer=answer, steps=tuple(steps), first_wrong=first_wrong)
    row = place.row("judgment", panel, answer, juror.name)
    return judgment(row, juror, asked, reply, found, panel=panel, place=place)
