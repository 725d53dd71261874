"""Runs that end before their batches, and connections that break: nothing is lost, nothing is paid twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from asking import asked, model
from batching import PRICE, TEXTS, ask_all, echoed, gateway, killed_when, said, spent_on_calls, until
from loopback import Loopback

from aaa.errors import BudgetError, CallError, InterruptedSessionError
from aaa.llm import BatchPolicy
from aaa.scenario import Budget
from aaa.store import Store
from aaa.types import Attempt, Batch, Call


async def test_a_killed_run_is_followed_by_one_that_collects_its_batch(tmp_path: Path) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base, price=PRICE)
        server.batches.held = True
        with Store.open(tmp_path / "aaa.db") as store:
            await killed_when(store, "submitted", one, TEXTS)
            assert store.count(Call) == 0
        server.batches.held = False
        with Store.open(tmp_path / "aaa.db") as store:
            async with gateway(store) as run:
                assert said(await ask_all(run, one, TEXTS)) == echoed(TEXTS)
            assert store.spent("session").usd == pytest.approx(spent_on_calls(store))
            assert [batch.state for batch in store.rows(Batch)] == ["completed"]
        assert len(server.batches.batches) == 1


async def test_a_killed_run_that_had_collected_a_part_collects_the_rest(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base, price=PRICE)
        server.batches.held = True
        await killed_when(store, "submitted", one, TEXTS)
        server.batches.held = False
        async with gateway(store) as run:
            await ask_all(run, one, TEXTS[:1])
        assert store.count(Call) == 1
        async with gateway(store) as run:
            assert said(await ask_all(run, one, [*TEXTS, "five"])) == echoed([*TEXTS, "five"])
        assert [len(lines) for lines in server.batches.lines] == [4, 1]
    assert store.spent("session").usd == pytest.approx(spent_on_calls(store))


async def test_a_live_run_takes_what_an_ended_batch_has_brought(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base)
        server.batches.held = True
        await killed_when(store, "submitted", one, TEXTS)
        server.batches._go_on(server.batches.batches["batch_1"])
        server.batches.held = False
        async with gateway(store) as run:
            assert said(await ask_all(run, one, TEXTS, batch=False)) == echoed(TEXTS)
        assert server.requests == []


async def test_a_live_run_does_not_wait_for_an_open_batch(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base)
        server.batches.held = True
        await killed_when(store, "submitted", one, TEXTS)
        async with gateway(store) as run:
            assert said(await ask_all(run, one, TEXTS, batch=False)) == echoed(TEXTS)
        assert len(server.requests) == 4


async def test_what_an_open_batch_may_cost_counts_until_it_ends(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base, price=PRICE)
        server.batches.held = True
        await killed_when(store, "submitted", one, TEXTS)
        (batch,) = store.rows(Batch)
        assert store.spent("session").usd == pytest.approx(batch.usd)
        async with gateway(store, budget=Budget(usd=batch.usd)) as run:
            waiting = asyncio.ensure_future(ask_all(run, one, ["five"]))
            await asyncio.sleep(0.1)
            assert not waiting.done()
            server.batches.held = False
            assert said(await waiting) == echoed(["five"])
        async with gateway(store, budget=Budget(usd=0.1)) as run:
            with pytest.raises(BudgetError):
                await ask_all(run, one, ["six"])


@pytest.mark.parametrize("path", ["/v1/files", "/v1/batches", "/v1/batches/batch_1", "/content"])
async def test_a_connection_that_breaks_costs_no_second_batch(store: Store, path: str) -> None:
    async with Loopback() as server:
        server.batches.breaks = [path]
        async with gateway(store) as run:
            assert said(await ask_all(run, model(api_base=server.base), TEXTS)) == echoed(TEXTS)
        assert server.batches.breaks == []
        assert len(server.batches.batches) == 1


async def test_a_file_that_is_not_there_yet_is_waited_for(store: Store) -> None:
    async with Loopback() as server:
        server.batches.unready = 2
        async with gateway(store) as run:
            assert said(await ask_all(run, model(api_base=server.base), TEXTS)) == echoed(TEXTS)
        assert (len(server.batches.files), len(server.batches.batches)) == (2, 1)


async def test_looks_that_fail_are_borne_with_and_then_left_to_the_next_run(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base, price=PRICE)
        patient, hasty = BatchPolicy(idle=0.02, poll=0.01, missed=4), BatchPolicy(idle=0.02, poll=0.01, missed=3)
        server.batches.breaks = ["/v1/batches/batch_1"] * 3
        async with gateway(store, policy=patient) as run:
            assert said(await ask_all(run, one, ["before"])) == echoed(["before"])
        spent = store.spent("session").usd
        server.batches.breaks = ["/v1/batches/batch_2"] * 10
        async with gateway(store, policy=hasty, budget=Budget(usd=spent + 5.0)) as run:
            with pytest.raises(CallError) as caught:
                await ask_all(run, one, TEXTS)
            assert (caught.value.kind, caught.value.transient) == ("connection", True)
            with pytest.raises(BudgetError):  # what is open counts as spent
                await ask_all(run, one, ["after"])
        server.batches.breaks = []
        async with gateway(store) as run:
            assert said(await ask_all(run, one, TEXTS)) == echoed(TEXTS)
        assert len(server.batches.batches) == 2


async def test_a_batch_whose_id_was_never_heard_is_found_by_its_mark(store: Store, tmp_path: Path) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base)
        async with gateway(store) as run:
            await ask_all(run, one, ["before"])
        server.batches.breaks = ["/v1/batches"]
        async with gateway(store, tries=1) as run:
            with pytest.raises(CallError):
                await ask_all(run, one, TEXTS)
        assert {batch.state for batch in store.rows(Batch)} == {"completed", "reserved"}
        with Store.open(tmp_path / "others.db") as others:
            async with gateway(others) as run:
                await ask_all(run, one, ["after"])  # a newer batch lies before it in the provider's list
        async with gateway(store) as run:
            assert said(await ask_all(run, one, TEXTS)) == echoed(TEXTS)
        assert [len(lines) for lines in server.batches.lines] == [1, 4, 1]


async def test_a_batch_that_never_arrived_is_sent_anew(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base, price=PRICE)
        server.batches.breaks = ["/v1/batches"]
        async with gateway(store, tries=1) as run:
            with pytest.raises(CallError) as caught:
                await ask_all(run, one, TEXTS)
            assert caught.value.transient
        server.batches.batches.clear()
        async with gateway(store) as run:
            assert said(await ask_all(run, one, TEXTS)) == echoed(TEXTS)
        assert [len(lines) for lines in server.batches.lines] == [4]
    assert store.spent("session").usd == pytest.approx(spent_on_calls(store))
    assert sorted(batch.state for batch in store.rows(Batch)) == ["completed", "failed"]


async def test_an_upload_that_is_refused_leaves_nothing_open(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base, price=PRICE)
        server.batches.breaks = ["/v1/files"]
        async with gateway(store, tries=1) as run:
            with pytest.raises(CallError):
                await ask_all(run, one, TEXTS)
            assert store.spent("session").usd == 0
            assert said(await ask_all(run, one, TEXTS)) == echoed(TEXTS)
        assert len(server.batches.batches) == 1


async def test_a_stop_lets_go_of_batches_and_the_next_run_collects_them(store: Store) -> None:
    stop = asyncio.Event()
    async with Loopback() as server:
        one = model(api_base=server.base)
        server.batches.held = True
        async with gateway(store, stop=stop) as run:
            waiting = [asyncio.ensure_future(ask_all(run, one, [text])) for text in TEXTS]
            await until(lambda: store.count(Batch, state="submitted"))
            stop.set()
            ends = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(end) for end in ends] == [InterruptedSessionError] * 4
        server.batches.held = False
        async with gateway(store) as run:
            assert said(await ask_all(run, one, TEXTS)) == echoed(TEXTS)
        assert len(server.batches.batches) == 1


async def test_a_stop_lets_go_of_those_who_wait_for_what_a_batch_may_give_back(store: Store) -> None:
    stop = asyncio.Event()
    async with Loopback() as server:
        one = model(api_base=server.base)
        server.batches.held = True
        async with gateway(store, stop=stop, budget=Budget(tokens=1200)) as run:
            waiting = [asyncio.ensure_future(ask_all(run, one, [text], batch=text == "one")) for text in ("one", "two")]
            await until(lambda: store.count(Batch, state="submitted"))
            stop.set()
            ends = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(end) for end in ends] == [InterruptedSessionError] * 2


async def test_a_stop_waits_for_live_calls_and_sends_no_batch(store: Store) -> None:
    stop = asyncio.Event()
    async with Loopback(latency=0.2) as server:
        one = model(api_base=server.base)
        async with gateway(store, stop=stop) as run:
            live = asyncio.ensure_future(run.ask(asked(one, "live")))
            waiting = asyncio.ensure_future(ask_all(run, one, TEXTS))
            await asyncio.sleep(0.05)
            stop.set()
            await asyncio.sleep(0.05)
            assert not waiting.done()
            assert (await live).reply.text == "You said: live"
            with pytest.raises(InterruptedSessionError):
                await waiting
        assert server.batches.files == {}
    assert store.count(Attempt, state="reserved") == 0


async def test_an_unreachable_batch_is_kept_for_the_next_run(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base)
        server.batches.held = True
        await killed_when(store, "submitted", one, TEXTS)
        hidden, server.batches.batches = server.batches.batches, {}
        async with gateway(store) as run:
            with pytest.raises(CallError) as caught:
                await ask_all(run, one, TEXTS)
            assert caught.value.kind == "not_found"
            assert server.batches.looks < 10
        server.batches.batches, server.batches.held = hidden, False
        async with gateway(store) as run:
            assert said(await ask_all(run, one, TEXTS)) == echoed(TEXTS)
        assert len(server.batches.batches) == 1
