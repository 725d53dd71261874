"""A method tried on one instruction: evolved by it, and answered, to see whether it failed."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.agents import Agent, reply_of
from aaa.evolve.auto.faults import reply_fault, text_fault
from aaa.evolve.by_operation import rewrite_by
from aaa.evolve.operations import user_method
from aaa.prompts import PromptSet
from aaa.types import Instruction, MethodFault, content_hash, user

METHOD = "method"
"""The mark under which a method is wanted."""


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


async def evolve_by_method(
    instruction: Instruction, method: str, evolver: Agent, prompts: PromptSet, *, seed: int
) -> str:
    """The new last turn of the instruction.

    Raises `ParseError` if two replies cannot be read, `CallError` or `StopError`.
    """
    step = f"{method_hash(method)[:12]}/{instruction.id}/evolve"
    reading = await rewrite_by(user_method(method), instruction, evolver, prompts, seed=seed, step=step)
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
