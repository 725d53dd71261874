"""Calls that travel together: gathered first, then at the provider, then over."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from aaa.llm.attempts import Made
from aaa.llm.budget import Cost
from aaa.types import Attempt, Batch, Model, Price, Usage


@dataclass(frozen=True, slots=True)
class Line:
    """A call that waits for its batch to leave."""

    data: bytes
    worst: Usage
    cost: Cost


@dataclass(eq=False)
class Bundle:
    """One batch on its way. Until it leaves it has `lines`; then a `row` and `attempts`; at last what came of them."""

    model: Model
    price: Price | None
    """At the price of batches; None: unknown."""
    lines: dict[str, Line] = field(default_factory=dict)
    size: int = 0
    """Bytes of all lines."""
    row: Batch | None = None
    attempts: dict[str, Attempt] = field(default_factory=dict)
    """Those whose cost is set aside, by journal key."""
    made: dict[str, Made] = field(default_factory=dict)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    seen: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the provider has been asked about it, or was not to be reached."""
    error: Exception | None = None
    """Why it brought the others no outcome."""

    def add(self, key: str, line: Line) -> None:
        """Take in one more call."""
        self.lines[key] = line
        self.size += len(line.data) + 1

    def drop(self, key: str) -> Line:
        """Let go of a call before it leaves."""
        line = self.lines.pop(key)
        self.size -= len(line.data) + 1
        return line


def cost_of(attempt: Attempt) -> Cost:
    """What an attempt counts for in a budget."""
    return Cost(attempt.usd or 0.0, 1, attempt.prompt_tokens + attempt.completion_tokens)
