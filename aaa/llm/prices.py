"""What tokens cost: the scenario's price, else litellm's list, else unknown; never silently zero."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from aaa.llm.endpoints import provider_name, provider_of
from aaa.llm.lazy import load_litellm
from aaa.types import Model, Price, PriceTier, Rates, Usage

FREE = Price(input=0.0, output=0.0)
BATCH_SHARE = 0.5
"""What a call in a batch costs of the list price (OpenAI, "Pricing", Batch API)."""

_MILLION = 1_000_000
_INPUT = "input_cost_per_token"
_ABOVE = re.compile(_INPUT + r"_above_(\d+)k_tokens")


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
    return None if entry is None else _of_entry(entry)


def _of_entry(entry: Mapping[str, Any]) -> Price | None:
    """The price of an entry of litellm's list, in either of the two forms in which it has rates for long prompts."""
    steps = sorted(entry.get("tiered_pricing") or (), key=lambda step: float(step.get("range", (0,))[0]))
    if "input_cost_per_token" not in entry and steps:
        base, *rest = steps
        longer = {int(step["range"][0]): _rates(step) for step in rest if "range" in step}
    else:
        base = entry
        found = (_ABOVE.fullmatch(name) for name in entry)
        longer = {int(hit[1]) * 1000: _rates(entry, hit[0].removeprefix(_INPUT)) for hit in found if hit is not None}
    rates = _rates(base)
    if rates is None:
        return None
    tiers = (PriceTier(above=above, **tier.model_dump()) for above, tier in sorted(longer.items()) if tier is not None)
    return Price(**rates.model_dump(), tiers=tuple(tiers))


def _rates(entry: Mapping[str, Any], suffix: str = "") -> Rates | None:
    """The rates whose names end so; None where input or output has none. Reasoning counts as output, at the dearer."""
    given, said = entry.get(f"{_INPUT}{suffix}"), entry.get(f"output_cost_per_token{suffix}")
    if said is None and entry.get("mode") == "embedding":
        said = 0.0  # vectors are not charged for
    if given is None or said is None:
        return None
    cached = entry.get(f"cache_read_input_token_cost{suffix}")
    output = max(said, entry.get(f"output_cost_per_reasoning_token{suffix}") or 0.0)
    return Rates(
        input=given * _MILLION,
        output=output * _MILLION,
        cached_input=None if cached is None else cached * _MILLION,
    )


def rates_at(price: Price, prompt_tokens: float) -> Rates:
    """The rates of a request whose prompt is so long."""
    exceeded = [tier for tier in price.tiers if prompt_tokens > tier.above]
    return max(exceeded, key=lambda tier: tier.above) if exceeded else price


def cost(price: Price | None, usage: Usage) -> float | None:
    """USD for `usage`; None where the price is unknown."""
    if price is None:
        return None
    rates = rates_at(price, usage.prompt_tokens)
    cached_rate = rates.input if rates.cached_input is None else rates.cached_input
    fresh = usage.prompt_tokens - usage.cached_tokens
    return (fresh * rates.input + usage.cached_tokens * cached_rate + usage.completion_tokens * rates.output) / _MILLION


def batch_price(price: Price | None) -> Price | None:
    """What a call costs that goes in a batch, by its list price."""
    if price is None:
        return None
    tiers = tuple(PriceTier(above=tier.above, **_halved(tier).model_dump()) for tier in price.tiers)
    return Price(**_halved(price).model_dump(), tiers=tiers)


def _halved(rates: Rates) -> Rates:
    cached = None if rates.cached_input is None else rates.cached_input * BATCH_SHARE
    return Rates(input=rates.input * BATCH_SHARE, output=rates.output * BATCH_SHARE, cached_input=cached)


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
