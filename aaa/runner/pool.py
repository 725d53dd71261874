"""Many items at once: a bounded number of flows, each following one item through its stages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from aaa.errors import StopError
from aaa.llm.stopping import check

T = TypeVar("T")


async def run_all(
    items: Iterable[T], flow: Callable[[T], Awaitable[None]], *, at_once: int, stop: asyncio.Event
) -> None:
    """Run `flow` over `items`, at most `at_once` at a time, reading `items` only as places fall free.

    When `stop` is set, or a flow raises `StopError`, no further item begins, the others go on until they end or stop
    by themselves (a call in flight may be paid for: it is not thrown away), and the error is raised. Any other error
    cancels the others and is raised. Memory is bounded by `at_once`.
    """
    queue = iter(items)
    stopped: list[StopError] = []

    async def worker() -> None:
        for item in queue:
            if stopped:
                return
            try:
                check(stop)
                await flow(item)
            except StopError as error:
                stopped.append(error)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(worker())
    except BaseExceptionGroup as errors:
        raise _first(errors) from errors
    if stopped:
        raise stopped[0]


def _first(error: BaseException) -> BaseException:
    """The first single error of a group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
