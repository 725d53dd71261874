"""Waiting that ends when the session is to stop: what has not left need not leave."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from aaa.errors import InterruptedSessionError
from aaa.llm.limits import Sleep


def check(stop: asyncio.Event) -> None:
    """Raise `InterruptedSessionError` if `stop` is set."""
    if stop.is_set():
        raise InterruptedSessionError("Stopped as asked. What is done is kept: run the same command again to go on.")


def stoppable(sleep: Sleep, stop: asyncio.Event) -> Sleep:
    """`sleep`, but `InterruptedSessionError` as soon as `stop` is set."""

    async def nap(seconds: float) -> None:
        await first_of(sleep(seconds), stop.wait())
        check(stop)

    return nap


async def first_of(*waits: Awaitable[object]) -> None:
    """Return when the first of them ends; the others are cancelled."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
