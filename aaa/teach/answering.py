"""A member answers an instruction as itself."""

from __future__ import annotations

from aaa.agents import NO_TOOLS, OFF, Agent, ToolDesk, work_with_tools, written
from aaa.types import Answer, Instruction, Sandbox


async def answer(
    instruction: Instruction, member: Agent, *, sandbox: Sandbox = OFF, desk: ToolDesk = NO_TOOLS
) -> Answer:
    """The member's answer to the instruction's own messages, the same bytes for every member, without a persona.

    Where it calls tools, `desk` says who answers. Raises `CallError` or `StopError`.
    """
    worked = await work_with_tools(instruction, member, step=f"answer/{member.name}", desk=desk)
    return await written(
        instruction,
        member,
        worked.messages,
        row=member.place.row("answer", member.name),
        calls=worked.calls,
        spoken=worked.spoken,
        producers=worked.producers,
        sandbox=sandbox,
        stop_reason=worked.stop_reason,
    )
