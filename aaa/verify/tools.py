"""The bundled tools at work: pure functions of the arguments and what the instruction's world holds, by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from aaa.types import BUNDLED_TOOLS, ToolCall, World
from aaa.verify.calculator import CalculationError, calculate
from aaa.verify.normal import normal


class ToolError(ValueError):
    """What a tool says to a model that called it in a wrong way."""


def is_bundled(tool: Mapping[str, Any]) -> bool:
    """Whether this is one of AAA's own tools, and not one of the user's that only shares its name."""
    return tool in BUNDLED_TOOLS.values()


def run_tool(call: ToolCall, world: World) -> str:
    """What a bundled tool answers; a wrong call gets `error: ...`, as a service would say it. Never raises for what a
    model wrote."""
    try:
        return _TOOLS[call.name](_arguments(call), world)
    except (ToolError, CalculationError) as error:
        return f"error: {error}"


def arguments_of(call: ToolCall) -> dict[str, Any] | None:
    """The arguments as an object; None where the model wrote something else."""
    try:
        found = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _arguments(call: ToolCall) -> dict[str, str]:
    wanted = set(BUNDLED_TOOLS[call.name]["function"]["parameters"]["properties"])
    given = arguments_of(call)
    if given is None:
        raise ToolError("the arguments are no JSON object")
    if set(given) != wanted:
        raise ToolError(f"the arguments are to be {sorted(wanted)}, and were {sorted(given)}")
    return {name: str(value) for name, value in given.items()}


def _calculator(arguments: Mapping[str, str], world: World) -> str:
    return calculate(arguments["expression"])


def _lookup(arguments: Mapping[str, str], world: World) -> str:
    known = {normal(key): fact for key, fact in world.facts.items()}
    found = known.get(normal(arguments["key"]))
    if found is None:
        raise ToolError(f"nothing is known of {arguments['key'][:100]!r}")
    return found


def _clock(arguments: Mapping[str, str], world: World) -> str:
    if world.time is None:
        raise ToolError("the clock has stopped")
    return world.time


_TOOLS: Mapping[str, Callable[[Mapping[str, str], World], str]] = {
    "calculator": _calculator,
    "lookup": _lookup,
    "clock": _clock,
}
