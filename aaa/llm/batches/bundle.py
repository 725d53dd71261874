"""Calls that travel together: gathered first, then at the provider, then over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from aaa.llm.attempts import Made
from aaa.llm.budget import Cost
from aaa.llm.prices import cost
from aaa.types import Attempt, Batch, Model, Price, Usage, row_id


@dataclass(frozen=True, slots=True)
class Line:
    """A call that waits for its batch to leave."""

    data: bytes
    worst: Usage
    cost: Cost
    group: str
    """Of the cast: its budget pays."""


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
    """Those that are not settled, by journal key."""
    made: dict[str, Made] = field(default_factory=dict)
    seen: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the provider has been asked about it, or was not to be reached."""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    error: Exception | None = None
    """Why it brought no outcome to those that are not in `made`; None: they are to be gathered again."""

    def add(self, key: str, line: Line) -> None:
        """Take in one more call."""
        self.lines[key] = line
        self.size += len(line.data) + 1

    def drop(self, key: str) -> Line:
        """Let go of a call before it leaves."""
        line = self.lines.pop(key)
        self.size -= len(line.data) + 1
        return line

    def seal(self, session: str, number: Callable[[str], int]) -> None:
        """Give it its rows; `number` counts the attempts of a call."""
        numbers = {key: number(key) for key in self.lines}
        ids = {key: row_id("attempt", session, key, numbers[key]) for key in self.lines}
        batch = row_id("batch", session, *ids.values())
        for key, line in self.lines.items():
            self.attempts[key] = Attempt(
                id=ids[key],
                session=session,
                call=key,
                number=numbers[key],
                model=self.model.name,
                state="reserved",
                usd=cost(self.price, line.worst),
                prompt_tokens=line.worst.prompt_tokens,
                completion_tokens=line.worst.completion_tokens,
                batch=batch,
                group=line.group,
            )
        self.row = Batch(
            id=batch,
            session=session,
            model=self.model,
            state="reserved",
            requests=len(self.lines),
            usd=None if self.price is None else sum(line.cost.usd for line in self.lines.values()),
        )

    def end(self, error: Exception | None = None) -> None:
        """Wake those who wait for it."""
        self.error = error
        self.seen.set()
        self.over.set()


def cost_of(attempt: Attempt) -> Cost:
    """What an attempt counts for in a budget."""
    return Cost(attempt.usd or 0.0, 1, attempt.prompt_tokens + attempt.completion_tokens)
