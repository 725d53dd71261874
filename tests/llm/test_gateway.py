"""The gateway over a real store and real HTTP: journal, one retry layer, shared flights, budget."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from asking import asked, model
from batching import until
from loopback import Fault, Loopback, completion
from scripted import Scripted

from aaa.errors import BudgetError, CallError, InterruptedSessionError, UsageError
from aaa.llm import Ask, Gateway, RetryPolicy, open_routes
from aaa.llm.request import completion_bound, prompt_tokens
from aaa.scenario import Budget
from aaa.store import Store, StoreJournal
from aaa.types import Attempt, Call, CallUse, Price, Reply

PRICE = Price(input=1.0, output=10.0)
Opener = Callable[..., AbstractAsyncContextManager[Gateway]]


class Naps:
    """Sleeps that take no time but move a clock of their own, and are remembered."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    def clock(self) -> float:
        return sum(self.taken)

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def opened(store: Store, naps: Naps) -> Opener:
    @asynccontextmanager
    async def open_(**options: Any) -> AsyncIterator[Gateway]:
        options = {"session": "session", "sleep": naps, "clock": naps.clock, **options}
        async with Gateway(StoreJournal(store), open_routes(), **options) as gateway:
            yield gateway

    return open_


async def test_a_call_is_made_once_and_replayed_ever_after(store: Store, opened: Opener) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base, identity="m@1")
        async with opened() as gateway:
            made = await gateway.ask(asked(one))
            assert made.reply is not None
            assert (made.reply.text, made.reply.answered_by, made.attempts) == ("You said: hello", "m", 1)
            assert store.get(Call, made.id) == made
            again = await gateway.ask(asked(one, step="later"))
        async with opened() as other:
            third = await other.ask(asked(one.model_copy(update={"name": "another"}), step="other"))
    assert again == made
    assert third.reply is not None
    assert third.reply.answered_by == "another"
    assert len(server.requests) == 1
    uses = {use.step: use for use in store.rows(CallUse)}
    assert {step: (use.paid, use.call) for step, use in uses.items()} == {
        "step": (True, made.id),
        "later": (False, made.id),
        "other": (False, made.id),
    }
    assert (gateway.tally.made, gateway.tally.replayed, other.tally.made, other.tally.replayed) == (1, 1, 0, 1)


async def test_a_use_that_paid_stays_paid_when_its_episode_runs_again(store: Store, opened: Opener) -> None:
    async with Loopback() as server:
        for _ in range(2):
            async with opened() as gateway:
                await gateway.ask(asked(model(api_base=server.base)))
    assert [use.paid for use in store.rows(CallUse)] == [True]


async def test_equal_requests_in_flight_share_one_call(store: Store, opened: Opener) -> None:
    async with Loopback(latency=0.05) as server, opened() as gateway:
        one = model(api_base=server.base)
        calls = await asyncio.gather(*(gateway.ask(asked(one, step=f"{i}")) for i in range(20)))
    assert len(server.requests) == 1
    assert len({call.id for call in calls}) == 1
    assert sorted(use.paid for use in store.rows(CallUse)) == [False] * 19 + [True]


async def test_draws_are_calls_of_their_own(opened: Opener) -> None:
    async with Loopback() as server, opened() as gateway:
        one = model(api_base=server.base)
        await asyncio.gather(*(gateway.ask(asked(one, step=f"{i}", draw=i)) for i in range(3)))
    assert len(server.requests) == 3


