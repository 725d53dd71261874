"""A member answers an instruction as itself."""

from __future__ import annotations

from aaa.agents import OFF, Agent, reply_of, spoken, written
from aaa.types import Answer, Instruction, Sandbox


async def answer(instruction: Instruction, member: Agent, *, sandbox: Sandbox = OFF) -> Answer:
    """The member's answer to the instruction's own messages, the same bytes for every member, without a persona.

    Raises `CallError` or `StopError`.
    """
    call = await member.ask(instruction.prompt, step=f"answer/{member.name}", tools=instruction.tools)
    row = member.place.row("answer", member.name)
    words = (spoken(reply_of(call)),)
    return await written(
        instruction, member, words, row=row, calls=(call,), producers=member.producers(call), sandbox=sandbox
    )
