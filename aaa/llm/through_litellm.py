"""The route to every provider that litellm knows: one `acompletion`, its own retries off."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from aaa.errors import CallError
from aaa.llm import embedding
from aaa.llm.embedding.gathering import Gathering
from aaa.llm.endpoints import endpoint
from aaa.llm.faults import Heard, fault, of_response
from aaa.llm.lazy import load_litellm
from aaa.llm.port import Ask
from aaa.llm.quiet import quiet_log
from aaa.llm.redact import REDACTED
from aaa.llm.simulated import SimulatedReply, provider_for_litellm, simulation
from aaa.llm.wire import arguments, read_reply
from aaa.types import Reply

_WRAPPING = re.compile(r"^(?:litellm\.\w+: )+(?:(?:\w+Error: )?\w*Exception(?: \w+Error)? - )?")
"""Names of classes that litellm puts before what the server said: `litellm.BadRequestError: OpenAIException - `."""


class LitellmRoute:
    """Sends requests by `litellm.acompletion`; with `simulated` it carries `sim/...` too, as a custom provider."""

    def __init__(self, simulated: SimulatedReply | None = None) -> None:
        self._simulated = simulated
        self._ready = False
        self._opening = asyncio.Lock()
        self._vectors = Gathering(self._embed)

    async def ready(self) -> None:
        """Import litellm (5 s, in which other models' replies do not wait) and tell it of simulated models."""
        if self._ready:
            return
        async with self._opening:
            if not self._ready:
                self._introduce(await asyncio.to_thread(load_litellm))
                self._ready = True

    async def send(self, ask: Ask, *, attempt: int) -> Reply:
        """One attempt. Raises `CallError`."""
        if ask.embedding:
            return embedding.simulated_vector(ask) if ask.model.simulated else await self._vectors.send(ask)
        litellm = await self._prepared()
        model = ask.model
        way = endpoint(model)
        body = arguments(ask)
        try:
            response = await litellm.acompletion(
                model=model.model,
                **body,
                **_extra(ask, attempt),
                api_base=way.base if model.api_base else None,
                api_key=way.key,
                timeout=model.timeout,
                max_retries=0,
                num_retries=0,
                litellm_logging_obj=quiet_log("acompletion", model.model, body["messages"]),
            )
            data = response.model_dump()
        except Exception as error:  # noqa: BLE001 - litellm raises classes of a dozen libraries; all become typed faults
            raise _fault(ask, error, way.key) from None
        return read_reply(_without(way.key, data), model)

    async def _embed(self, asks: Sequence[Ask]) -> list[Reply]:
        """The vectors of several texts, in one request. Raises `CallError`."""
        litellm = await self._prepared()
        model = asks[0].model
        way = endpoint(model)
        texts = [ask.messages[0].text for ask in asks]
        try:
            response = await litellm.aembedding(
                model=model.model,
                input=texts,
                **({"extra_body": asks[0].params.extra_body} if asks[0].params.extra_body else {}),
                api_base=way.base if model.api_base else None,
                api_key=way.key,
                timeout=model.timeout,
                max_retries=0,
                litellm_logging_obj=quiet_log("aembedding", model.model, texts),
            )
            data = response.model_dump()
        except Exception as error:  # noqa: BLE001 - litellm raises classes of a dozen libraries; all become typed faults
            raise _fault(asks[0], error, way.key) from None
        return embedding.read_vectors(data, asks)

    async def close(self) -> None:
        """Close litellm's connections."""
        if self._ready:
            litellm = load_litellm()
            await litellm.close_litellm_async_clients()
            litellm.in_memory_llm_clients_cache.flush_cache()  # it would hand out the closed clients again

    async def _prepared(self) -> Any:
        await self.ready()
        return load_litellm()

    def _introduce(self, litellm: Any) -> None:
        if self._simulated is not None:
            others = [entry for entry in litellm.custom_provider_map if entry["provider"] != "sim"]
            handler = provider_for_litellm(self._simulated)
            litellm.custom_provider_map = [*others, {"provider": "sim", "custom_handler": handler}]
        litellm.utils.custom_llm_setup()  # which it does itself only where it makes the log of a call


def _extra(ask: Ask, attempt: int) -> dict[str, Any]:
    """What goes beside OpenAI's parameters."""
    extra = simulation(ask, attempt) if ask.model.simulated else {}
    if ask.params.extra_body:
        extra["extra_body"] = ask.params.extra_body
    if ask.tools:
        # Its handler of MCP tools needs packages that litellm does not install, and would call servers by itself.
        extra["_skip_mcp_handler"] = True
    return extra


def _fault(ask: Ask, error: Exception, key: str | None) -> CallError:
    """By status code; classes tell only what has none: connections, timeouts, and litellm's own refusal to send."""
    model = ask.model
    body = _WRAPPING.sub("", _without(key, str(error)))
    name = type(error).__name__
    if name in ("Timeout", "APITimeoutError", "TimeoutError"):
        return fault("timeout", model, f"no reply within {model.timeout:g} s", body=body, paid=True)
    if name == "UnsupportedParamsError":
        return fault("invalid", model, body[:300], body=body)
    if name == "ContextWindowExceededError":
        return fault("context_length", model, body[:300], body=body)
    if name == "ContentPolicyViolationError":
        return fault("policy", model, body[:300], body=body)
    status = getattr(error, "status_code", None)
    if "No module named" in body:
        return fault("not_found", model, f"litellm needs a package that is not installed: {body[:300]}", body=body)
    # Where nobody was reached, some of its classes bear a 500 of litellm's own.
    unheard = name == "InternalServerError" and body.rstrip(" .").endswith("Connection error")
    if name == "APIConnectionError" or unheard or not isinstance(status, int):
        return fault("connection", model, f"{name}: {body.partition('Traceback')[0][:300]}", body=body, paid=True)
    if 200 <= status < 300:
        return fault("malformed", model, f"{name}: {body[:300]}", body=body, paid=True)
    return of_response(model, Heard(status, body, _headers(error)))


def _headers(error: Exception) -> dict[str, str]:
    response = getattr(error, "response", None)
    headers = getattr(error, "litellm_response_headers", None) or getattr(response, "headers", None) or {}
    return {str(name).lower(): str(value) for name, value in dict(headers).items()}


def _without(key: str | None, data: Any) -> Any:
    """A server that echoes the key it was sent must not bring it into the journal."""
    if not key or len(key) < 8:
        return data
    if isinstance(data, str):
        return data.replace(key, REDACTED)
    if isinstance(data, dict):
        return {name: _without(key, value) for name, value in data.items()}
    return [_without(key, value) for value in data] if isinstance(data, list) else data