async def test_when_the_one_who_asked_first_is_stopped_another_goes_on(opened: Opener) -> None:
    gate = asyncio.Event()
    async with Loopback(gate=gate) as server, opened() as gateway:
        one = model(api_base=server.base)
        first = asyncio.ensure_future(gateway.ask(asked(one, step="1")))
        second = asyncio.ensure_future(gateway.ask(asked(one, step="2")))
        await until(lambda: server.in_flight)
        first.cancel()
        gate.set()
        assert (await second).reply is not None
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "kind", ["408", "409", "425", "429", "500", "502", "503", "504", "reset", "truncated", "garbage"]
)
@pytest.mark.parametrize("route", ["lean", "litellm"])
async def test_exactly_one_layer_retries(kind: str, route: str, opened: Opener, naps: Naps) -> None:
    async with Loopback(faults=[Fault(kind)] * 2) as server, opened() as gateway:
        call = await gateway.ask(asked(model(api_base=server.base, route=route)))
    assert call.attempts == len(server.requests) == 3
    assert len(naps.taken) == gateway.tally.retried == 2


async def test_a_timeout_is_tried_again(opened: Opener) -> None:
    async with Loopback(faults=[Fault("hang")]) as server, opened() as gateway:
        call = await gateway.ask(asked(model(api_base=server.base, timeout=0.2)))
    assert call.attempts == 2


@pytest.mark.parametrize("kind", ["400", "401", "403", "404"])
@pytest.mark.parametrize("route", ["lean", "litellm"])
async def test_what_is_never_worth_retrying_fails_at_once(kind: str, route: str, opened: Opener) -> None:
    async with Loopback(faults=[Fault(kind)]) as server, opened() as gateway:
        with pytest.raises(CallError):
            await gateway.ask(asked(model(api_base=server.base, route=route)))
    assert len(server.requests) == 1


async def test_backoff_grows_with_full_jitter_and_retry_after_is_obeyed(opened: Opener, naps: Naps) -> None:
    faults = [Fault("500")] * 4 + [Fault("429", {"Retry-After": "7"})]
    async with Loopback(faults=faults) as server, opened() as gateway:
        await gateway.ask(asked(model(api_base=server.base)))
    *backoffs, asked_for = naps.taken
    assert len(backoffs) == 4
    assert all(0 <= nap <= 0.5 * 2**tried for tried, nap in enumerate(backoffs))
    assert 7 <= asked_for <= 7.5


async def test_others_of_the_same_model_wait_for_the_named_time_too(opened: Opener, naps: Naps) -> None:
    once = RetryPolicy(attempts=1)
    async with Loopback(faults=[Fault("429", {"Retry-After": "7"})]) as server, opened(retry=once) as gateway:
        with pytest.raises(CallError):
            await gateway.ask(asked(model(api_base=server.base), "1"))
        await gateway.ask(asked(model(api_base=server.base), "2"))
    assert naps.taken == [pytest.approx(7.0)]


async def test_attempts_are_bounded_and_the_next_run_tries_again(store: Store, opened: Opener) -> None:
    async with Loopback(faults=[Fault("500")] * 7) as server:
        one = model(api_base=server.base, price=PRICE)
        async with opened() as gateway:
            with pytest.raises(CallError) as caught:
                await gateway.ask(asked(one))
            assert (caught.value.kind, caught.value.transient) == ("server", True)
            assert len(server.requests) == 6
            assert store.count(Call) == 0
        async with opened() as gateway:
            assert (await gateway.ask(asked(one))).attempts == 2
    numbers = sorted(attempt.number for attempt in store.rows(Attempt))
    assert numbers == list(range(1, 9)), "attempts of the second run must not overwrite those of the first"


