"""The budget holds, however many call at once."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aaa.errors import BudgetError
from aaa.llm.budget import Cost, Ledger, Payer
from aaa.scenario import Budget
from aaa.types import Spent

M = Payer("m", "")

worsts = st.lists(st.tuples(st.floats(0, 2), st.integers(0, 50), st.floats(0, 1)), min_size=1, max_size=64)


@settings(deadline=None)
@given(worsts, st.floats(0, 10), st.integers(0, 30), st.integers(0, 500), st.integers())
def test_parallel_calls_never_overshoot_and_stop_only_when_nothing_could_free_enough(
    worsts: list[tuple[float, int, float]], usd: float, calls: int, tokens: int, seed: int
) -> None:
    """Each call reserves its worst case, takes some turns, and settles at a share of it."""
    budget, random = Budget(usd=usd, calls=calls, tokens=tokens), Random(seed)
    ledger = Ledger(budget, {})
    refused: list[Cost] = []

    async def call(worst: Cost, share: float) -> None:
        try:
            await ledger.reserve(M, worst)
        except BudgetError:
            refused.append(worst)
            spent = ledger.spent
            assert spent.usd + worst.usd > usd or spent.calls + 1 > calls or spent.tokens + worst.tokens > tokens
            return
        for _ in range(random.randrange(4)):
            await asyncio.sleep(0)
        ledger.settle(M, worst, Cost(worst.usd * share, 1, int(worst.tokens * share)))

    async def main() -> None:
        async with asyncio.timeout(10):
            await asyncio.gather(*(call(Cost(money, 1, many), share) for money, many, share in worsts))

    asyncio.run(main())
    assert ledger.spent.usd <= usd + 1e-9
    assert ledger.spent.calls <= calls
    assert ledger.spent.tokens <= tokens
    assert ledger.spent.calls + len(refused) == len(worsts)


async def test_what_does_not_fit_now_waits_for_others_to_settle() -> None:
    ledger = Ledger(Budget(usd=1.0), {})
    await ledger.reserve(M, Cost(0.8, 1, 1))
    waiting = asyncio.ensure_future(ledger.reserve(M, Cost(0.5, 1, 1)))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    ledger.settle(M, Cost(0.8, 1, 1), Cost(0.1, 1, 1))
    await asyncio.wait_for(waiting, 1)


async def test_earlier_runs_count() -> None:
    ledger = Ledger(Budget(usd=1.0, calls=5), {"m": Spent(usd=0.9, calls=1, tokens=0)})
    with pytest.raises(BudgetError, match=r"only 0\.1 is left.*raise budget\.usd"):
        await ledger.reserve(M, Cost(0.2, 1, 1))


async def test_a_budget_can_be_used_to_the_last_call() -> None:
    ledger = Ledger(Budget(calls=3), {})
    for _ in range(3):
        await ledger.reserve(M, Cost(0.1, 1, 1))
        ledger.settle(M, Cost(0.1, 1, 1), Cost(0.1, 1, 1))
    with pytest.raises(BudgetError, match=r"budget\.calls = 3 only 0 is left"):
        await ledger.reserve(M, Cost(0.0, 1, 0))


async def test_without_a_budget_all_is_only_counted() -> None:
    ledger = Ledger(Budget(), {})
    await ledger.reserve(M, Cost(1e9, 1, 10**9))
    ledger.settle(M, Cost(1e9, 1, 10**9), Cost(1e9, 1, 10**9))
    assert ledger.spent == Cost(1e9, 1, 10**9)
