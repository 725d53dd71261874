"""Many items at once: a bounded number of flows, each following one item through its stages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from aaa.errors import InterruptedSessionError

T = TypeVar("T")


async def run_all(
    items: Iterable[T], flow: Callable[[T], Awaitable[None]], *, at_once: int, stop: asyncio.Event
) -> None:
    """Run `flow` over `items`, at most `at_once` at a time, reading `items` only as places fall free.

    When `stop` is set no further item begins; when a flow raises, the others are cancelled and the error is raised
    (what they committed stays). Memory is bounded by `at_once`.
    """
    queue = iter(items)

    async def worker() -> None:
        for item in queue:
            if stop.is_set():
                raise InterruptedSessionError("Stopped as asked; run the same command again to go on.")
            await flow(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(worker())
    except BaseExceptionGroup as errors:
        raise _first(errors) from errors


def _first(error: BaseException) -> BaseException:
    """The first single error of a group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
