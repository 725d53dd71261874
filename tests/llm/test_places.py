"""A model at several places: who gets a request, who rests, and what the rows say. Over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from asking import asked, model
from hypothesis import given
from hypothesis import strategies as st
from loopback import Fault, Loopback

from aaa.errors import CallError
from aaa.llm import Gateway, RetryPolicy, call_key, missing_key, open_routes
from aaa.llm.pools import REST, Pool
from aaa.store import Store, StoreJournal
from aaa.types import Attempt, Call, Deployment, Model

Opener = Callable[..., AbstractAsyncContextManager[Gateway]]


class Time:
    """A clock that only naps move."""

    def __init__(self) -> None:
        self.now = 0.0
        self.naps: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.naps.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def opened(store: Store, time: Time) -> Opener:
    @asynccontextmanager
    async def open_(**options: Any) -> AsyncIterator[Gateway]:
        options = {"session": "session", "sleep": time.sleep, "clock": time.clock, **options}
        async with Gateway(StoreJournal(store), open_routes(), **options) as gateway:
            yield gateway

    return open_


def served(*deployments: dict[str, Any], **fields: Any) -> Model:
    places = tuple(Deployment.model_validate(deployment) for deployment in deployments)
    return model(identity="m@1", deployments=places, **fields)


def at(*servers: Loopback, **fields: Any) -> Model:
    return served(*({"api_base": server.base} for server in servers), **fields)


async def test_requests_are_spread_and_rows_say_where_they_went(store: Store, opened: Opener) -> None:
    async with Loopback(latency=0.05) as one, Loopback(latency=0.05) as two, opened() as gateway:
        pool = at(one, two)
        calls = await asyncio.gather(*(gateway.ask(asked(pool, f"question {n}", step=f"{n}")) for n in range(20)))
    assert (len(one.requests), len(two.requests)) == (10, 10)
    for call in calls:
        assert call.reply is not None
        server = next(server for server in (one, two) if server.base == call.reply.deployment)
        assert any(body["messages"] == call.request["messages"] for body in server.requests)
    stored = [call.reply.deployment for call in store.rows(Call) if call.reply]
    assert sorted(stored, key=str) == sorted([one.base] * 10 + [two.base] * 10)


async def test_one_request_after_the_other_is_spread_too(opened: Opener) -> None:
    async with Loopback() as one, Loopback() as two, opened() as gateway:
        for n in range(6):
            await gateway.ask(asked(at(one, two), f"question {n}", step=f"{n}"))
    assert (len(one.requests), len(two.requests)) == (3, 3)


@pytest.mark.parametrize("kind", ["500", "429", "reset", "truncated", "401", "404"])
async def test_a_place_that_fails_rests_and_the_call_goes_on_elsewhere_at_once(
    kind: str, opened: Opener, time: Time
) -> None:
    dead = Loopback(marked={"question": Fault(kind)})
    async with dead, Loopback() as alive, opened() as gateway:
        for n in range(10):
            call = await gateway.ask(asked(at(dead, alive), f"question {n}", step=f"{n}"))
            assert call.reply is not None
            assert call.reply.deployment == alive.base
    assert len(dead.requests) == 1
    assert len(alive.requests) == 10
    assert gateway.tally.failed == 0
    assert sum(time.naps) == 0


@pytest.mark.parametrize(("headers", "rest"), [({}, REST), ({"Retry-After": "7"}, 7.0)])
async def test_a_place_comes_back_after_its_rest(
    headers: dict[str, str], rest: float, opened: Opener, time: Time
) -> None:
    async with Loopback(faults=[Fault("503", headers)]) as one, Loopback() as two, opened() as gateway:
        pool = at(one, two)
        for n in range(3):
            await gateway.ask(asked(pool, f"early {n}", step=f"{n}"))
        assert (len(one.requests), len(two.requests)) == (1, 3)
        time.now += rest - 0.1
        await gateway.ask(asked(pool, "almost", step="almost"))
        assert len(one.requests) == 1
        time.now += 0.2
        await gateway.ask(asked(pool, "late", step="late"))
        assert len(one.requests) == 2


async def test_where_all_places_fail_the_one_retry_layer_gives_up_and_the_next_run_tries_again(
    store: Store, opened: Opener
) -> None:
    dead = [Loopback(marked={"hello": Fault("500")}) for _ in range(2)]
    async with dead[0], dead[1]:
        async with opened(retry=RetryPolicy(attempts=4)) as gateway:
            with pytest.raises(CallError) as failed:
                await gateway.ask(asked(at(*dead)))
        assert failed.value.transient
        assert sum(len(server.requests) for server in dead) == 4
        assert all(server.requests for server in dead)
        for server in dead:
            server.marked = {}
        async with opened() as gateway:
            assert (await gateway.ask(asked(at(*dead)))).reply
    assert store.count(Call) == 1


async def test_a_key_refused_at_all_places_is_not_tried_again_and_again(opened: Opener) -> None:
    servers = [Loopback(marked={"hello": Fault("401")}) for _ in range(2)]
    async with servers[0], servers[1], opened() as gateway:
        for n in range(5):
            with pytest.raises(CallError) as failed:
                await gateway.ask(asked(at(*servers), f"hello {n}", step=f"{n}"))
            assert failed.value.kind == "auth"
    assert [len(server.requests) for server in servers] == [1, 1]


async def test_places_have_limits_models_and_keys_of_their_own(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY_ONE", "key-of-place-one")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-provider")
    async with Loopback(latency=0.05) as one, Loopback(latency=0.05) as two, opened() as gateway:
        pool = served(
            {"api_base": one.base, "api_key_env": "KEY_ONE", "model": "openai/other-name"},
            {"api_base": two.base, "concurrency": 1},
            concurrency=3,
        )
        await asyncio.gather(*(gateway.ask(asked(pool, f"question {n}", step=f"{n}")) for n in range(12)))
    assert (one.peak, two.peak) == (3, 1)
    assert (len(one.requests), len(two.requests)) == (9, 3)
    assert {body["model"] for body in one.requests} == {"other-name"}
    assert {body["model"] for body in two.requests} == {"test-model"}
    assert {headers["Authorization"] for headers in one.headers} == {"Bearer key-of-place-one"}
    assert {headers["Authorization"] for headers in two.headers} == {"Bearer none"}


async def test_attempts_are_paid_for_at_the_price_of_their_model(store: Store, opened: Opener) -> None:
    async with Loopback(marked={"hello": Fault("500")}) as one, Loopback() as two, opened() as gateway:
        pool = at(one, two, price={"input": 1.0, "output": 2.0})
        call = await gateway.ask(asked(pool))
    assert call.usd
    attempts = list(store.rows(Attempt))
    assert [attempt.model for attempt in attempts] == ["m", "m"]
    assert sum(attempt.usd or 0.0 for attempt in attempts) == pytest.approx(call.usd)


def test_a_pool_has_one_key_whatever_its_places() -> None:
    one = served({"api_base": "http://127.0.0.1:1/v1"})
    two = served({"api_base": "http://127.0.0.1:2/v1"}, {"api_base": "http://127.0.0.1:3/v1", "rpm": 4})
    alone = model(identity="m@1", api_base="http://127.0.0.1:4/v1")
    assert len({call_key(asked(each)) for each in (one, two, alone)}) == 1


def test_a_missing_key_of_any_place_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HERE", "x")
    here, there = ({"api_base": "http://127.0.0.1:1/v1", "api_key_env": name} for name in ("HERE", "THERE"))
    assert missing_key(served(here)) is None
    assert missing_key(served(here, there)) == "THERE"


@given(
    st.lists(st.tuples(st.integers(1, 9), st.floats(0.5, 4)), min_size=1, max_size=4),
    st.lists(st.integers(0, 99), max_size=80),
)
def test_no_place_gets_more_than_its_share(places: list[tuple[int, float]], leaving: list[int]) -> None:
    """Requests enter one by one, and now and then one leaves: nobody could have taken the last one better."""
    pool = Pool(
        served(*({"api_base": f"http://h{n}/v1", "rpm": rpm, "weight": w} for n, (rpm, w) in enumerate(places))),
        clock=lambda: 0.0,
    )
    inside = []
    for draw in leaving:
        place = pool.enter()
        others = {id(other): other for other in inside if other is not place}.values()
        assert all(place.busy / place.capacity <= (other.busy + 1) / other.capacity + 1e-9 for other in others)
        inside.append(place)
        if draw % 3 == 0:
            pool.leave(inside.pop(draw % len(inside)), None)
    assert sum({id(place): place.busy for place in inside}.values()) == len(inside)
