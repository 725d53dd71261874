"""A member answers an instruction as itself."""

from __future__ import annotations

from aaa.agents import Agent, reply_of, spoken
from aaa.teach.write import written
from aaa.types import Answer, Instruction


async def answer(instruction: Instruction, member: Agent) -> Answer:
    """The member's answer to the instruction's own messages, the same bytes for every member, without a persona.

    Raises `CallError` or `StopError`.
    """
    call = await member.ask(instruction.prompt, step=f"answer/{member.name}", tools=instruction.tools)
    row = member.place.row("answer", member.name)
    words = (spoken(reply_of(call)),)
    return written(instruction, member, words, row=row, calls=(call,), producers=member.producers(call))
