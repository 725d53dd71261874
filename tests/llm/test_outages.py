"""A model that stops answering: its calls wait while one of them tries, and fail at once when patience is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from asking import asked, model
from batching import until
from loopback import Loopback

from aaa.errors import CallError, InterruptedSessionError
from aaa.llm import Fallback, Gateway, OutagePolicy, RetryPolicy, open_routes, resolve_params
from aaa.store import Store, StoreJournal
from aaa.types import Call

ATTEMPTS = 2
POLICY = OutagePolicy(in_a_row=3, pause=15.0, patience=600.0)
Opener = Callable[..., AbstractAsyncContextManager[Gateway]]


class Night:
    """Time that only passes where somebody sleeps, for all who sleep at once; at `ends`, what was down comes back."""

    def __init__(self) -> None:
        self.now = 0.0
        self.ends = float("inf")
        self.stands = False
        """Whether a pause never ends."""
        self.back: Callable[[], None] = lambda: None

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        wakes_at = self.now + seconds
        await asyncio.sleep(3600 if self.stands and seconds > POLICY.pause / 2 else 0)
        self.now = max(self.now, wakes_at)
        if self.now >= self.ends:
            self.back()


@pytest.fixture
def night() -> Night:
    return Night()


@pytest.fixture
def opened(store: Store, night: Night) -> Opener:
    @asynccontextmanager
    async def open_(**options: Any) -> AsyncIterator[Gateway]:
        given: dict[str, Any] = {"outages": POLICY, "retry": RetryPolicy(attempts=ATTEMPTS, base=0.1), **options}
        journal = StoreJournal(store)
        async with Gateway(
            journal, open_routes(), session="session", sleep=night.sleep, clock=night.clock, **given
        ) as run:
            yield run

    return open_


async def answered(
    gateway: Gateway, server: Loopback, text: str, fallbacks: tuple[Fallback, ...] = (), **fields: Any
) -> str:
    """What became of a call: its text, or the kind of its error."""
    try:
        call = await gateway.ask(asked(model(api_base=server.base, **fields), text, step=text, fallbacks=fallbacks))
    except CallError as error:
        return error.kind
    assert call.reply is not None
    return call.reply.text


async def test_an_outage_is_waited_for_and_costs_few_requests(store: Store, opened: Opener, night: Night) -> None:
    async with Loopback() as server, opened() as gateway:
        assert await answered(gateway, server, "before") == "You said: before"
        server.rates, night.ends = {"500": 1.0}, 300.0
        night.back = server.rates.clear
        texts = [f"text {number}" for number in range(40)]
        found = await asyncio.gather(*(answered(gateway, server, text) for text in texts))
        # Those that failed before it was known to be down may be tried again by the next run.
        assert found.count("server") < POLICY.in_a_row
        assert sum(text.startswith("You said") for text in found) == 40 - found.count("server")
        assert night.now >= 300.0
        assert gateway.outages.now() == []
        assert gateway.outages.waiting == 0
        # All had their attempts when it broke down; from then on one call tries now and then.
        assert sum(server.seen.values()) - len(list(store.rows(Call))) <= ATTEMPTS * (40 + 300 / POLICY.pause + 2)


async def test_beyond_patience_calls_fail_at_once_until_it_is_back(opened: Opener, night: Night) -> None:
    async with Loopback() as server, opened() as gateway:
        await answered(gateway, server, "before")
        server.rates = {"500": 1.0}
        assert await asyncio.gather(*(answered(gateway, server, f"text {n}") for n in range(8))) == ["server"] * 8
        assert night.now >= POLICY.patience
        (outage,) = gateway.outages.now()
        assert (outage.model, outage.kind, outage.fate) == ("m", "server", "fail")
        asked_so_far, then = sum(server.seen.values()), night.now
        for number in range(20):
            assert await answered(gateway, server, f"late {number}") == "server"
        assert sum(server.seen.values()) - asked_so_far <= ATTEMPTS
        assert night.now - then < 1.0
        server.rates.clear()
        night.now += POLICY.pause
        assert await answered(gateway, server, "after") == "You said: after"
        assert await answered(gateway, server, "and on") == "You said: and on"
        assert gateway.outages.now() == []


async def test_a_model_that_never_answered_is_not_waited_for(opened: Opener, night: Night) -> None:
    async with Loopback(rates={"500": 1.0}) as server, opened() as gateway:
        for number in range(20):
            assert await answered(gateway, server, f"text {number}") == "server"
        assert night.now < POLICY.pause
        assert sum(server.seen.values()) <= ATTEMPTS * (POLICY.in_a_row + 1)


async def test_faults_that_others_do_not_share_are_no_outage(opened: Opener, night: Night) -> None:
    async with Loopback(rates={}) as server, opened() as gateway:
        for number in range(12):
            server.rates = {"500": 1.0} if number % 3 else {}
            expected = "server" if number % 3 else f"You said: text {number}"
            assert await answered(gateway, server, f"text {number}") == expected
        assert gateway.outages.now() == []
        assert night.now < POLICY.pause


async def test_replies_that_are_failures_show_that_the_model_is_there(opened: Opener) -> None:
    async with Loopback(answer=lambda _: "") as server, opened() as gateway:
        for number in range(8):
            assert await answered(gateway, server, f"text {number}") == "empty"
        assert gateway.outages.now() == []


async def test_others_go_on_while_one_is_down(opened: Opener, night: Night) -> None:
    async with Loopback() as well, Loopback() as ill, opened() as gateway:
        await answered(gateway, ill, "before", name="ill")
        ill.rates, night.ends = {"500": 1.0}, 60.0
        night.back = ill.rates.clear
        down = [asyncio.create_task(answered(gateway, ill, f"text {n}", name="ill")) for n in range(6)]
        await until(gateway.outages.now)
        assert await answered(gateway, well, "meanwhile", name="well") == "You said: meanwhile"
        assert sum(text == "server" for text in await asyncio.gather(*down)) < POLICY.in_a_row


async def test_an_older_call_that_gets_through_ends_the_waiting(opened: Opener, night: Night) -> None:
    async with Loopback() as server, opened() as gateway:
        await answered(gateway, server, "before")
        server.gate = held = asyncio.Event()
        older = asyncio.create_task(answered(gateway, server, "older"))
        await until(lambda: server.in_flight == 1)
        server.gate, server.rates = None, {"500": 1.0}
        await asyncio.gather(*(answered(gateway, server, f"text {n}") for n in range(POLICY.in_a_row - 1)))
        night.stands = True
        waiting = [asyncio.create_task(answered(gateway, server, f"waits {n}")) for n in range(4)]
        await until(lambda: gateway.outages.waiting == 4)
        server.rates.clear()
        held.set()
        assert await older == "You said: older"
        assert await asyncio.gather(*waiting) == [f"You said: waits {n}" for n in range(4)]


async def test_what_has_a_fallback_is_hardly_asked_while_it_is_down(opened: Opener, night: Night) -> None:
    async with Loopback(rates={"500": 1.0}) as ill, Loopback() as well, opened() as gateway:
        other = model(api_base=well.base, name="well")
        chain = {"name": "ill", "fallbacks": (Fallback(other, resolve_params(other)),)}
        for number in range(40):
            assert await answered(gateway, ill, f"text {number}", **chain) == f"You said: text {number}"
        assert sum(ill.seen.values()) == ATTEMPTS * POLICY.in_a_row
        assert [(outage.model, outage.fate) for outage in gateway.outages.now()] == [("ill", "go_elsewhere")]
        ill.rates.clear()
        night.now += POLICY.pause
        await answered(gateway, ill, "back", **chain)
        await answered(gateway, ill, "to stay", **chain)
        assert sum(ill.answered.values()) == 2
        assert gateway.outages.now() == []


async def test_calls_wait_where_none_of_a_chain_is_there(opened: Opener, night: Night) -> None:
    async with Loopback() as first, Loopback() as second, opened() as gateway:
        other = model(api_base=second.base, name="second")
        chain = {"name": "first", "fallbacks": (Fallback(other, resolve_params(other)),)}
        await answered(gateway, first, "before", **chain)
        first.rates, second.rates = {"500": 1.0}, {"500": 1.0}
        night.ends, night.back = 100.0, second.rates.clear
        texts = [f"text {number}" for number in range(20)]
        found = await asyncio.gather(*(answered(gateway, first, text, **chain) for text in texts))
        assert found.count("server") < POLICY.in_a_row
        assert sum(text.startswith("You said") for text in found) == 20 - found.count("server")
        assert sum(second.answered.values()) == 20 - found.count("server")


async def test_waiting_ends_when_the_session_is_to_stop(opened: Opener) -> None:
    stop = asyncio.Event()
    async with Loopback() as server, opened(stop=stop, outages=OutagePolicy(in_a_row=3, patience=1e9)) as gateway:
        await answered(gateway, server, "before")
        server.rates = {"500": 1.0}
        calls = [asyncio.create_task(answered(gateway, server, f"text {n}")) for n in range(6)]
        await until(lambda: gateway.outages.waiting >= 2)
        stop.set()
        ended = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(end, InterruptedSessionError) for end in ended) >= 6 - POLICY.in_a_row


async def test_a_caller_who_is_cancelled_while_it_tries_lets_another_try(opened: Opener, night: Night) -> None:
    async with Loopback() as server, opened() as gateway:
        await answered(gateway, server, "before")
        server.rates = {"500": 1.0}
        await asyncio.gather(*(answered(gateway, server, f"text {n}") for n in range(POLICY.in_a_row - 1)))
        first = asyncio.create_task(answered(gateway, server, "first"))
        await until(gateway.outages.now)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        server.rates.clear()
        assert await answered(gateway, server, "second") == "You said: second"
