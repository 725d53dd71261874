"""Those who come at the same time go on in rounds: the first are further along before the last begin."""

from __future__ import annotations

import asyncio

from aaa.llm.turns import ROUND, Turns


async def begun_and_followed(turns: Turns, callers: int) -> list[tuple[str, int]]:
    """What so many callers do who come at once: they go on when it is their turn, then do one more step."""
    seen: list[tuple[str, int]] = []

    async def one(number: int) -> None:
        await turns.wait()
        seen.append(("on", number))
        await asyncio.sleep(0)
        seen.append(("then", number))

    await asyncio.gather(*(one(number) for number in range(callers)))
    return seen


async def test_a_crowd_goes_on_in_the_order_it_came_and_the_first_do_not_wait_for_the_last() -> None:
    seen = await begun_and_followed(Turns(), 3 * ROUND)
    assert [number for what, number in seen if what == "on"] == list(range(3 * ROUND))
    assert seen.index(("then", ROUND - 1)) < seen.index(("on", 2 * ROUND))
    assert seen.index(("then", 2 * ROUND - 1)) < seen.index(("then", 3 * ROUND - 1))


async def test_a_few_do_not_wait_at_all() -> None:
    turns = Turns()
    for _ in range(3):
        seen = await begun_and_followed(turns, ROUND)
        assert [what for what, _ in seen] == ["on"] * ROUND + ["then"] * ROUND


async def test_who_is_cancelled_takes_no_turn_from_others() -> None:
    turns = Turns()
    waiting = [asyncio.create_task(turns.wait()) for _ in range(4 * ROUND)]
    await asyncio.sleep(0)
    gone = [task for task in waiting if not task.done()][: 2 * ROUND]
    for task in gone:
        task.cancel()
    results = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), timeout=5)
    assert [isinstance(result, asyncio.CancelledError) for result in results] == [task in gone for task in waiting]
    await turns.wait()