async def test_a_wait_that_is_too_long_is_left_to_the_next_run(opened: Opener, naps: Naps) -> None:
    async with Loopback(faults=[Fault("429", {"Retry-After": "86400"})]) as server, opened() as gateway:
        with pytest.raises(CallError) as caught:
            await gateway.ask(asked(model(api_base=server.base)))
    assert (caught.value.retry_after, naps.taken) == (86400, [])


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("400", body='{"error": {"code": "context_length_exceeded"}}'), "context_length"),
        (Fault("400", body='{"error": {"code": "content_policy_violation"}}'), "policy"),
        (Fault("200", body='{"choices": [{"message": {"content": ""}, "finish_reason": "stop"}]}'), "empty"),
        (Fault("200", body='{"choices": [{"message": {"content": "<think>hm"}}]}'), "truncated"),
        (Fault("200", body='{"choices": [{"message": {"content": null, "refusal": "No."}}]}'), "refused"),
    ],
)
async def test_final_failures_are_kept_and_replayed(fault: Fault, kind: str, store: Store, opened: Opener) -> None:
    async with Loopback(faults=[fault] * 2) as server:
        errors = []
        for step in ("1", "2"):
            async with opened() as gateway:
                with pytest.raises(CallError) as caught:
                    await gateway.ask(asked(model(api_base=server.base), step=step))
                errors.append(caught.value)
    assert len(server.requests) == 1
    assert [(error.kind, error.transient) for error in errors] == [(kind, False)] * 2
    assert errors[0].call == errors[1].call == next(store.rows(Call)).id
    assert str(errors[0]) == str(errors[1])
    assert store.count(CallUse) == 2


async def test_a_refused_key_is_noticed_once_and_mended_by_the_next_run(store: Store, opened: Opener) -> None:
    async with Loopback(faults=[Fault("401")]) as server:
        one = model(api_base=server.base)
        async with opened() as gateway:
            for number in range(20):
                with pytest.raises(CallError, match="HTTP 401"):
                    await gateway.ask(asked(one, f"{number}"))
        assert len(server.requests) == 1
        assert store.count(Call) == 0
        async with opened() as gateway:
            assert (await gateway.ask(asked(one, "0"))).reply is not None


async def test_a_refused_parameter_is_noticed_once(opened: Opener) -> None:
    body = '{"error": {"message": "Unsupported value: \'temperature\' does not support 0.2", "param": "temperature"}}'
    async with Loopback(marked={'"temperature":0.2': Fault("400", body=body)}) as server, opened() as gateway:
        one = model(api_base=server.base)
        refused = one.params.model_copy(update={"temperature": 0.2})
        for number in range(20):
            with pytest.raises(CallError) as caught:
                await gateway.ask(asked(one, f"{number}", params=refused))
            assert caught.value.kind == "invalid"
        assert (await gateway.ask(asked(one))).reply is not None
    assert len(server.requests) == 2


async def test_one_odd_refusal_of_a_model_that_works_stops_nobody_else(opened: Opener) -> None:
    async with Loopback(marked={"poison": Fault("401")}) as server, opened() as gateway:
        one = model(api_base=server.base)
        await gateway.ask(asked(one, "1"))
        with pytest.raises(CallError):
            await gateway.ask(asked(one, "poison"))
        assert (await gateway.ask(asked(one, "2"))).reply is not None


async def test_attempts_are_reserved_at_their_worst_and_settled_at_their_price(store: Store, opened: Opener) -> None:
    seen: list[Attempt] = []

    def answer(body: dict[str, Any]) -> Any:
        seen.extend(store.rows(Attempt))
        return completion("x" * 399, body)

    async with Loopback(answer, faults=[Fault("500")]) as server, opened() as gateway:
        ask = asked(model(api_base=server.base, price=PRICE))
        call = await gateway.ask(ask)
    worst = (prompt_tokens(ask).bound * 1.0 + completion_bound(ask) * 10.0) / 1e6
    by_number = {row.number: row for row in seen}
    assert (by_number[1].state, by_number[1].usd) == ("settled", 0.0)
    assert (by_number[2].state, by_number[2].usd) == ("reserved", pytest.approx(worst))
    settled = next(row for row in store.rows(Attempt) if row.number == 2)
    assert (settled.state, settled.prompt_tokens, settled.completion_tokens) == ("settled", 2, 100)
    assert settled.usd == call.usd == gateway.tally.usd == pytest.approx((2 * 1.0 + 100 * 10.0) / 1e6)


