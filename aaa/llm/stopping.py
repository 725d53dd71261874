"""Waiting that ends when the session is to stop: what has not left need not leave."""

from __future__ import annotations

import asyncio

from aaa.errors import InterruptedSessionError
from aaa.llm.limits import Sleep


def check(stop: asyncio.Event) -> None:
    """Raise `InterruptedSessionError` if `stop` is set."""
    if stop.is_set():
        raise InterruptedSessionError("Stopped as asked. What is done is kept: run the same command again to go on.")


def stoppable(sleep: Sleep, stop: asyncio.Event) -> Sleep:
    """`sleep`, but `InterruptedSessionError` as soon as `stop` is set."""

    async def nap(seconds: float) -> None:
        waits = {asyncio.ensure_future(sleep(seconds)), asyncio.ensure_future(stop.wait())}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        check(stop)

    return nap
