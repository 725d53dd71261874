"""Which way a model's requests go."""

from __future__ import annotations

from typing import Literal

from aaa.errors import UsageError
from aaa.llm.endpoints import provider_name, provider_of
from aaa.llm.lean import LeanRoute
from aaa.llm.port import Route
from aaa.llm.simulated import SimRoute, SimulatedReply
from aaa.llm.through_litellm import LitellmRoute
from aaa.types import Model

RouteName = Literal["simulated", "lean", "litellm"]


class OpenRoutes:
    """The routes of one process, each opened when first used; connections are shared by all models."""

    def __init__(self, simulated: SimulatedReply | None = None) -> None:
        self._simulated = None if simulated is None else SimRoute(simulated)
        self._lean = LeanRoute()
        self._litellm = LitellmRoute(simulated)

    def __call__(self, model: Model) -> Route:
        """The route of `model`. Raises `UsageError` where it asks for one that cannot carry it."""
        name = route_name(model)
        if name != "simulated":
            return self._lean if name == "lean" else self._litellm
        if self._simulated is None:
            raise UsageError(f"Model {model.name!r} is simulated, and nothing here answers for simulated models.")
        return self._simulated

    async def close(self) -> None:
        """Close all connections."""
        await self._lean.close()
        await self._litellm.close()


def route_name(model: Model) -> RouteName:
    """The route of `model`, as it chooses or as its provider allows. Raises `UsageError` where the two disagree."""
    if model.simulated and model.route == "lean":
        raise UsageError(f"Model {model.name!r} is simulated and cannot go by route 'lean'.")
    if model.simulated or model.route == "litellm":
        return "litellm" if model.route == "litellm" else "simulated"
    provider = provider_of(model)
    lean = provider is not None and provider.wire
    if model.route == "lean" and not lean:
        raise UsageError(
            f"Model {model.name!r} cannot go by route 'lean': provider {provider_name(model)!r} is not known to "
            "speak OpenAI's chat wire. Leave `route` out; if its server does, write `openai/NAME` and `api_base`."
        )
    return "lean" if lean else "litellm"


def open_routes(simulated: SimulatedReply | None = None) -> OpenRoutes:
    """Routes to real models, and with `simulated` (`aaa.sim.reply`) to simulated ones."""
    return OpenRoutes(simulated)
