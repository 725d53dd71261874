"""Whether two prompts set the same task, asked of one juror: what decides where words cannot."""

from __future__ import annotations

from typing import Final

from aaa.agents import Agent, Reading
from aaa.judge.asking import ask_in_form
from aaa.judge.forms import choice_form
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise

PROMPT: Final = "same_task"
SAMENESS: Final = {"same": True, "other": False}


async def same_task(
    trained: str, benchmark: str, juror: Agent, prompts: PromptSet, *, seed: int, step: str
) -> Reading[bool]:
    """Whether a training prompt asks what a prompt of a benchmark asks, in other words (arXiv 2311.04850 asks so).

    Raises `ParseError` if two replies cannot be read, `CallError`, `StopError`.
    """
    mark = fence(seed, PROMPT, juror.place.instruction, step)
    shown = {"trained": neutralise(trained, mark), "benchmark": neutralise(benchmark, mark)}
    prompt = prompts.render(PROMPT, **shown, fence=mark)
    return await ask_in_form(juror, prompt, choice_form(SAMENESS, structured=False), prompts, step=step)
