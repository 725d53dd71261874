"""Routes to simulated models: in process, and as a custom provider of litellm, which is the path of real models."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, Protocol

from aaa.errors import CallError
from aaa.llm import embedding
from aaa.llm.lazy import load_litellm
from aaa.llm.port import Ask
from aaa.llm.wire import write_response
from aaa.types import Message, Model, Params, Reply, Tool

_STATUS = {
    "rate_limited": 429,
    "server": 500,
    "timeout": 408,
    "connection": 503,
    "malformed": 200,
    "auth": 401,
    "not_found": 404,
    "policy": 400,
    "refused": 400,
}
"""HTTP status with which a simulated fault travels through litellm."""


class SimulatedReply(Protocol):
    """What answers for a simulated model: it sees what a real one would see, and its own declared nature."""

    async def __call__(
        self,
        model: Model,
        messages: Sequence[Message],
        params: Params,
        *,
        tools: Sequence[Tool],
        draw: int,
        attempt: int,
    ) -> Reply: ...


class SimRoute:
    """Asks a simulated model in process."""

    def __init__(self, reply: SimulatedReply) -> None:
        self._reply = reply

    async def ready(self) -> None:
        """Nothing takes long."""

    async def send(self, ask: Ask, *, attempt: int) -> Reply:
        """One attempt. Raises `CallError` where the model's declared faults say so."""
        if ask.embedding:
            return embedding.simulated_vector(ask)
        return await self._reply(ask.model, ask.messages, ask.params, tools=ask.tools, draw=ask.draw, attempt=attempt)

    async def close(self) -> None:
        """Nothing is open."""


def simulation(ask: Ask, attempt: int) -> dict[str, Any]:
    """What travels beside the OpenAI parameters when litellm carries a simulated model."""
    return {"aaa_model": ask.model.model_dump_json(), "aaa_draw": ask.draw, "aaa_attempt": attempt}


def provider_for_litellm(reply: SimulatedReply) -> Any:
    """A `litellm.CustomLLM` that answers for `sim/...`; its class can only be made once litellm is there."""
    litellm = load_litellm()
    custom: Any = importlib.import_module("litellm.llms.custom_llm")

    async def acompletion(self: Any, *, messages: list[Any], optional_params: dict[str, Any], **_: Any) -> Any:
        given = {**optional_params.pop("extra_body", {}), **optional_params}
        model = Model.model_validate_json(given.pop("aaa_model"))
        draw, attempt = given.pop("aaa_draw"), given.pop("aaa_attempt")
        heard = [Message.model_validate(message) for message in messages]
        tools = given.pop("tools", None) or ()
        params = Params.model_validate({name: given[name] for name in given if name in Params.model_fields})
        try:
            said = await reply(model, heard, params, tools=tools, draw=draw, attempt=attempt)
        except CallError as error:
            raise custom.CustomLLMError(_STATUS.get(error.kind, 400), str(error)) from None
        return litellm.ModelResponse(**write_response(said, model.model))

    return type("SimulatedProvider", (custom.CustomLLM,), {"acompletion": acompletion})()
