"""A question whose reply keeps to a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from aaa.agents import Agent, Reading, ask_until_read
from aaa.judge.forms import Form
from aaa.prompts import Prompt, PromptSet

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """What jurors are asked of texts: one and the same for all who see the same."""

    prompt: Prompt
    form: Form[T]
    injection: bool
    """Whether one of the texts tries to order its judge about."""


async def ask_in_form(
    juror: Agent, prompt: Prompt, form: Form[T], prompts: PromptSet, *, step: str, draw: int = 0
) -> Reading[T]:
    """What the juror's reply says; see `ask_until_read`."""
    return await ask_until_read(
        juror,
        prompt.text,
        form.read,
        prompts,
        wanted=form.wanted,
        step=step,
        response_format=form.response_format,
        draw=draw,
    )
