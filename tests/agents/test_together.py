"""Work that is done at once: nothing that was begun is left behind."""

import asyncio

import pytest

from aaa.agents import together


async def after(seconds: float, value: int, ended: list[int]) -> int:
    try:
        await asyncio.sleep(seconds)
        if value < 0:
            raise ValueError(value)
        return value
    finally:
        await asyncio.sleep(0)  # what cleaning up waits for is awaited, too
        ended.append(value)


@pytest.mark.parametrize("values", [[], [1], [1, 2, 3]])
async def test_results_come_in_the_order_of_the_work(values: list[int]) -> None:
    assert await together(after(0.01 / value, value, []) for value in values) == values


async def test_an_error_that_is_handed_on_is_a_result() -> None:
    async def handed(error: Exception) -> Exception:
        return error

    errors = [ValueError("one"), ValueError("other")]
    assert await together(map(handed, errors)) == errors


@pytest.mark.parametrize("values", [[-1], [-2, 1], [1, -1, -2]])
async def test_an_error_waits_for_the_others_and_the_first_in_order_counts(values: list[int]) -> None:
    ended: list[int] = []
    with pytest.raises(ValueError, match=str(next(value for value in values if value < 0))):
        await together(after(0.001 * (2 + value), value, ended) for value in values)
    assert sorted(ended) == sorted(values)


@pytest.mark.parametrize("values", [[1], [1, 2, 3]])
async def test_cancelling_ends_all_of_it(values: list[int]) -> None:
    ended: list[int] = []
    task = asyncio.create_task(together(after(60, value, ended) for value in values))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sorted(ended) == values
