"""How a simulated model uses tools: it hands the steps of a sum to a calculator, and trusts what that says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from aaa.sim.chance import Chance
from aaa.sim.mind import Mind
from aaa.sim.requests import Plain, Serving
from aaa.sim.skills import Working
from aaa.sim.solved import told
from aaa.types import Message, ToolCall, content_hash

CALCULATOR = "calculator"
_STEP = re.compile(r"(?:[^:=]*: )?(?P<sum>[-+×÷*/^√()., \d]*(?:mod [\d., ]+)?) = (?P<value>-?[\d.]+)")


def before_tools(messages: Sequence[Message]) -> tuple[Sequence[Message], tuple[str, ...]]:
    """The conversation up to the turn in which tools were called, and what they said since."""
    at = len(messages)
    while at and (messages[at - 1].role == "tool" or messages[at - 1].tool_calls):
        at -= 1
    return messages[:at], tuple(message.text for message in messages[at:] if message.role == "tool")


def call_tools(mind: Mind, request: Plain, tools: Sequence[Mapping[str, Any]]) -> tuple[ToolCall, ...]:
    """The calls with which it begins a sum, at its declared rate; none where it works in its head, or cannot."""
    solution = request.task.solution
    if solution is None or not any(_named(tool) == CALCULATOR for tool in tools):
        return ()
    sums = [match["sum"] for step in solution.right.steps if (match := _STEP.fullmatch(step))]
    if not sums or not mind.chance("tools", request.task.key).happens("call", mind.profile.tools):
        return ()
    return tuple(
        ToolCall(
            id=f"call_{content_hash([mind.identity, mind.draw, request.task.key, at])[:16]}",
            name=CALCULATOR,
            arguments=json.dumps({"expression": sum_}, ensure_ascii=False),
        )
        for at, sum_ in enumerate(sums)
    )


def after_tools(mind: Mind, request: Plain, results: Sequence[str], voice: Chance) -> str | None:
    """The answer that follows from what the calculator said; None where that is of no use, and its head has to do."""
    solution = request.task.solution
    if solution is None or any(result.startswith("error") for result in results):
        return None
    steps = [match for step in solution.right.steps if (match := _STEP.fullmatch(step))]
    if len(steps) != len(results):
        return None
    shown = tuple(f"{step['sum']} = {result}" for step, result in zip(steps, results, strict=True))
    agreed = all(_same(step["value"], result) for step, result in zip(steps, results, strict=True))
    return told(mind, Working(solution.right.answer if agreed else results[-1], shown), solution.language, voice)


def serve(request: Serving) -> str:
    """What a tool returns that it plays: the first fact whose key the arguments name, else an error."""
    asked = request.arguments.casefold()
    for fact in request.facts:
        key, _, value = fact.partition(": ")
        if key.casefold() in asked:
            return json.dumps({"result": value}, ensure_ascii=False)
    return json.dumps({"error": "not found"})


def _same(value: str, result: str) -> bool:
    """Whether the result is the value that the step shows, which may be rounded."""
    try:
        return abs(float(value) - float(result)) <= 1e-3 * max(1.0, abs(float(value)))
    except ValueError:
        return False


def _named(tool: Mapping[str, Any]) -> object:
    function = tool.get("function")
    return function.get("name") if isinstance(function, Mapping) else None
