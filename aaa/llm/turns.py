"""Replies that came at the same time are taken up one after another."""

from __future__ import annotations

import asyncio
from collections import deque

ROUND = 32
"""How many go on in one round of the event loop (ours: no wait for as many as a fast server answers at once)."""


class Turns:
    """Lets what follows from the first replies begin before the last are taken up.

    An event loop does one step for all that wait before it does the next for any. A thousand calls that left together
    would so come back together, be kept together and leave together again, and between two bursts nobody would work.
    Taken up in rounds, the first leave while others are still kept, and after a round trip or two they are spread.
    """

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._gone = 0
        """How many have gone on in this round."""

    async def wait(self) -> None:
        """Return when it is the caller's turn: at once, unless a round's number went on before it in this round."""
        loop = asyncio.get_running_loop()
        if self._gone < ROUND:
            if not self._gone:
                loop.call_soon(self._next_round)
            self._gone += 1
            return
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting.append(turn)
        await turn

    def _next_round(self) -> None:
        """Let the next go on, in the order in which they came; who was cancelled meanwhile takes no turn."""
        self._gone = 0
        while self._waiting and self._gone < ROUND:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                self._gone += 1
        if self._gone:
            asyncio.get_running_loop().call_soon(self._next_round)
