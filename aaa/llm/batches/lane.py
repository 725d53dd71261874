"""How many batches of one model may wait at its provider, as far as its account has shown."""

from __future__ import annotations

import asyncio

from aaa.errors import CallError


class Lane:
    """Batches of one model leave at will, until one finds the account's queue full: from then on one at a time."""

    def __init__(self, room: int) -> None:
        self.room = room
        """Most requests of one batch."""
        self.full: CallError | None = None
        """Why not even a single request found room, though no other batch of this run waits there."""
        self._alone = False
        self._flying = 0
        self._left = asyncio.Event()

    async def enter(self) -> None:
        """Wait for leave to send a batch."""
        while self._alone and self._flying:
            self._left.clear()
            await self._left.wait()
        self._flying += 1

    def leave(self) -> None:
        """A batch is over."""
        self._flying -= 1
        self._left.set()

    def crowd(self, requests: int) -> None:
        """A batch of so many requests did not fit: half of them may, once no other waits there."""
        self._alone, self.room = True, max(1, min(self.room, requests // 2))
