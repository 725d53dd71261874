"""The first wrong step of a worked answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aaa.agents import Agent, shown_messages
from aaa.judge.asking import ask_in_form
from aaa.judge.forms import choice_form
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise
from aaa.types import Call, Instruction

ALL_RIGHT = "none"


@dataclass(frozen=True, slots=True)
class StepReading:
    """What a juror found in a worked answer."""

    first_wrong: int | None
    """Index of the first wrong step, from 0; None where all are right."""
    words: str
    call: Call
    prompt: str
    """Content hash of the method prompt."""

    def labels(self, steps: int) -> list[bool]:
        """Whether each step up to the first wrong one is right; what follows that is not known, and left out."""
        return [True] * steps if self.first_wrong is None else [*[True] * self.first_wrong, False]


async def first_wrong_step(
    steps: Sequence[str],
    juror: Agent,
    instruction: Instruction,
    prompts: PromptSet,
    *,
    seed: int,
    step: str,
    structured: bool = False,
    reference: str | None = None,
) -> StepReading:
    """Where the worked steps first go wrong, by one juror; `step` is the question's place in the episode.

    Raises `ParseError` if two replies cannot be read, `CallError`, `StopError`.
    """
    mark = fence(seed, *steps)
    prompt = prompts.render(
        "judge_steps",
        messages=shown_messages(instruction.prompt, mark),
        steps=[neutralise(text, mark) for text in steps],
        reference=reference and neutralise(reference, mark),
        structured=structured,
        fence=mark,
    )
    labels = {**{str(number): number for number in range(1, len(steps) + 1)}, ALL_RIGHT: 0}  # people count from 1
    reply = await ask_in_form(juror, prompt, choice_form(labels, structured=structured), prompts, step=step)
    return StepReading(reply.value - 1 if reply.value else None, reply.words, reply.call, prompt.hash)
