"""Several calls, or what makes them, at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def together(work: Iterable[Awaitable[T]]) -> list[T]:
    """All results, in the order of `work`. If one raises, the others are awaited first: their calls may be paid for.

    If this is cancelled, all are cancelled and awaited.
    """
    each = list(work)
    if len(each) == 1:  # as nearly always with one member, juror or pair: it needs no task of its own
        return [await each[0]]
    tasks = [asyncio.ensure_future(one) for one in each]
    await asyncio.gather(*tasks, return_exceptions=True)  # whose cancelling, too, awaits all
    return [task.result() for task in tasks]  # an error may be a result: some hand theirs on
