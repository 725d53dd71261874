"""One reading: a juror goes through a worked answer and names its first wrong step."""

from __future__ import annotations

from collections.abc import Sequence

from aaa.agents import shown_messages
from aaa.judge.asking import Question
from aaa.judge.forms import choice_form
from aaa.prompts import PromptSet
from aaa.text import Span, fence, neutralise, orders_judge
from aaa.types import Answer, StepReading

ALL_RIGHT = "none"


def question(
    answer: Answer,
    steps: Sequence[Span],
    prompts: PromptSet,
    *,
    seed: int,
    structured: bool = False,
    reference: str | None = None,
) -> Question[StepReading]:
    """Which step of the answer is the first wrong one, if any is; `steps` are places in its text.

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

    def found(number: int) -> StepReading:
        return StepReading(answer=answer.id, steps=tuple(steps), first_wrong=number - 1 if number else None)

    return Question(prompt, choice_form(labels, structured=structured).then(found), orders_judge(answer.text))
