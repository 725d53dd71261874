"""Batches of Azure's deployments: OpenAI's API at another address, with the resource's own key."""

from __future__ import annotations

import pytest
from asking import model
from batching import PRICE, TEXTS, ask_all, echoed, gateway, killed_when, said, spent_on_calls
from loopback import Loopback

from aaa.llm import has_batches
from aaa.llm.batches.azure import on_wire
from aaa.store import Store
from aaa.types import Attempt, Batch

KEY = "the-key-of-this-resource-0123456789"


@pytest.mark.parametrize("address", ["", "/", "/openai", "/openai/v1/", "/openai/deployments/x?api-version=2024-10-21"])
async def test_a_deployment_is_asked_in_batches(store: Store, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_AZURE", KEY)
    async with Loopback() as server:
        server.batches.first_status = "Validating"
        server.batches.pending = 2
        base = server.base.removesuffix("/v1") + address
        one = model(model="azure/my-batch-deployment", api_base=base, api_key_env="MY_AZURE", price=PRICE)
        async with gateway(store) as run:
            assert said(await ask_all(run, one, TEXTS)) == echoed(TEXTS)
        assert server.requests == [], "no deployment is asked live"
        lines = server.batches.lines[0]
        assert {line["body"]["model"] for line in lines} == {"my-batch-deployment"}
        assert {line["url"] for line in lines} == {"/v1/chat/completions"}
        assert all("max_completion_tokens" in line["body"] and "max_tokens" not in line["body"] for line in lines)
        assert server.batches.keys == [f"Bearer {KEY}"]
    (batch,) = store.rows(Batch)
    assert (batch.state, batch.model.model) == ("completed", "azure/my-batch-deployment")
    assert 0 < spent_on_calls(store) == pytest.approx(sum(attempt.usd or 0.0 for attempt in store.rows(Attempt)))
    assert KEY not in batch.model_dump_json()


async def test_the_next_run_collects_what_a_killed_one_left_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_AZURE", KEY)
    async with Loopback() as server:
        server.batches.held = True
        one = model(model="azure/dep", api_base=server.base.removesuffix("/v1"), api_key_env="MY_AZURE")
        await killed_when(store, "submitted", one, TEXTS)
        server.batches.held = False
        async with gateway(store) as run:
            assert said(await ask_all(run, one, TEXTS)) == echoed(TEXTS)
        assert len(server.batches.batches) == 1


def test_the_key_of_azure_goes_to_azure_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_API_KEY", KEY)
    own = on_wire(model(model="azure/dep", api_base="https://mine.openai.azure.com"))
    assert (own.api_base, own.api_key_env) == ("https://mine.openai.azure.com/openai/v1", "AZURE_API_KEY")
    assert on_wire(model(model="azure/dep", api_base="https://elsewhere.example")).api_key_env is None
    assert on_wire(model(model="azure/dep", api_base="http://mine.openai.azure.com")).api_key_env is None
    other = model(model="openai/gpt-4o")
    assert on_wire(other) is other


def test_a_deployment_needs_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_API_BASE", raising=False)
    assert not has_batches(model(model="azure/dep"))
    assert has_batches(model(model="azure/dep", api_base="https://mine.openai.azure.com"))
    assert not has_batches(model(model="azure/dep", api_base="https://mine.openai.azure.com", route="litellm"))
    monkeypatch.setenv("AZURE_API_BASE", "https://mine.openai.azure.com")
    assert has_batches(model(model="azure/dep"))