async def test_what_may_have_cost_something_counts_at_its_worst(store: Store, opened: Opener) -> None:
    no_usage = Fault("200", body='{"choices": [{"message": {"content": "fine"}}]}')
    async with Loopback(faults=[Fault("reset"), no_usage]) as server, opened() as gateway:
        ask = asked(model(api_base=server.base, price=PRICE))
        await gateway.ask(ask)
    worst = (prompt_tokens(ask).bound * 1.0 + completion_bound(ask) * 10.0) / 1e6
    assert [row.usd for row in store.rows(Attempt)] == [pytest.approx(worst)] * 2


async def test_an_attempt_that_is_cancelled_stays_reserved_and_counts_as_spent(store: Store, opened: Opener) -> None:
    async with Loopback(latency=5) as server, opened(budget=Budget(calls=1)) as gateway:
        one = model(api_base=server.base)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(gateway.ask(asked(one, "1")), 0.1)
        assert [row.state for row in store.rows(Attempt)] == ["reserved"]
        with pytest.raises(BudgetError):
            await gateway.ask(asked(one, "2"))
    async with opened(budget=Budget(calls=1)) as gateway:
        with pytest.raises(BudgetError):
            await gateway.ask(asked(model(api_base="http://127.0.0.1:9/v1"), "3"))


async def test_sixty_four_parallel_calls_never_overshoot_a_tiny_budget(store: Store, opened: Opener) -> None:
    async with Loopback(lambda body: completion("x" * 100, body), latency=0.002) as server:
        one = model(api_base=server.base, price=PRICE)
        usd = 3.5 * (prompt_tokens(asked(one, "100")).bound * 1.0 + 1024 * 10.0) / 1e6
        for budget in (usd, 2 * usd):
            async with opened(budget=Budget(usd=budget)) as gateway:
                asks = [gateway.ask(asked(one, f"{i}")) for i in range(100, 500)]
                found = await asyncio.gather(*asks, return_exceptions=True)
            done = [call for call in found if isinstance(call, Call)]
            assert {type(call) for call in found} == {Call, BudgetError}
            spent = store.spent("session")
            assert spent.usd <= budget
            assert spent.usd > budget - usd, "it stops only when the next call might not fit"
            assert spent.calls == len(server.requests)
            assert store.count(Call) == len(done)


async def test_a_budget_of_calls_counts_free_models_too(store: Store, opened: Opener) -> None:
    async with Loopback() as server, opened(budget=Budget(calls=5)) as gateway:
        one = model(api_base=server.base)
        found = await asyncio.gather(*(gateway.ask(asked(one, f"{i}")) for i in range(20)), return_exceptions=True)
    assert sum(isinstance(call, Call) for call in found) == len(server.requests) == 5
    assert store.count(Attempt) == 5


async def test_free_models_leave_no_rows_of_attempts_without_such_a_budget(store: Store, opened: Opener) -> None:
    async with Loopback() as server, opened(budget=Budget(usd=0.0)) as gateway:
        call = await gateway.ask(asked(model(api_base=server.base)))
    assert (call.usd, store.count(Attempt)) == (0.0, 0)


async def test_an_unknown_price_is_never_zero(store: Store, opened: Opener) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base, price=None)
        async with opened(budget=Budget(usd=1.0)) as gateway:
            with pytest.raises(UsageError, match=r"price of model 'm' .* is unknown.*`price: free`"):
                await gateway.ask(asked(one))
        assert not server.requests
        async with opened() as gateway:
            assert (await gateway.ask(asked(one))).usd is None
            assert gateway.tally.unpriced == 1
    assert [row.usd for row in store.rows(Attempt)] == [None]


async def test_limits_wait_and_do_not_raise(opened: Opener) -> None:
    async with Loopback(latency=0.01) as server, opened() as gateway:
        one = model(api_base=server.base, concurrency=3)
        await asyncio.gather(*(gateway.ask(asked(one, f"{i}")) for i in range(30)))
    assert server.peak == 3


