"""Replies that come together are not kept together: who was first goes on while others still wait to be kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from asking import asked, model
from batching import until
from scripted import Scripted

from aaa.llm import Ask, Gateway
from aaa.llm.turns import FEW, SHARE, Turns
from aaa.store import Store, StoreJournal
from aaa.types import Attempt, Call, CallUse, Reply


class Together(Scripted):
    """Answers all at once, when its gate opens."""

    def __init__(self) -> None:
        super().__init__({"m": "yes"})
        self.gate = asyncio.Event()
        self.waiting = 0

    async def send(self, ask: Ask, *, attempt: int) -> Reply:
        self.waiting += 1
        await self.gate.wait()
        return await super().send(ask, attempt=attempt)


class Held(StoreJournal):
    """Commits once its gate is open, and notes which calls come to it and which are committed."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.gate = asyncio.Event()
        self.came: list[str] = []
        self.most = self.now = 0

    async def commit(self, call: Call, use: CallUse, attempts: Sequence[Attempt]) -> None:
        self.came.append(use.step)
        self.now += 1
        self.most = max(self.most, self.now)
        await self.gate.wait()
        await super().commit(call, use, attempts)
        self.now -= 1


@asynccontextmanager
async def burst(store: Store, calls: int) -> AsyncIterator[tuple[Gateway, Held, list[asyncio.Task[Call]]]]:
    """So many calls whose replies have come together, the first of which are about to be committed."""
    routes, journal = Together(), Held(store)
    async with Gateway(journal, routes, session="session") as gateway:
        steps = [f"{number}" for number in range(calls)]
        asks = [asyncio.create_task(gateway.ask(asked(model(), step, step=step))) for step in steps]
        await until(lambda: routes.waiting == calls)
        routes.gate.set()
        await until(lambda: len(journal.came) >= max(FEW, calls // SHARE))
        yield gateway, journal, asks


@pytest.mark.parametrize(("calls", "at_once"), [(FEW, FEW), (3 * FEW, FEW), (2 * FEW * SHARE, 2 * FEW)])
async def test_a_few_of_a_burst_are_committed_at_once_in_the_order_they_came(
    store: Store, calls: int, at_once: int
) -> None:
    async with burst(store, calls) as (_, journal, asks):
        journal.gate.set()
        await asyncio.gather(*asks)
    assert (journal.came, journal.most) == ([f"{number}" for number in range(calls)], at_once)
    assert store.count(Call) == calls


async def test_who_gives_up_waiting_holds_nobody_up(store: Store) -> None:
    async with burst(store, 3 * FEW) as (gateway, journal, asks):
        gone = asks[FEW : 2 * FEW]
        for ask in gone:
            ask.cancel()
        journal.gate.set()
        found = await asyncio.gather(*asks, return_exceptions=True)
        await gateway.ask(asked(model(), "later", step="later"))
    assert [isinstance(call, Call) for call in found] == [ask not in gone for ask in asks]
    assert store.count(Call) == 2 * FEW + 1


async def test_who_is_cancelled_with_the_turn_just_given_passes_it_on() -> None:
    turns, done, begun = Turns(lambda: 0), asyncio.Event(), []

    async def one(number: int) -> None:
        async with turns:
            begun.append(number)
            await done.wait()

    async with turns:
        tasks = [asyncio.create_task(one(number)) for number in range(FEW + 1)]
        await asyncio.sleep(0)
        before = len(begun)
    tasks[FEW - 1].cancel()
    await asyncio.wait([tasks[FEW - 1]])
    await asyncio.sleep(0)
    assert (before, begun) == (FEW - 1, [*range(FEW - 1), FEW])
    done.set()
    await asyncio.gather(*tasks, return_exceptions=True)
