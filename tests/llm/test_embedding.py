"""Embeddings by models of providers: real HTTP, one journal row a text, together in few requests, within the budget."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from aiohttp import web
from asking import model
from loopback import Body, Fault, Loopback

from aaa.errors import BudgetError, CallError, UsageError
from aaa.llm import Gateway, RetryPolicy, Use, open_routes, unit_price
from aaa.llm.embedding import embed_by_model
from aaa.scenario import Budget
from aaa.store import Store, StoreJournal
from aaa.text import Vectors
from aaa.types import Attempt, Call, CallUse, Model

USE = Use("session", "episode", "texts", "embedding")
KEY = "sk-a-key-that-nobody-may-see-1234"


def letters(text: str) -> list[float]:
    """A vector that says how often each letter stands in the text, so that a test knows it."""
    return [float(text.count(letter)) + 0.5 for letter in "abcdefgh"]


def served(body: Body) -> Body:
    rows = [{"object": "embedding", "index": at, "embedding": letters(text)} for at, text in enumerate(body["input"])]
    size = sum(map(len, body["input"]))
    return {"object": "list", "model": body["model"], "data": rows[::-1], "usage": {"prompt_tokens": size}}


async def embedded(store: Store, texts: Sequence[str], asked: Model, **options: Any) -> tuple[Vectors, Gateway]:
    retry = RetryPolicy(attempts=3, base=0.001)
    async with Gateway(StoreJournal(store), open_routes(), session="session", retry=retry, **options) as gateway:
        return await embed_by_model(texts, asked, gateway, [USE] * len(texts)), gateway


async def test_texts_travel_together_and_are_kept_apart(store: Store) -> None:
    texts = [f"the {n} bad cabs faced {'a' * n}" for n in range(200)]
    async with Loopback(served) as server:
        found, gateway = await embedded(store, [*texts, texts[3], " "], model(api_base=server.base))
        assert set(server.paths) == {"/v1/embeddings"}
        assert len(server.requests) <= 4
        assert sorted(text for body in server.requests for text in body["input"]) == sorted(texts)
        assert gateway.tally.made == 200
        expected = np.array([letters(text) for text in texts])
        expected /= np.linalg.norm(expected, axis=1, keepdims=True)
        assert np.allclose(found[:200], expected, atol=1e-6)
        assert np.array_equal(found[200], found[3])
        assert not found[201].any()

        more, gateway = await embedded(store, [*texts, "one more"], model(api_base=server.base))
        assert (gateway.tally.made, gateway.tally.replayed) == (1, 200)
        assert server.requests[-1]["input"] == ["one more"]
        assert np.array_equal(more[:200], found[:200])
    assert store.count(Call) == 201
    assert store.count(CallUse) == 201


async def test_tokens_are_counted_once_and_paid_within_the_budget(store: Store) -> None:
    texts = ["a" * n for n in range(1, 41)]
    async with Loopback(served) as server:
        priced = model(api_base=server.base, price={"input": 1.0, "output": 0.0})
        _, gateway = await embedded(store, texts, priced)
        assert gateway.tally.tokens == sum(map(len, texts))
        assert gateway.tally.usd == pytest.approx(sum(map(len, texts)) / 1e6)
        assert {row.state for row in store.rows(Attempt)} == {"settled"}
        assert sorted(text for body in server.requests for text in body["input"]) == sorted(texts)
        sent = len(server.requests)
        with pytest.raises(BudgetError, match=r"budget\.tokens"):
            await embedded(store, ["b" * 400], priced, budget=Budget(tokens=900))
        assert len(server.requests) == sent


async def test_one_bad_text_does_not_spoil_the_others(store: Store) -> None:
    def picky(body: Body) -> Body | web.Response:
        if any("too long" in text for text in body["input"]):
            text = json.dumps({"error": {"message": "maximum context length is 8 tokens"}})
            return web.Response(status=400, text=text, content_type="application/json")
        return served(body)

    texts = [f"cab {n}" for n in range(20)]
    async with Loopback(picky) as server:
        with pytest.raises(CallError) as caught:
            await embedded(store, [*texts, "far too long"], model(api_base=server.base))
        assert caught.value.kind == "context_length"
    kinds = [call.failure.kind if call.failure else "fine" for call in store.rows(Call)]
    assert sorted(kinds) == ["context_length", *["fine"] * 20]


@pytest.mark.parametrize("kind", ["429", "500", "reset", "garbage"])
async def test_faults_are_tried_again(store: Store, kind: str) -> None:
    async with Loopback(served, faults=[Fault(kind, {"Retry-After": "0"})]) as server:
        found, gateway = await embedded(store, ["abc", "head"], model(api_base=server.base))
        assert found.shape == (2, 8)
        assert gateway.tally.retried == 2


@pytest.mark.parametrize(
    "data",
    [
        [],
        [{"index": 0, "embedding": [1.0, "x"]}],
        [{"index": 0, "embedding": [1.0, float("nan")]}],
        [{"index": 0, "embedding": [[1.0]]}],
        [{"index": 5, "embedding": [1.0]}],
        [{"index": 0, "embedding": "%%%"}],
        "no list",
    ],
)
async def test_broken_vectors_are_never_taken_for_some(store: Store, data: Any) -> None:
    async with Loopback(lambda body: {"data": data}) as server:
        with pytest.raises(CallError) as caught:
            await embedded(store, ["abc"], model(api_base=server.base))
    assert caught.value.kind == "malformed"
    assert store.count(Call) == 0


async def test_the_key_reaches_the_server_and_nothing_else(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", KEY)

    def echo(body: Body) -> web.Response:
        text = json.dumps({"error": f"bad key {KEY}"})
        return web.Response(status=401, text=text, content_type="application/json")

    async with Loopback(echo) as server:
        with pytest.raises(CallError) as caught:
            await embedded(store, ["abc"], model(api_base=server.base, api_key_env="MY_KEY"))
        assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert KEY not in str(caught.value)
    assert KEY not in (caught.value.raw or "")


async def test_litellm_carries_them_too(store: Store) -> None:
    async with Loopback(served) as server:
        by_litellm = model(api_base=server.base, route="litellm", params={"extra_body": {"dimensions": 8}})
        found, _ = await embedded(store, ["abc", "head"], by_litellm)
        assert found.shape == (2, 8)
        assert set(server.paths) == {"/v1/embeddings"}
        assert server.requests[0]["dimensions"] == 8


async def test_simulated_models_embed_by_spelling(store: Store) -> None:
    maple = Model(name="maple", model="sim/maple", family="maple")
    texts = ["How old is the doctor?", "How old is this doctor?", "Sort the list by price."]
    async with Gateway(StoreJournal(store), open_routes(_nobody), session="session") as gateway:
        found = await embed_by_model(texts, maple, gateway, [USE] * 3)
    assert found[0] @ found[1] > 0.5 > found[0] @ found[2]


async def _nobody(*_: Any, **__: Any) -> Any:
    raise AssertionError("embeddings are no replies in words")


async def test_a_model_that_changed_is_told_from_what_it_was(store: Store) -> None:
    async with Loopback(served) as server:
        await embedded(store, ["abc"], model(api_base=server.base))
    shorter = lambda body: {"data": [{"embedding": [1.0, 2.0]} for _ in body["input"]]}  # noqa: E731
    async with Loopback(shorter) as server:
        changed = model(api_base=server.base, identity="m")
        old = model(api_base="http://127.0.0.1:1/v1", identity="m")
        await embedded(store, ["head"], changed)
        assert (await embedded(store, ["head"], old))[1].tally.replayed == 1
    async with Loopback(served) as server:
        with pytest.raises(UsageError, match="name its `revision`"):
            await embedded(store, ["head", "abc"], model(api_base=server.base, identity="m"))


def test_list_prices_of_embeddings_are_known() -> None:
    price = unit_price(Model(name="e", model="openai/text-embedding-3-small", family="e"))
    assert price is not None
    assert (price.input, price.output) == (pytest.approx(0.02), 0.0)
