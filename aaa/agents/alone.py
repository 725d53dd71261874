"""Texts that refer to what their reader has not seen, and their rewriting so that they stand alone."""

from __future__ import annotations

from aaa.agents.agent import Agent
from aaa.agents.shown import shown_messages
from aaa.prompts import PromptSet
from aaa.text import find_leak, neutralise
from aaa.types import Call, Instruction, user


def stands_alone(instruction: Instruction, text: str) -> bool:
    """Whether a text written under a hint or critique makes sense to one who has seen the instruction only."""
    return find_leak(text, "\n".join(message.text for message in instruction.prompt)) is None


async def rewrite_alone(
    instruction: Instruction, text: str, author: Agent, prompts: PromptSet, mark: str, *, step: str
) -> Call:
    """Ask the author, without a persona, for the same text without such references.

    `mark` is the fence's. Raises `CallError` or `StopError`.
    """
    prompt = prompts.render(
        "rewrite_alone",
        messages=shown_messages(instruction.prompt, mark),
        answer=neutralise(text, mark),
        fence=mark,
    )
    return await author.ask([user(prompt.text)], step=step)
