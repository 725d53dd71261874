"""What single models and groups of the cast may spend."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from random import Random

import pytest
from asking import asked, model
from batching import gateway, until
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import Loopback

from aaa.errors import BudgetError, UsageError
from aaa.llm import Ask, Gateway, Use, open_routes
from aaa.llm.budget import Cost, Ledger, Payer
from aaa.scenario import Allowance, Budget
from aaa.store import Store, StoreJournal
from aaa.types import Price, Spent

PRICE = Price(input=1.0, output=10.0)
calls_of_three = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.floats(0, 2), st.floats(0, 1)), min_size=1, max_size=64
)


@settings(deadline=None)
@given(calls_of_three, st.floats(0, 10), st.floats(0, 5), st.integers(0, 9), st.integers())
def test_neither_the_whole_nor_a_model_is_overspent(
    calls: list[tuple[str, float, float]], whole: float, of_a: float, calls_of_b: int, seed: int
) -> None:
    budget = Budget(usd=whole, models={"a": Allowance(usd=of_a), "b": Allowance(calls=calls_of_b)})
    ledger, random = Ledger(budget, {}), Random(seed)
    spent = dict.fromkeys("abc", 0.0)
    made = dict.fromkeys("abc", 0)
    refused = 0

    async def call(name: str, worst: float, share: float) -> None:
        nonlocal refused
        try:
            await ledger.reserve(Payer(name, ""), Cost(worst, 1, 0))
        except BudgetError as error:
            refused += 1
            if "budget.models.a" in str(error):
                assert (name, spent["a"] + worst > of_a) == ("a", True)
            elif "budget.models.b" in str(error):
                assert (name, made["b"]) == ("b", calls_of_b)
            else:
                assert sum(spent.values()) + worst > whole - 1e-9
            return
        for _ in range(random.randrange(4)):
            await asyncio.sleep(0)
        spent[name] += worst * share
        made[name] += 1
        ledger.settle(Payer(name, ""), Cost(worst, 1, 0), Cost(worst * share, 1, 0))

    async def main() -> None:
        async with asyncio.timeout(10):
            await asyncio.gather(*(call(*one) for one in calls))

    asyncio.run(main())
    assert spent["a"] <= of_a + 1e-9
    assert made["b"] <= calls_of_b
    assert sum(spent.values()) <= whole + 1e-9
    assert sum(made.values()) + refused == len(calls)


async def test_a_model_waits_for_its_own_and_stops_at_its_own() -> None:
    ledger = Ledger(Budget(usd=9.0, models={"a": Allowance(usd=1.0)}), {"a": Spent(usd=0.25, calls=1, tokens=0)})
    await ledger.reserve(Payer("a", ""), Cost(0.5, 1, 1))
    waiting = asyncio.ensure_future(ledger.reserve(Payer("a", ""), Cost(0.5, 1, 1)))
    await asyncio.sleep(0)
    await ledger.reserve(Payer("b", ""), Cost(5.0, 1, 1))
    assert not waiting.done()
    ledger.settle(Payer("a", ""), Cost(0.5, 1, 1), Cost(0.1, 1, 1))
    await asyncio.wait_for(waiting, 1)
    with pytest.raises(
        BudgetError, match=r"budget\.models\.a\.usd = 1 only 0\.65 is left.*raise budget\.models\.a\.usd"
    ):
        await ledger.reserve(Payer("a", ""), Cost(0.7, 1, 1))


async def test_64_at_once_never_overspend_a_model_and_the_next_run_remembers(store: Store) -> None:
    async with Loopback(latency=0.01) as server:
        rich = model("rich", api_base=server.base, identity="rich@1", price=PRICE)
        poor = model("poor", api_base=server.base, identity="poor@1", price=PRICE)
        budget = Budget(models={"poor": Allowance(usd=0.0115)})
        for _ in range(2):
            async with Gateway(StoreJournal(store), open_routes(), session="session", budget=budget) as run:
                asks = [asked(one, f"question {n}", step=f"{one.name} {n}") for n in range(64) for one in (rich, poor)]
                made = await asyncio.gather(*(run.ask(ask) for ask in asks), return_exceptions=True)
            stops = [one for one in made if isinstance(one, BaseException)]
            assert stops
            assert all(isinstance(one, BudgetError) and "budget.models.poor.usd" in str(one) for one in stops)
            spent = store.spent_by_name("session")
            assert spent["poor"].usd <= 0.0115
            assert spent["rich"].calls == 64


async def test_calls_of_a_free_model_count_against_its_own_limit(store: Store) -> None:
    async with Loopback() as server:
        budget = Budget(models={"m": Allowance(calls=2)})
        async with Gateway(StoreJournal(store), open_routes(), session="session", budget=budget) as run:
            for n in range(2):
                await run.ask(asked(model(api_base=server.base), f"{n}", step=f"{n}"))
            with pytest.raises(BudgetError, match=r"budget\.models\.m\.calls"):
                await run.ask(asked(model(api_base=server.base), "3", step="3"))


async def test_a_limit_in_usd_needs_a_price(store: Store) -> None:
    unpriced = model(model="openai/nobody-knows", price=None, api_base="http://127.0.0.1:9/v1")
    budget = Budget(models={"m": Allowance(usd=2.0)})
    async with Gateway(StoreJournal(store), open_routes(), session="session", budget=budget) as run:
        with pytest.raises(UsageError, match="budget is 2 USD, but the price of model 'm'"):
            await run.ask(asked(unpriced))


@pytest.mark.parametrize(
    ("wall", "seconds"), [("8h", 28800), ("90m", 5400), ("1h30m", 5400), ("0.5s", 0.5), ("1d", 86400), (None, None)]
)
def test_wall_time_has_units(wall: str | None, seconds: float | None) -> None:
    assert Budget(wall=wall).seconds == seconds


@pytest.mark.parametrize("wall", ["8", "h", "8 hours", "-1h", "", "1h-3m", "8H"])
def test_wall_time_without_a_unit_is_refused(wall: str) -> None:
    with pytest.raises(ValueError, match="wall"):
        Budget(wall=wall)


def of_group(name: str, text: str, **more: object) -> Ask:
    said = f"{name}: {text}"
    return replace(asked(model(**more), said), use=Use("session", "episode", said, "r", name))


@pytest.mark.parametrize("batch", [False, True])
async def test_a_group_of_the_cast_never_overspends_and_the_next_run_remembers(store: Store, batch: bool) -> None:
    async with Loopback(latency=0.01) as server:
        budget = Budget(cast={"judges": Allowance(calls=3, usd=1.0)})
        for _ in range(2):
            async with gateway(store, budget=budget) as run:
                asks = [
                    replace(of_group(group, str(n), api_base=server.base, price=PRICE), batch=batch)
                    for n in range(8)
                    for group in ("judges", "critics")
                ]
                made = await asyncio.gather(*(run.ask(ask) for ask in asks), return_exceptions=True)
            by_group = store.spent_by_group("session")
            assert (by_group["judges"].calls, by_group["critics"].calls) == (3, 8)
            stops = [one for one in made if isinstance(one, BaseException)]
            assert len(stops) == 5
            assert all(isinstance(one, BudgetError) and "budget.cast.judges.calls" in str(one) for one in stops)


async def test_what_a_group_has_in_flight_at_a_kill_counts_as_spent(store: Store) -> None:
    gate = asyncio.Event()
    async with Loopback(gate=gate) as server:
        budget = Budget(cast={"judges": Allowance(calls=1)})
        async with gateway(store, budget=budget) as run:
            gone = asyncio.ensure_future(run.ask(of_group("judges", "gone", api_base=server.base)))
            await until(lambda: server.in_flight)
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)
        gate.set()
        async with gateway(store, budget=budget) as run:
            with pytest.raises(BudgetError, match=r"budget\.cast\.judges\.calls"):
                await run.ask(of_group("judges", "another", api_base=server.base))


async def test_a_groups_limit_in_usd_needs_a_price(store: Store) -> None:
    unpriced = of_group("judges", "x", model="openai/nobody-knows", price=None, api_base="http://127.0.0.1:9/v1")
    async with gateway(store, budget=Budget(cast={"judges": Allowance(usd=2.0)})) as run:
        with pytest.raises(UsageError, match="budget is 2 USD, but the price of model 'm'"):
            await run.ask(unpriced)
