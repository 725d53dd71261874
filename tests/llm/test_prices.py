"""Prices and addresses agree with litellm's, without importing it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from asking import model

from aaa.errors import UsageError
from aaa.llm import open_routes, unit_price
from aaa.llm.endpoints import PROVIDERS
from aaa.llm.lazy import load_litellm
from aaa.llm.lean import LeanRoute
from aaa.llm.prices import FREE, batch_price, cost
from aaa.llm.simulated import SimRoute
from aaa.llm.through_litellm import LitellmRoute
from aaa.types import Model, Price, Usage


def listed(name: str, **fields: Any) -> Model:
    return model(model=name, **{"price": None, **fields})


@pytest.mark.parametrize(
    "name", ["openai/gpt-4o-mini", "anthropic/claude-haiku-4-5", "gemini/gemini-2.5-flash", "deepseek/deepseek-chat"]
)
def test_list_prices_are_litellms(name: str) -> None:
    price = unit_price(listed(name))
    assert price is not None
    usage = Usage(prompt_tokens=1000, completion_tokens=500)
    theirs = sum(load_litellm().cost_per_token(model=name, prompt_tokens=1000, completion_tokens=500))
    assert cost(price, usage) == pytest.approx(theirs)


def test_the_scenarios_price_wins_and_self_hosted_models_have_none_per_token() -> None:
    mine = Price(input=1, output=2)
    assert unit_price(listed("openai/gpt-4o-mini", price=mine)) == mine
    assert unit_price(listed("openai/gpt-4o-mini", price="free")) == FREE
    assert unit_price(listed("hosted_vllm/qwen")) == FREE
    assert unit_price(listed("hosted_vllm/qwen", price=mine)) == mine
    assert unit_price(listed("sim/x")) == FREE


@pytest.mark.parametrize("prompt", [1000, 200_000, 200_001, 500_000])
def test_long_prompts_cost_what_litellm_lists_for_them(prompt: int) -> None:
    name = "gemini/gemini-2.5-pro"
    usage = Usage(prompt_tokens=prompt, completion_tokens=500)
    theirs = sum(load_litellm().cost_per_token(model=name, prompt_tokens=prompt, completion_tokens=500))
    price = unit_price(listed(name))
    assert cost(price, usage) == pytest.approx(theirs)
    assert cost(batch_price(price), usage) == pytest.approx(theirs / 2)


@pytest.mark.parametrize("prompt", [1000, 255_000, 300_000])
def test_a_list_of_steps_is_a_price_too(prompt: int) -> None:
    name = "dashscope/qwen-flash"
    theirs = sum(load_litellm().cost_per_token(model=name, prompt_tokens=prompt, completion_tokens=500))
    price = unit_price(listed(name))
    assert cost(price, Usage(prompt_tokens=prompt, completion_tokens=500)) == pytest.approx(theirs)


def test_a_scenario_may_name_steps_and_a_worst_case_is_never_below_what_a_shorter_prompt_costs() -> None:
    price = Price.model_validate({"input": 1, "output": 2, "tiers": [{"above": 100, "input": 3, "output": 4}]})
    assert cost(price, Usage(prompt_tokens=100, completion_tokens=1)) == pytest.approx(102 / 1e6)
    assert cost(price, Usage(prompt_tokens=101, completion_tokens=1)) == pytest.approx(307 / 1e6)


def test_an_unknown_price_is_none() -> None:
    assert unit_price(listed("openai/no-such-model")) is None
    assert unit_price(listed("groq/gpt-4o-mini")) is None, "another provider's model of the same name"
    assert cost(None, Usage(prompt_tokens=1, completion_tokens=1)) is None


def test_cached_tokens_have_their_own_price() -> None:
    usage = Usage(prompt_tokens=100, completion_tokens=10, cached_tokens=60)
    assert cost(Price(input=10, output=100, cached_input=1), usage) == pytest.approx((40 * 10 + 60 + 1000) / 1e6)
    assert cost(Price(input=10, output=100), usage) == pytest.approx((100 * 10 + 1000) / 1e6)


@pytest.mark.parametrize("name", sorted(name for name, provider in PROVIDERS.items() if provider.wire))
def test_the_table_of_addresses_and_keys_agrees_with_litellm(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    litellm, provider = load_litellm(), PROVIDERS[name]
    _, found, _, base = litellm.get_llm_provider(f"{name}/some-model")
    assert found == name
    if base is not None:
        assert base == provider.base
    for variable in provider.keys:
        with monkeypatch.context() as patched:
            patched.setenv(variable, "the-key")
            assert litellm.get_llm_provider(f"{name}/some-model")[2] in ("the-key", None)
    for variable in provider.bases:
        with monkeypatch.context() as patched:
            patched.setenv(variable, "http://127.0.0.1:1/v1")
            assert litellm.get_llm_provider(f"{name}/some-model")[3] in ("http://127.0.0.1:1/v1", None)


def test_routes_are_chosen_by_provider_and_can_be_forced() -> None:
    async def reply(*_: object, **__: object) -> Any:
        raise NotImplementedError

    routes = open_routes(reply)
    assert isinstance(routes(listed("openai/x")), LeanRoute)
    assert isinstance(routes(listed("openai/x", route="litellm")), LitellmRoute)
    assert isinstance(routes(listed("anthropic/x")), LitellmRoute)
    assert isinstance(routes(listed("gpt-4o-mini")), LitellmRoute)
    assert isinstance(routes(listed("sim/x")), SimRoute)
    assert isinstance(routes(listed("sim/x", route="litellm")), LitellmRoute)
    for name in ("anthropic/x", "sim/x", "gpt-4o-mini"):
        with pytest.raises(UsageError, match="cannot go by route 'lean'"):
            routes(listed(name, route="lean"))
    with pytest.raises(UsageError, match="simulated"):
        open_routes()(listed("sim/x"))


def test_neither_litellm_nor_aiohttp_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys, aaa.llm as llm; from aaa.types import Model\n"
        "m = Model(name='m', model='openai/gpt-4o-mini', family='f')\n"
        "llm.open_routes()(m), llm.unit_price(m), llm.missing_key(m)\n"
        "assert not {'litellm', 'aiohttp', 'openai'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
