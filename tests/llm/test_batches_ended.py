"""Batches that end badly: only what is missing is sent again, and only what was answered is paid."""

from __future__ import annotations

import asyncio
import json

import pytest
from asking import model
from batching import PRICE, TEXTS, ask_all, echoed, gateway, said, spent_on_calls
from hypothesis import given
from hypothesis import strategies as st
from loopback import Loopback

from aaa.errors import CallError, InterruptedSessionError
from aaa.llm.batches.results import read_results
from aaa.store import Store
from aaa.types import Attempt, Batch, Call, Reply


def texts_of(lines) -> set[str]:
    return {line["body"]["messages"][0]["content"] for line in lines}


async def test_only_what_had_not_run_when_a_batch_expired_is_sent_again(store: Store) -> None:
    async with Loopback() as server:
        server.batches.endings = ["expired"]
        server.batches.runs = lambda line: line["body"]["messages"][0]["content"] in ("one", "four")
        async with gateway(store) as run:
            assert said(await ask_all(run, model(api_base=server.base, price=PRICE), TEXTS)) == echoed(TEXTS)
        assert [texts_of(lines) for lines in server.batches.lines] == [set(TEXTS), {"two", "three"}]
    assert [batch.state for batch in store.rows(Batch, order="state")] == ["completed", "expired"]
    assert store.spent("session").usd == pytest.approx(spent_on_calls(store))


async def test_a_line_that_cannot_be_read_is_asked_again_and_counts_at_its_worst(store: Store) -> None:
    broken = iter([True])

    def mangle(line: str) -> str:
        return line[: len(line) // 2] if "You said: two" in line and next(broken, False) else line

    async with Loopback() as server:
        server.batches.mangle = mangle
        async with gateway(store) as run:
            assert said(await ask_all(run, model(api_base=server.base, price=PRICE), TEXTS)) == echoed(TEXTS)
        assert [texts_of(lines) for lines in server.batches.lines] == [set(TEXTS), {"two"}]
    (worst,) = (a for a in store.rows(Attempt) if a.completion_tokens == 1024)
    (call,) = (call for call in store.rows(Call) if call.attempts == 2)
    assert (worst.call, worst.state) == (call.id, "settled")
    assert worst.usd > 1.0
    assert store.spent("session").usd == pytest.approx(spent_on_calls(store))


async def test_a_batch_that_failed_whole_is_sent_anew_and_not_paid(store: Store) -> None:
    async with Loopback() as server:
        server.batches.endings = ["failed"]
        server.batches.errors = [{"code": "internal", "message": "something broke", "line": None}]
        async with gateway(store) as run:
            assert said(await ask_all(run, model(api_base=server.base, price=PRICE), TEXTS)) == echoed(TEXTS)
        assert [len(lines) for lines in server.batches.lines] == [4, 4]
    assert store.spent("session").usd == pytest.approx(spent_on_calls(store))


async def test_a_batch_that_the_account_cannot_pay_is_not_sent_again_in_this_run(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base)
        server.batches.endings = ["failed"]
        server.batches.errors = [{"code": "billing_hard_limit_reached", "message": "Billing hard limit reached"}]
        async with gateway(store) as run:
            with pytest.raises(CallError, match="Billing") as caught:
                await ask_all(run, one, TEXTS)
            assert caught.value.kind == "auth"
        assert len(server.batches.batches) == 1
        async with gateway(store) as run:
            assert said(await ask_all(run, one, TEXTS)) == echoed(TEXTS)


async def test_an_account_with_a_short_queue_is_served_by_smaller_batches(store: Store) -> None:
    texts = [f"number {i}" for i in range(11)]
    async with Loopback() as server:
        server.batches.queue = 3
        async with gateway(store) as run:
            assert said(await ask_all(run, model(api_base=server.base, price=PRICE), texts)) == echoed(texts)
        done = [
            lines
            for lines, b in zip(server.batches.lines, server.batches.batches.values(), strict=True)
            if b["status"] == "completed"
        ]
        assert sum(map(len, done)) == len(texts)
        assert max(map(len, done)) <= 3
    assert store.spent("session").usd == pytest.approx(spent_on_calls(store))


async def test_a_queue_without_any_room_fails_for_now(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base, price=PRICE)
        server.batches.queue = 0
        async with gateway(store) as run:
            asking = (ask_all(run, one, [text]) for text in TEXTS)
            ends = await asyncio.gather(*asking, return_exceptions=True)
            sent = len(server.batches.batches)
            with pytest.raises(CallError, match="queue"):
                await ask_all(run, one, ["five"])
        assert [(end.kind, end.transient) for end in ends] == [("rate_limited", True)] * 4
        assert len(server.batches.batches) == sent <= 6
        assert store.spent("session").usd == 0
        server.batches.queue = None
        async with gateway(store) as run:
            assert said(await ask_all(run, one, TEXTS)) == echoed(TEXTS)


async def test_what_was_cancelled_at_the_provider_is_sent_anew_by_the_next_run_only(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base, price=PRICE)
        server.batches.endings = ["cancelled"]
        server.batches.runs = lambda line: line["body"]["messages"][0]["content"] == "one"
        async with gateway(store) as run:
            asks = (ask_all(run, one, [text]) for text in TEXTS)
            first, *others = await asyncio.gather(*asks, return_exceptions=True)
        assert said(first) == echoed(["one"])
        assert [type(end) for end in others] == [InterruptedSessionError] * 3
        assert len(server.batches.batches) == 1
        async with gateway(store) as run:
            assert said(await ask_all(run, one, TEXTS)) == echoed(TEXTS)
        assert [texts_of(lines) for lines in server.batches.lines] == [set(TEXTS), {"two", "three", "four"}]
    assert store.spent("session").usd == pytest.approx(spent_on_calls(store))


@given(st.lists(st.one_of(st.text(), st.integers().map(str), st.just("null"), st.just("[]"), st.just('{"a": 1}'))))
def test_results_are_read_whatever_lies_between_them(noise: list[str]) -> None:
    body = {"choices": [{"message": {"content": "yes"}, "finish_reason": "stop"}]}
    good = json.dumps({"custom_id": "key", "response": {"status_code": 200, "body": body}})
    results = read_results(model(), ["\n".join([*noise, good]), "\n".join(noise)])
    assert list(results) == ["key"]
    assert isinstance(results["key"], Reply)
    assert results["key"].text == "yes"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_a_strange_result_is_a_typed_fault(body: object) -> None:
    line = json.dumps({"custom_id": "key", "response": {"status_code": 200, "body": body}})
    (outcome,) = read_results(model(), [line]).values()
    assert isinstance(outcome, CallError)
    assert outcome.kind == "malformed"
