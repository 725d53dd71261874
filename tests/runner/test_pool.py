"""Many flows at once: bounded, read lazily, stopped without throwing away what is under way."""

import asyncio
from collections.abc import Iterator

import pytest

from aaa.errors import BudgetError, InterruptedSessionError, StoreError
from aaa.runner import run_all


async def test_at_most_so_many_at_once_and_items_are_read_only_when_there_is_room() -> None:
    running = peak = read = 0

    def items() -> Iterator[int]:
        nonlocal read
        for item in range(50):
            read += 1
            yield item

    async def flow(_: int) -> None:
        nonlocal running, peak
        running += 1
        peak = max(peak, running)
        assert read <= done + 4
        await asyncio.sleep(0)
        running -= 1
        count()

    done = 0

    def count() -> None:
        nonlocal done
        done += 1

    await run_all(items(), flow, at_once=4, stop=asyncio.Event())
    assert (peak, done, read) == (4, 50, 50)


async def test_a_stop_error_lets_the_others_end_and_begins_nothing_new() -> None:
    begun, ended = [], []

    async def flow(item: int) -> None:
        begun.append(item)
        await asyncio.sleep(0 if item == 1 else 0.01)
        if item == 1:
            raise BudgetError("empty")
        ended.append(item)

    with pytest.raises(BudgetError, match="empty"):
        await run_all(range(10), flow, at_once=3, stop=asyncio.Event())
    assert begun == [0, 1, 2]
    assert ended == [0, 2]


async def test_an_asked_stop_ends_after_the_items_under_way() -> None:
    stop, ended = asyncio.Event(), []

    async def flow(item: int) -> None:
        stop.set()
        await asyncio.sleep(0)
        ended.append(item)

    with pytest.raises(InterruptedSessionError):
        await run_all(range(10), flow, at_once=2, stop=stop)
    assert ended == [0]


async def test_any_other_error_cancels_the_rest_and_is_raised_itself() -> None:
    cancelled = []

    async def flow(item: int) -> None:
        if item == 0:
            await asyncio.sleep(0)
            raise StoreError("damaged")
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(item)
            raise

    with pytest.raises(StoreError, match="damaged"):
        await run_all(range(3), flow, at_once=3, stop=asyncio.Event())
    assert sorted(cancelled) == [1, 2]
