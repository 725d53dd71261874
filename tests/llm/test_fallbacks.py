"""Fallbacks over real HTTP: who is asked when, and who is named."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asking import asked, model
from loopback import Fault, Loopback, completion

from aaa.errors import CallError
from aaa.llm import Ask, Fallback, Gateway, RetryPolicy, call_key, open_routes, resolve_params
from aaa.store import Store, StoreJournal
from aaa.types import Attempt, Call, CallUse, Model, Params, Price

DOWN = {"hello": Fault("500")}


def gateway(store: Store, **options: Any) -> Gateway:
    return Gateway(StoreJournal(store), open_routes(), session="session", retry=RetryPolicy(base=0.001), **options)


def asking(first: Model, *others: Model, **fields: Any) -> Ask:
    return asked(first, fallbacks=tuple(Fallback(other, resolve_params(other)) for other in others), **fields)


def at(server: Loopback, name: str, **fields: Any) -> Model:
    return model(name, api_base=server.base, identity=f"{name}@1", **fields)


@pytest.mark.parametrize(("kind", "attempts"), [("500", 6), ("reset", 6), ("garbage", 6), ("401", 1), ("404", 1)])
async def test_who_gives_no_service_is_stood_in_for_within_the_call(store: Store, kind: str, attempts: int) -> None:
    async with Loopback(marked={"hello": Fault(kind)}) as one, Loopback() as two, gateway(store) as calls:
        call = await calls.ask(asking(at(one, "first"), at(two, "second")))
    assert call.reply is not None
    assert (call.reply.answered_by, call.fallback, call.model, call.attempts) == ("second", 1, "second@1", attempts + 1)
    assert call.request["model"] == "first@1"
    assert (len(one.requests), len(two.requests)) == (attempts, 1)
    assert (calls.tally.made, calls.tally.failed) == (1, 0)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("400", body='{"error": {"message": "bad request"}}'), "invalid"),
        (Fault("400", body='{"error": {"code": "content_policy_violation"}}'), "policy"),
        (Fault("400", body='{"error": {"code": "context_length_exceeded"}}'), "context_length"),
    ],
)
async def test_who_has_said_no_is_not_stood_in_for(store: Store, fault: Fault, kind: str) -> None:
    async with Loopback(marked={"hello": fault}) as one, Loopback() as two, gateway(store) as calls:
        with pytest.raises(CallError) as failed:
            await calls.ask(asking(at(one, "first"), at(two, "second")))
    assert (failed.value.kind, failed.value.model) == (kind, "first")
    assert (len(one.requests), len(two.requests)) == (1, 0)


async def test_a_refusal_in_words_is_an_answer(store: Store) -> None:
    def refuse(body: dict[str, Any]) -> dict[str, Any]:
        return completion("", body, refusal="I will not.")

    async with Loopback(refuse) as one, Loopback() as two, gateway(store) as calls:
        with pytest.raises(CallError) as failed:
            await calls.ask(asking(at(one, "first"), at(two, "second")))
    assert failed.value.kind == "refused"
    assert not two.requests


async def test_a_chain_has_one_key_and_is_replayed_under_todays_names(store: Store) -> None:
    async with Loopback(marked=DOWN) as one, Loopback() as two:
        first, second = at(one, "first"), at(two, "second")
        chain = asking(first, second)
        async with gateway(store) as calls:
            made = await calls.ask(chain)
        one.marked = {}
        renamed = (link.model_copy(update={"name": name}) for link, name in ((first, "eins"), (second, "zwei")))
        async with gateway(store) as calls:
            again = await calls.ask(asking(*renamed, step="later"))
    assert made.id == call_key(chain) == again.id
    assert again.reply is not None
    assert (again.reply.answered_by, again.fallback) == ("zwei", 1)
    assert len(two.requests) == 1
    uses = {use.step: use.paid for use in store.rows(CallUse)}
    assert uses == {"step": True, "later": False}


def test_the_chain_and_how_its_models_are_asked_are_in_the_key() -> None:
    first, second, third = (model(name, identity=name) for name in ("a", "b", "c"))
    warm = second.model_copy(update={"params": Params(temperature=0.9)})
    chains = [(first,), (first, second), (first, third), (first, second, third), (first, third, second), (first, warm)]
    assert len({call_key(asking(*chain)) for chain in chains}) == len(chains)
    renamed = second.model_copy(update={"name": "other", "rpm": 3, "timeout": 1.0})
    assert call_key(asking(first, renamed)) == call_key(asking(first, second))
    assert call_key(asking(first)) == call_key(asked(first))


async def test_a_fallback_is_asked_with_its_own_parameters(store: Store) -> None:
    async with Loopback(marked=DOWN) as one, Loopback() as two, gateway(store) as calls:
        first = at(one, "first", params=Params(extra_body={"top_k": 5}, max_tokens=100))
        await calls.ask(asking(first, at(two, "second", params=Params(max_tokens=7))))
    assert (one.requests[0]["top_k"], one.requests[0]["max_tokens"]) == (5, 100)
    assert "top_k" not in two.requests[0]
    assert two.requests[0]["max_tokens"] == 7


async def test_the_final_failure_of_a_fallback_is_its_own_and_replays(store: Store) -> None:
    invalid = {"hello": Fault("400", body='{"error": "no such thing"}')}
    async with Loopback(marked=DOWN) as one, Loopback(marked=invalid) as two:
        chain = asking(at(one, "first"), at(two, "second"))
        for _ in range(2):
            async with gateway(store) as calls:
                with pytest.raises(CallError) as failed:
                    await calls.ask(chain)
            assert (failed.value.kind, failed.value.model) == ("invalid", "second")
    assert len(two.requests) == 1
    (call,) = store.rows(Call)
    assert (call.fallback, call.model, call.reply) == (1, "second@1", None)


async def test_where_nobody_serves_the_call_fails_for_now_and_tells_of_all(store: Store) -> None:
    async with Loopback(marked=DOWN) as one, Loopback(marked={"hello": Fault("401")}) as two, gateway(store) as calls:
        with pytest.raises(CallError, match=r"'first'.*No fallback served either.*'second'.*HTTP 401") as failed:
            await calls.ask(asking(at(one, "first"), at(two, "second")))
    assert failed.value.transient
    assert failed.value.kind == "server"
    assert failed.value.call == call_key(asking(at(one, "first"), at(two, "second")))
    assert store.count(Call) == 0


async def test_each_attempt_is_paid_for_as_the_model_that_made_it(store: Store) -> None:
    prices = [Price(input=1.0, output=1.0), Price(input=1000.0, output=1000.0)]
    async with Loopback(marked={"hello": Fault("garbage")}) as one, Loopback() as two, gateway(store) as calls:
        call = await calls.ask(asking(at(one, "first", price=prices[0]), at(two, "second", price=prices[1])))
    by_model = {name: spent.usd for name, spent in store.spent_by_name("session").items()}
    assert set(by_model) == {"first", "second"}
    assert min(by_model.values()) > 0
    assert call.usd == pytest.approx(sum(by_model.values())) == pytest.approx(calls.tally.usd)
    assert store.count(Attempt, model="first") == 6


async def test_equal_chains_in_flight_share_one_call(store: Store) -> None:
    async with Loopback(marked=DOWN) as one, Loopback(latency=0.05) as two, gateway(store) as calls:
        chain = [asking(at(one, "first"), at(two, "second"), step=f"{n}") for n in range(8)]
        made = await asyncio.gather(*(calls.ask(ask) for ask in chain))
    assert len({call.id for call in made}) == 1
    assert len(two.requests) == 1
