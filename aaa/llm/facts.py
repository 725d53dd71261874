"""What is known of a model before it is asked: window, price, route, key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aaa.llm.endpoints import missing_key
from aaa.llm.prices import listed, unit_price
from aaa.llm.routes import RouteName, route_name
from aaa.types import Model, Price

Source = Literal["scenario", "litellm", "own server", "simulated", "unknown"]
"""Where a figure comes from. `own server`: software that one runs oneself has no list price."""


@dataclass(frozen=True, slots=True)
class Known:
    """Facts about one model. No key is among them, only the name of the variable that lacks one."""

    context: int | None
    """Context window in tokens, prompt and reply together."""
    context_source: Source
    price: Price | None
    """List price in USD per million tokens; None where it is unknown."""
    price_source: Source
    route: RouteName
    missing_key: str | None


def known(model: Model) -> Known:
    """What the scenario and litellm's list say of `model`. Raises `UsageError` for a route that it cannot go."""
    entry = None if model.simulated else listed(model)
    window = None if entry is None else entry.get("max_input_tokens")
    context = model.context if model.context is not None else window
    price = unit_price(model)
    return Known(
        context=context,
        context_source="scenario" if model.context is not None else "unknown" if window is None else "litellm",
        price=price,
        price_source=_price_source(model, price, in_list=entry is not None),
        route=route_name(model),
        missing_key=missing_key(model),
    )


def _price_source(model: Model, price: Price | None, *, in_list: bool) -> Source:
    if model.price is not None:
        return "scenario"
    if model.simulated:
        return "simulated"
    if price is None:
        return "unknown"
    return "litellm" if in_list and (price.input or price.output) else "own server"
