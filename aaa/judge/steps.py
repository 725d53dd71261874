"""One reading: a juror goes through a worked answer and names its first wrong step."""

from __future__ import annotations

from collections.abc import Sequence

from aaa.agents import Agent, shown_messages
from aaa.judge.asking import ask_in_form
from aaa.judge.forms import choice_form
from aaa.judge.record import judgment
from aaa.prompts import PromptSet
from aaa.text import Span, fence, neutralise, orders_judge
from aaa.types import Answer, Judgment, Place, StepReading

ALL_RIGHT = "none"


async def first_wrong_step(
    juror: Agent,
    answer: Answer,
    steps: Sequence[Span],
    prompts: PromptSet,
    *,
    panel: str,
    seed: int,
    place: Place,
    step: str,
    structured: bool = False,
    reference: str | None = None,
) -> Judgment:
    """Where the answer first goes wrong, by one juror; `steps` are places in its text. The juror sees no names.

    `step` is the reading's place in its episode; `reference` is shown where it is given. Raises `ParseError` if two
    replies cannot be read, `CallError`, `StopError`.
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
    form = choice_form(labels, structured=structured)
    reply = await ask_in_form(juror, prompt, form, prompts, step=step)
    first_wrong = reply.value - 1 if reply.value else None
    return judgment(
        place.row("judgment", panel, answer.id, juror.name),
        juror,
        reply,
        StepReading(answer=answer.id, steps=tuple(steps), first_wrong=first_wrong),
        panel=panel,
        place=place,
        prompt=prompt.hash,
        injection=orders_judge(answer.text),
    )
