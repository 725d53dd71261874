"""An instruction rewritten by an operation, or by a method: one question to the evolver, one text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from aaa.agents import Agent, Reading, ask_until_read, shown_messages
from aaa.evolve.operations import FRAME, METHOD_FRAME, Operation
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise
from aaa.types import Instruction

INSTRUCTION: Final = "instruction"
"""The mark under which a new instruction is wanted."""
WANTED: Final = "Put [[{mark}]] on a line of its own, and under it the whole {mark} and nothing else."


def under_mark(mark: str) -> Callable[[str], str | None]:
    """Reads what stands under the first `[[mark]]` on a line of its own; None where there is nothing."""
    line = re.compile(rf"^[ \t*_`#]*\[\[{mark}\]\][ \t*_`:]*$", re.MULTILINE | re.IGNORECASE)

    def read(words: str) -> str | None:
        found = line.search(words)
        return None if found is None else words[found.end() :].strip() or None

    return read


async def rewrite_by(
    operation: Operation,
    instruction: Instruction,
    evolver: Agent,
    prompts: PromptSet,
    *,
    seed: int,
    step: str,
    fault: str | None = None,
    draw: int = 0,
) -> Reading[str]:
    """The new last turn of the instruction. `fault`: what was wrong with an earlier attempt, in words.

    `draw` tells attempts apart whose request may be the same.

    A method is text that a model may have written: it stands in a fence, and is no template. Raises `ParseError` if two
    replies cannot be read, `CallError` or `StopError`.
    """
    text = operation.text(prompts)
    mark = fence(seed, FRAME, instruction.id, text)
    shown = {"messages": shown_messages(instruction.messages, mark), "fence": mark, "fault": fault}
    if operation.method is None:
        prompt = prompts.render(FRAME, operation=text, direction=operation.direction, **shown)
    else:
        prompt = prompts.render(METHOD_FRAME, method=neutralise(text, mark), **shown)
    read, wanted = under_mark(INSTRUCTION), WANTED.format(mark=INSTRUCTION)
    return await ask_until_read(
        evolver, prompt.text, read, prompts, wanted=wanted, step=step, in_persona=False, draw=draw
    )
