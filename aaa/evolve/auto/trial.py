"""A method tried on one instruction: evolved by it, and answered, to see whether it failed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aaa.agents import Agent, ask_until_read, reply_of, shown_messages
from aaa.evolve.auto.faults import reply_fault, text_fault
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise
from aaa.types import Instruction, MethodFault, content_hash, user

INSTRUCTION, METHOD = "instruction", "method"
"""Marks under which the two kinds of text are wanted."""
WANTED: Final = "Put [[{mark}]] on a line of its own, and under it the whole {mark} and nothing else."


@dataclass(frozen=True)
class Trial:
    """What a method made of an instruction. `reply` is empty where the fault shows before anybody answers."""

    instruction: str
    """Its id."""
    before: str
    after: str
    reply: str
    fault: MethodFault | None


def method_hash(text: str) -> str:
    """What a method is known by."""
    return content_hash(text)


def under_mark(mark: str) -> Callable[[str], str | None]:
    """Reads what stands under the first `[[mark]]` on a line of its own; None where there is nothing."""
    line = re.compile(rf"^[ \t*_`#]*\[\[{mark}\]\][ \t*_`:]*$", re.MULTILINE | re.IGNORECASE)

    def read(words: str) -> str | None:
        found = line.search(words)
        return None if found is None else words[found.end() :].strip() or None

    return read


async def evolve_by_method(
    instruction: Instruction, method: str, evolver: Agent, prompts: PromptSet, *, seed: int
) -> str:
    """The new last turn of the instruction.

    The method is text that a model may have written: it stands in a fence, and is no template. Raises `ParseError` if
    two replies cannot be read, `CallError` or `StopError`.
    """
    mark = fence(seed, "evolve_by_method", instruction.id, method)
    prompt = prompts.render(
        "evolve_by_method",
        method=neutralise(method, mark),
        messages=shown_messages(instruction.messages, mark),
        fence=mark,
    )
    again = prompts.render("ask_again", wanted=WANTED.format(mark=INSTRUCTION)).text
    step = f"{method_hash(method)[:12]}/{instruction.id}/evolve"
    read = under_mark(INSTRUCTION)
    reading = await ask_until_read(evolver, prompt.text, read, again=again, step=step, in_persona=False)
    return reading.value


async def try_method(
    instruction: Instruction, method: str, evolver: Agent, responder: Agent, prompts: PromptSet, *, seed: int
) -> Trial:
    """Evolve and answer. Raises `ParseError`, `CallError` or `StopError`."""
    before = instruction.text
    after = await evolve_by_method(instruction, method, evolver, prompts, seed=seed)
    if (fault := text_fault(before, after)) is not None:
        return Trial(instruction.id, before, after, "", fault)
    at = max(at for at, message in enumerate(instruction.prompt) if message.role == "user")
    asked = (*instruction.prompt[:at], user(after))
    call = await responder.ask(asked, step=f"{method_hash(method)[:12]}/{instruction.id}/answer")
    reply = reply_of(call).text
    return Trial(instruction.id, before, after, reply, reply_fault(reply))
