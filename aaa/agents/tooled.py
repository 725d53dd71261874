"""An answer whose author may call tools on the way: each call is answered, then the author goes on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aaa.agents.agent import Agent
from aaa.agents.replies import reply_of, spoken
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise
from aaa.types import Call, Instruction, Message, Producer, ToolCall, World, user
from aaa.verify import is_bundled, run_tool

CALLS_AT_ONCE = 8
"""Calls of one turn that are answered at most (ours); the others are told so."""
OUT_OF_ROUNDS = "tool_rounds"
"""Why an answer ended that still called tools when its rounds were used up."""


@dataclass(frozen=True)
class Simulator:
    """A model that plays the tools which AAA does not bring."""

    agent: Agent
    prompts: PromptSet
    seed: int


@dataclass(frozen=True)
class ToolDesk:
    """How often the calls of an answer are answered, and by whom: AAA's own tools run by themselves."""

    rounds: int = 0
    """Turns with calls that are answered at most; with 0 the first call ends the answer."""
    simulator: Simulator | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """The turns of an answer: the author's, and between them what the tools said."""

    messages: tuple[Message, ...]
    calls: tuple[Call, ...]
    """Those that gave the author's turns, then the simulator's."""
    spoken: Call
    """The author's last."""
    producers: tuple[Producer, ...]
    stop_reason: str | None


NO_TOOLS = ToolDesk()
"""Nobody answers: the calls are the answer."""


async def work_with_tools(
    instruction: Instruction, author: Agent, *, step: str, draw: int = 0, desk: ToolDesk = NO_TOOLS
) -> Worked:
    """Ask the author for the instruction's own messages until it calls no more tools, or nobody answers its calls.

    The first question has the step `step`, those after tools `step/tools-N`. Raises `CallError` or `StopError`.
    """
    messages: list[Message] = []
    asked: list[Call] = []
    served: list[Call] = []
    while True:
        done = len(asked)
        at = f"{step}/tools-{done}" if done else step
        call = await author.ask([*instruction.prompt, *messages], step=at, draw=draw, tools=instruction.tools)
        asked.append(call)
        messages.append(spoken(reply_of(call)))
        wanted = messages[-1].tool_calls
        answered = bool(wanted) and all(_answerable(one, instruction, desk) for one in wanted)
        if not answered or done >= desk.rounds:
            break
        for index, one in enumerate(wanted):
            said, simulated = await _result(one, index, instruction, messages, desk, f"{at}/call-{index + 1}", draw)
            served += simulated
            messages.append(Message(role="tool", content=said, tool_call_id=one.id))
    producers = list(author.producers(*asked))
    if desk.simulator is not None:
        producers += desk.simulator.agent.producers(*served)
    stop = OUT_OF_ROUNDS if answered and desk.rounds else None
    return Worked(tuple(messages), (*asked, *served), asked[-1], tuple(dict.fromkeys(producers)), stop)


def _offered(call: ToolCall, instruction: Instruction) -> Mapping[str, Any] | None:
    return next((tool for tool in instruction.tools if _name(tool) == call.name), None)


def _name(tool: Mapping[str, Any]) -> object:
    function = tool.get("function")
    return function.get("name") if isinstance(function, dict) else None


def _answerable(call: ToolCall, instruction: Instruction, desk: ToolDesk) -> bool:
    """Whether somebody answers; of a tool that was never offered at least the error is known."""
    tool = _offered(call, instruction)
    return tool is None or is_bundled(tool) or desk.simulator is not None


async def _result(
    call: ToolCall, index: int, instruction: Instruction, before: Sequence[Message], desk: ToolDesk, at: str, draw: int
) -> tuple[str, list[Call]]:
    """What the tool says, and the call of the simulator, if it was one."""
    tool = _offered(call, instruction)
    if index >= CALLS_AT_ONCE:
        return f"error: at most {CALLS_AT_ONCE} calls at once are answered", []
    if tool is None:
        there = ", ".join(str(_name(one)) for one in instruction.tools)
        return f"error: there is no tool {call.name[:100]!r}; there are: {there}", []
    if is_bundled(tool):
        return run_tool(call, instruction.world or World()), []
    assert desk.simulator is not None, "asked only where somebody answers"
    return await _simulated(call, tool, instruction, before, desk.simulator, at, draw)


async def _simulated(
    call: ToolCall,
    tool: Mapping[str, Any],
    instruction: Instruction,
    before: Sequence[Message],
    simulator: Simulator,
    at: str,
    draw: int,
) -> tuple[str, list[Call]]:
    mark = fence(simulator.seed, "tool", instruction.id)
    facts = (instruction.world or World()).facts
    prompt = simulator.prompts.render(
        "tool_simulator",
        tool=neutralise(json.dumps(tool, ensure_ascii=False, indent=1), mark),
        arguments=neutralise(call.arguments, mark),
        facts=neutralise("\n".join(f"- {key}: {fact}" for key, fact in facts.items()), mark),
        earlier=neutralise("\n".join(message.text for message in before if message.role == "tool"), mark),
        fence=mark,
    )
    made = await simulator.agent.ask([user(prompt.text)], step=at, draw=draw)
    return reply_of(made).text.strip(), [made]
