"""What the call layer asks of others and offers to others: an `Ask`, the journal that keeps it, the routes it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from aaa.types import Attempt, Batch, Call, CallUse, Message, Model, Params, Reply, Spent


@dataclass(frozen=True, slots=True)
class Use:
    """What a call is for. The id of the `CallUse` row follows from it."""

    session: str
    episode: str
    step: str
    """Logical place in the episode, such as `game-1/judge-x/again-1`; unique there."""
    role: str
    group: str = ""
    """The group of the cast whose budget pays for it; empty for none."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """A model that is asked where those before it give no service, with parameters of its own."""

    model: Model
    params: Params
    """Resolved; `max_tokens` is set."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, resolved: all that its journal key is made of, and what it is for."""

    model: Model
    messages: tuple[Message, ...]
    params: Params
    """Resolved; `max_tokens` is set."""
    use: Use
    tools: tuple[dict[str, Any], ...] = ()
    response_format: dict[str, Any] | None = None
    draw: int = 0
    """Which of several samples of the same request this is; given by the method from its place in the episode."""
    batch: bool = False
    """Whether it may wait for a day to be asked at the price of a batch; no part of the key."""
    embedding: bool = False
    """Whether the one message is a text to be turned into a vector, and not to be answered."""
    fallbacks: tuple[Fallback, ...] = ()
    """Asked in this order where the model gives no service; together they have one key."""

    def chain(self) -> tuple[Ask, ...]:
        """The request to the model itself, then to each of its fallbacks, which are asked at once in any case."""
        if not self.fallbacks:
            return (self,)
        return (
            replace(self, fallbacks=()),
            *(replace(self, model=one.model, params=one.params, batch=False, fallbacks=()) for one in self.fallbacks),
        )


class Asker(Protocol):
    """What agents need of the call layer."""

    async def ask(self, ask: Ask) -> Call:
        """The committed call, made or replayed; its `reply` is set. Raises `CallError` or `StopError`."""
        ...


class Route(Protocol):
    """A way to a model: one attempt, no retry."""

    async def ready(self) -> None:
        """Load what it needs once; attempts are timed from here on."""
        ...

    async def send(self, ask: Ask, *, attempt: int) -> Reply:
        """Raises `CallError`, typed, `transient` where another try may help."""
        ...


class Routes(Protocol):
    """The ways to all models."""

    def __call__(self, model: Model) -> Route: ...

    async def close(self) -> None:
        """Close what the routes have opened."""
        ...


class Journal(Protocol):
    """Where calls are kept. Whatever returns has been committed."""

    async def find(self, key: str) -> Call | None: ...

    async def unfinished(self, session: str) -> Mapping[str, int]:
        """How many attempts the session has made, settled or not, of each call that is not here: numbers go on."""
        ...

    async def reserve(self, attempt: Attempt) -> None: ...

    async def settle(self, attempt: Attempt) -> None:
        """Close an attempt that brought no call to an end (it will be tried again, or has failed for now)."""
        ...

    async def commit(self, call: Call, use: CallUse, attempts: Sequence[Attempt]) -> None:
        """Store a finished call, its first use and its settled last attempt, together."""
        ...

    async def used(self, use: CallUse) -> None:
        """Link one more use of a call that is there. A use that is linked to it already stays as it is: it may have
        paid."""
        ...

    async def hold(self, batch: Batch, attempts: Sequence[Attempt] = ()) -> None:
        """Keep a batch as it stands, and those of its attempts that change with it, together."""
        ...

    async def held(self, session: str) -> Sequence[tuple[Batch, Sequence[Attempt]]]:
        """The session's batches with attempts that have not been settled, and these."""
        ...

    async def spent(self, session: str) -> Mapping[str, Spent]:
        """What the session's attempts cost so far, by the name of the model."""
        ...

    async def spent_by_group(self, session: str) -> Mapping[str, Spent]:
        """The same by the group of the cast."""
        ...
