"""Calls that come back at the same time are committed a few at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from types import TracebackType

FEW = 16
"""How many may be committed at once in any case (ours)."""
SHARE = 8
"""One in so many of the calls in flight may be, where that is more (ours): with a thousand of them, commits of 16 would
cost more than spreading them saves."""


class Turns:
    """Lets what follows from the first replies begin before the last are committed, as an async context manager.

    An event loop does one step for all that wait before it does the next for any. Calls that left together would so
    come back together, be committed together and leave together again, and between two bursts nobody would work. As
    only a few are committed at once, in the order in which they came, they are spread after a round trip or two.
    """

    def __init__(self, in_flight: Callable[[], int]) -> None:
        self._in_flight = in_flight
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._gone = 0
        """How many have their turn now."""

    async def __aenter__(self) -> None:
        if self._has_room() and not self._waiting:
            self._gone += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()  # it had its turn already
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        """Let the next go on; who was cancelled meanwhile takes no turn."""
        self._gone -= 1
        while self._waiting and self._has_room():
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                self._gone += 1

    def _has_room(self) -> bool:
        return self._gone < max(FEW, self._in_flight() // SHARE)
