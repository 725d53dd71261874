"""How a simulated model uses tools: sums go to a calculator, questions to a tool that takes one, and it trusts them."""

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

Wanted = tuple[str, dict[str, str]]
"""A tool, and the arguments that it is to get."""
CALCULATOR = "calculator"
_ASKED = re.compile(r"\b(?:what|when|where|who|which) (?:is|are|was|were) (?:the )?(?P<what>[^?]{3,80})\?", re.I)
_TIME = re.compile(r"\b(?:time|date|day)\b", re.IGNORECASE)
_STEP = re.compile(r"(?:[^:=]*: )?(?P<sum>[-+×÷*/^√()., \d]*(?:mod [\d., ]+)?) = (?P<value>-?[\d.]+)")


def before_tools(messages: Sequence[Message]) -> tuple[Sequence[Message], tuple[str, ...]]:
    """The conversation up to the turn in which tools were called, and what they said since."""
    at = len(messages)
    while at and (messages[at - 1].role == "tool" or messages[at - 1].tool_calls):
        at -= 1
    return messages[:at], tuple(message.text for message in messages[at:] if message.role == "tool")


def call_tools(mind: Mind, request: Plain, tools: Sequence[Mapping[str, Any]]) -> tuple[ToolCall, ...]:
    """The calls with which it begins, at its declared rate: the steps of a sum for a calculator, what else it is asked
    and cannot know for the first tool that would take the question. None where it works in its head."""
    wanted = _sums(request, tools) or _questions(request, tools)
    if not wanted or not mind.chance("tools", request.task.key).happens("call", mind.profile.tools):
        return ()
    return tuple(
        ToolCall(
            id=f"call_{content_hash([mind.identity, mind.draw, request.task.key, at])[:16]}",
            name=name,
            arguments=json.dumps(arguments, ensure_ascii=False),
        )
        for at, (name, arguments) in enumerate(wanted)
    )


def after_tools(mind: Mind, request: Plain, results: Sequence[str], voice: Chance) -> str | None:
    """The answer that follows from what the tools said; None where that is of no use, and its head has to do."""
    solution = request.task.solution
    found = [_value(result) for result in results]
    if any(value is None for value in found):
        return None
    values = [value for value in found if value is not None]
    if solution is None:
        return told(mind, Working(values[-1]), "en", voice)
    steps = _steps(request)
    if len(steps) != len(values):
        return None
    shown = tuple(f"{step['sum']} = {value}" for step, value in zip(steps, values, strict=True))
    agreed = all(_same(step["value"], value) for step, value in zip(steps, values, strict=True))
    return told(mind, Working(solution.right.answer if agreed else values[-1], shown), solution.language, voice)


def _sums(request: Plain, tools: Sequence[Mapping[str, Any]]) -> list[Wanted]:
    if not any(_function(tool).get("name") == CALCULATOR for tool in tools):
        return []
    return [(CALCULATOR, {"expression": step["sum"]}) for step in _steps(request)]


def _steps(request: Plain) -> list[re.Match[str]]:
    solution = request.task.solution
    return [] if solution is None else [match for step in solution.right.steps if (match := _STEP.fullmatch(step))]


def _questions(request: Plain, tools: Sequence[Mapping[str, Any]]) -> list[Wanted]:
    """What is asked for, for a tool that takes one text; the time, for one that takes nothing."""
    asked = _ASKED.search(request.task.text)
    if request.task.solution is not None or asked is None:
        return []
    for tool in tools:
        parameters = _function(tool).get("parameters")
        names = list(parameters.get("properties", ())) if isinstance(parameters, Mapping) else []
        if not names and _TIME.search(asked["what"]):
            return [(str(_function(tool).get("name")), {})]
        if len(names) == 1 and names != ["expression"] and not _TIME.search(asked["what"]):
            return [(str(_function(tool).get("name")), {names[0]: asked["what"]})]
    return []


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


def _value(result: str) -> str | None:
    """What a tool found; None where it says that it failed."""
    try:
        found = json.loads(result)
    except ValueError:
        found = result
    if isinstance(found, dict):
        found = found.get("result")
    return None if found is None or str(found).startswith("error") else str(found)


def _function(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    function = tool.get("function")
    return function if isinstance(function, Mapping) else {}
