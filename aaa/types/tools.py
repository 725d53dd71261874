"""Tools that AAA brings, as models are offered them, and what they know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, JsonValue

from aaa.types.base import Value


class World(Value):
    """What the bundled tools know when they are called for one instruction; the models learn it from them alone."""

    facts: dict[str, str] = Field(default_factory=dict)
    """`lookup`: what is known, by its key."""
    time: str | None = None
    """`clock`: the time that it is, as ISO 8601 writes it, such as `2026-05-04T09:30:00`."""


class ExpectedCall(Value):
    """A call of a tool that a right answer makes."""

    name: str
    arguments: dict[str, JsonValue] = Field(default_factory=dict)


def _tool(name: str, description: str, **parameters: str) -> dict[str, Any]:
    properties = {key: {"type": "string", "description": words} for key, words in parameters.items()}
    schema = {
        "type": "object",
        "properties": properties,
        "required": sorted(parameters),
        "additionalProperties": False,
    }
    return {"type": "function", "function": {"name": name, "description": description, "parameters": schema}}


BUNDLED_TOOLS: Mapping[str, dict[str, Any]] = {
    "calculator": _tool(
        "calculator",
        "Works out an arithmetic expression exactly.",
        expression="Numbers with + - * / ^ mod, brackets and sqrt(...), such as (18 + 6) * 5.",
    ),
    "lookup": _tool("lookup", "Says what is known under a key.", key="What to look up, in a few words."),
    "clock": _tool("clock", "Says which date and time it is."),
}
"""By name, in the OpenAI form; `aaa.verify.run_tool` runs them."""
