"""Several readings at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from aaa.agents import Agent, failure_row
from aaa.errors import WorkError
from aaa.types import Failure, Judgment, Place

T = TypeVar("T")


async def together(work: Iterable[Awaitable[T]]) -> list[T]:
    """All results, in the order of `work`. If one raises, the others are cancelled and awaited, and it is raised."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def judged(
    juror: Agent, place: Place, step: str, reading: Callable[[], Awaitable[Judgment]]
) -> Judgment | Failure:
    """The judgment, or the row that says why this juror gave none: one juror must not cost the panel its verdict."""
    try:
        return await reading()
    except WorkError as error:
        return failure_row(error, place, step=step, role=juror.role, model=juror.name)
