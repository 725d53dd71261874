"""How a session that was asked to stop makes no further call, while those in flight come home."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aaa.errors import InterruptedSessionError
from aaa.llm import Ask, Asker
from aaa.types import Call


@dataclass(frozen=True)
class Stoppable:
    """An `Asker` that refuses new calls once `stop` is set."""

    asker: Asker
    stop: asyncio.Event

    async def ask(self, ask: Ask) -> Call:
        """See `Asker`. Raises `InterruptedSessionError` after the stop."""
        if self.stop.is_set():
            raise interrupted()
        return await self.asker.ask(ask)


def interrupted() -> InterruptedSessionError:
    """The error that ends a session at the user's word."""
    return InterruptedSessionError("Stopped as asked. What is done is kept: run the same command again to go on.")