async def test_faults_at_random_lose_nothing(store: Store, opened: Opener) -> None:
    rates = {"429": 0.05, "500": 0.05, "garbage": 0.03, "reset": 0.02, "truncated": 0.02}
    async with Loopback(rates=rates) as server, opened(retry=RetryPolicy(attempts=20)) as gateway:
        one = model(api_base=server.base)
        calls = await asyncio.gather(*(gateway.ask(asked(one, f"number {i}")) for i in range(300)))
    assert [call.reply and call.reply.text for call in calls] == [f"You said: number {i}" for i in range(300)]
    assert sum(server.answered.values()) == len(server.answered) == store.count(Call) == 300


async def test_a_different_model_is_asked_under_each_name(opened: Opener) -> None:
    async with Loopback(lambda body: body["model"]) as server, opened() as gateway:
        names = ("a", "b", "c")
        models = [model(name, model=f"openai/{name}", api_base=server.base) for name in names]
        calls = await asyncio.gather(*(gateway.ask(asked(one)) for one in models))
    assert [call.reply and (call.reply.answered_by, call.reply.text) for call in calls] == [(n, n) for n in names]


async def test_a_stop_lets_calls_in_flight_come_home_and_nothing_else_leave(store: Store, opened: Opener) -> None:
    stop, gate = asyncio.Event(), asyncio.Event()
    async with Loopback(gate=gate) as server, opened(stop=stop, sleep=asyncio.sleep) as gateway:
        one = model(api_base=server.base, concurrency=3, price=PRICE)
        asks = [asyncio.ensure_future(gateway.ask(asked(one, f"{i}"))) for i in range(20)]
        await until(lambda: server.in_flight == 3)
        stop.set()
        gate.set()
        found = await asyncio.gather(*asks, return_exceptions=True)
    assert sum(isinstance(call, Call) for call in found) == len(server.requests) == 3
    assert sum(isinstance(error, InterruptedSessionError) for error in found) == 17
    assert [row.state for row in store.rows(Attempt)] == ["settled"] * 3


async def test_a_stop_ends_the_wait_for_another_attempt(store: Store, opened: Opener) -> None:
    stop = asyncio.Event()
    faults = [Fault("429", {"Retry-After": "60"})]
    async with Loopback(faults=faults) as server, opened(stop=stop, sleep=asyncio.sleep) as gateway:
        one = model(api_base=server.base)
        asks = [asyncio.ensure_future(gateway.ask(asked(one, f"{i}"))) for i in range(2)]
        await until(lambda: gateway.tally.retried and gateway.tally.made)
        stop.set()
        async with asyncio.timeout(5):
            found = await asyncio.gather(*asks, return_exceptions=True)
    assert {type(error) for error in found} <= {InterruptedSessionError, Call}
    assert store.count(Call) == sum(isinstance(call, Call) for call in found) == 1


async def test_a_stalled_event_loop_drops_nothing(opened: Opener) -> None:
    async with Loopback(latency=0.05) as server, opened() as gateway:
        one = model(api_base=server.base, timeout=0.3)
        asks = [asyncio.ensure_future(gateway.ask(asked(one, f"{i}"))) for i in range(20)]
        await asyncio.sleep(0.02)
        time.sleep(0.5)  # noqa: ASYNC251 - the stall
        calls = await asyncio.gather(*asks)
    assert [call.reply and call.reply.text for call in calls] == [f"You said: {i}" for i in range(20)]


async def test_a_call_is_timed_from_when_its_route_is_ready(store: Store, naps: Naps) -> None:
    """Loading litellm takes seconds, which are none of the model's: a ping and a forecast would show them."""

    class Slow(Scripted):
        async def ready(self) -> None:
            if not self.asks:
                await naps(5.0)

        async def send(self, ask: Ask, *, attempt: int) -> Reply:
            await naps(0.5)
            return await super().send(ask, attempt=attempt)

    async with Gateway(StoreJournal(store), Slow({"m": "yes"}), session="session", clock=naps.clock) as gateway:
        call = await gateway.ask(asked(model(price=PRICE)))
    assert (naps.clock(), call.seconds) == (5.5, 0.5)
