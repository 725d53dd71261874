"""What tokens cost: the scenario's price, else litellm's list, else unknown; never silently zero."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from aaa.llm.endpoints import provider_name, provider_of
from aaa.llm.lazy import load_litellm
from aaa.types import Model, Price, Usage

FREE = Price(input=0.0, output=0.0)
BATCH_SHARE = 0.5
"""What a call in a batch costs of the list price (OpenAI, "Pricing", Batch API)."""

_MILLION = 1_000_000


def unit_price(model: Model) -> Price | None:
    """List price in USD per million tokens, or None where it is unknown.

    Simulated models, and servers that one runs oneself (hosted_vllm, Ollama, ...), have no price per token unless the
    scenario gives one.
    """
    if isinstance(model.price, Price):
        return model.price
    provider = provider_of(model)
    if model.price == "free" or model.simulated or (provider is not None and provider.local):
        return FREE
    entry = listed(model)
    if entry is None or "input_cost_per_token" not in entry or "output_cost_per_token" not in entry:
        return None
    cached = entry.get("cache_read_input_token_cost")
    output = max(entry["output_cost_per_token"], entry.get("output_cost_per_reasoning_token") or 0.0)
    return Price(
        input=entry["input_cost_per_token"] * _MILLION,
        output=output * _MILLION,
        cached_input=None if cached is None else cached * _MILLION,
    )


def cost(price: Price | None, usage: Usage) -> float | None:
    """USD for `usage`; None where the price is unknown."""
    if price is None:
        return None
    cached_rate = price.input if price.cached_input is None else price.cached_input
    fresh = usage.prompt_tokens - usage.cached_tokens
    return (fresh * price.input + usage.cached_tokens * cached_rate + usage.completion_tokens * price.output) / _MILLION


def batch_price(price: Price | None) -> Price | None:
    """What a call costs that goes in a batch, by its list price."""
    if price is None:
        return None
    cached = None if price.cached_input is None else price.cached_input * BATCH_SHARE
    return Price(input=price.input * BATCH_SHARE, output=price.output * BATCH_SHARE, cached_input=cached)


def listed(model: Model) -> dict[str, Any] | None:
    """The model's entry in litellm's list: by the full model string, else by the bare name if it is this provider's."""
    prices = _price_list()
    if (entry := prices.get(model.model)) is not None:
        return entry
    entry = prices.get(model.model.partition("/")[2])
    return entry if entry is not None and entry.get("litellm_provider") == provider_name(model) else None


@cache
def _price_list() -> dict[str, dict[str, Any]]:
    """litellm's price list, read from its package without importing it (20 ms instead of 5 s)."""
    spec = importlib.util.find_spec("litellm")
    if spec is not None and spec.origin is not None:
        file = Path(spec.origin).with_name("model_prices_and_context_window_backup.json")
        if file.is_file():
            prices: dict[str, dict[str, Any]] = orjson.loads(file.read_bytes())
            return prices
    return dict(load_litellm().model_cost)
