"""The lean route: OpenAI's chat wire over one shared aiohttp session, at a tenth of litellm's CPU a call."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import orjson

from aaa.llm import embedding
from aaa.llm.embedding.gathering import Gathering
from aaa.llm.endpoints import NO_KEY, Endpoint, endpoint, is_official, provider_name
from aaa.llm.faults import Heard, fault, of_response
from aaa.llm.port import Ask
from aaa.llm.redact import REDACTED
from aaa.llm.wire import arguments, read_reply
from aaa.types import Model, Reply

if TYPE_CHECKING:
    import aiohttp


CHAT = "/chat/completions"
"""Where the wire is spoken, below a server's address."""
EMBEDDINGS = "/embeddings"
"""Where the same servers turn texts into vectors."""


class LeanRoute:
    """Sends requests as they are; neither retries nor follows redirects, which could carry a key elsewhere."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._newer: dict[tuple[str, str | None], bool] = {}
        """Whether a model takes `max_completion_tokens` in the place of `max_tokens`."""
        self._endpoints: dict[tuple[str, str | None, str | None], Endpoint] = {}
        self._vectors = Gathering(self._embed)

    async def ready(self) -> None:
        """Nothing takes long."""

    async def send(self, ask: Ask, *, attempt: int) -> Reply:
        """One attempt. Raises `CallError`."""
        if ask.embedding:
            return await self._vectors.send(ask)
        heard = await self._post(ask)
        if heard.status == 400 and "max_completion_tokens" in heard.body and not self._is_newer(ask.model):
            # Learnt once for each model, not a retry: the server has named the field that it wants instead.
            self._newer[_place(ask.model)] = True
            heard = await self._post(ask)
        if heard.status != 200:
            raise of_response(ask.model, heard)
        return read_reply(decoded(heard.body, ask.model), ask.model)

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def exchange(
        self, model: Model, method: str, path: str, data: bytes | aiohttp.FormData | None = None, *, seconds: float
    ) -> Heard:
        """One request to the model's server within `seconds`, and what came back, whatever its status.

        Bytes are JSON. Raises `CallError` where nothing came back.
        """
        import aiohttp  # heavy

        way = self._endpoint(model)
        headers = {"Authorization": f"Bearer {way.key or NO_KEY}"}
        if isinstance(data, bytes):
            headers["Content-Type"] = "application/json"
        root = _root(model, way)
        try:
            async with self._open().request(
                method,
                root + path,
                data=data,
                headers=headers,
                proxy=_proxy(root),
                timeout=aiohttp.ClientTimeout(total=seconds),
                allow_redirects=False,
            ) as response:
                body = await response.read()
                text = _without(way.key, body.decode("utf-8", "replace"))
                return Heard(response.status, text, response.headers)
        except aiohttp.ConnectionTimeoutError:
            raise fault("timeout", model, f"no connection within {seconds:g} s") from None
        except TimeoutError:
            raise fault("timeout", model, f"no reply within {seconds:g} s", paid=True) from None
        except aiohttp.InvalidURL as error:
            raise fault("not_found", model, f"{str(error)!r} is no address") from None
        except aiohttp.ClientConnectorError as error:
            raise fault("connection", model, f"no connection: {error}") from None
        except aiohttp.ClientPayloadError:
            raise fault("malformed", model, "the reply broke off", paid=True) from None
        except (aiohttp.ClientError, OSError) as error:
            found = f"the connection broke ({type(error).__name__}: {error})"
            raise fault("connection", model, found, paid=True) from None

    def _endpoint(self, model: Model) -> Endpoint:
        """Found once for each model: asking the environment several times a call adds up."""
        place = (model.model, model.api_base, model.api_key_env)
        if place not in self._endpoints:
            self._endpoints[place] = endpoint(model)
        return self._endpoints[place]

    async def _post(self, ask: Ask) -> Heard:
        data = _encoded(self.body(ask))
        return await self.exchange(ask.model, "POST", CHAT, data, seconds=ask.model.timeout)

    async def _embed(self, asks: Sequence[Ask]) -> list[Reply]:
        """The vectors of several texts, in one request. Raises `CallError`."""
        model = asks[0].model
        body = {"model": _served_name(model), "input": [ask.messages[0].text for ask in asks]}
        data = _encoded({**body, **asks[0].params.extra_body})
        heard = await self.exchange(model, "POST", EMBEDDINGS, data, seconds=model.timeout)
        if heard.status != 200:
            raise of_response(model, heard)
        return embedding.read_vectors(decoded(heard.body, model), asks)

    def _open(self) -> aiohttp.ClientSession:
        """The one session; limits of concurrency are the gateway's, so its pool has none."""
        if self._session is None:
            import aiohttp  # heavy

            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=300))
        return self._session

    def body(self, ask: Ask) -> dict[str, Any]:
        """The request as the wire has it."""
        body = {"model": _served_name(ask.model), **arguments(ask)}
        extra = ask.params.extra_body
        if self._is_newer(ask.model) or "max_completion_tokens" in extra:
            body["max_completion_tokens"] = body.pop("max_tokens", None)
        return {**body, **extra}

    def _is_newer(self, model: Model) -> bool:
        """OpenAI itself takes `max_completion_tokens` for every chat model, and for reasoning models only that; so does
        the same wire at Azure (`/openai/v1`)."""
        place = _place(model)
        if place not in self._newer:
            self._newer[place] = provider_name(model) == "openai" and (
                is_official(model) or str(model.api_base).rstrip("/").endswith("/openai/v1")
            )
        return self._newer[place]


def _place(model: Model) -> tuple[str, str | None]:
    return model.model, model.api_base


def _served_name(model: Model) -> str:
    return model.model.partition("/")[2] or model.model


def _root(model: Model, way: Endpoint) -> str:
    if way.base is None:
        raise fault("not_found", model, f"provider {provider_name(model)!r} has no address of its own; set `api_base`")
    base = way.base.rstrip("/").removesuffix(CHAT)
    if provider_name(model) == "ollama" and not base.endswith("/v1"):
        base += "/v1"  # litellm's addresses of Ollama point at its own API
    return base


@lru_cache(maxsize=256)
def _proxy(root: str) -> str | None:
    """The proxy that the environment names for an address. (aiohttp's `trust_env` asks anew, in two threads a call.)"""
    parts = urlsplit(root)
    return None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)


def _encoded(body: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(body)
    except orjson.JSONEncodeError:  # a lone surrogate, which models do write, and integers beyond 64 bits
        return json.dumps(body).encode()


def decoded(text: str, model: Model) -> Any:
    """What JSON in a response holds. Raises `CallError`: `malformed`."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(text)  # also takes the lone surrogates that servers send when they cut an emoji in two
    except ValueError as error:
        raise fault("malformed", model, f"invalid JSON ({error})", body=text, paid=True) from None


def _without(key: str | None, text: str) -> str:
    """A server that echoes the key it was sent must not bring it into the journal."""
    return text.replace(key, REDACTED) if key and len(key) >= 8 else text
