"""A request in AAA's own form: the parameters it resolves to, and the key it has in the journal."""

from __future__ import annotations

from typing import Any, NamedTuple

from aaa.llm.endpoints import is_official
from aaa.llm.port import Ask
from aaa.types import AgentCard, Model, Params, canonical_json, content_hash, wire

DEFAULT_MAX_TOKENS = 1024
"""Ours: room for a worked answer. A call without a bound could not be reserved in a budget."""

KEY_VERSION = 1
"""Part of every key; it changes when the canonical form does, and never otherwise."""

MESSAGE_TOKENS = 16
"""Ours: tokens that chat templates put around a message (4 in OpenAI's cookbook, about 10 in Llama 3), with room."""

IMAGE_TOKENS = 4096
"""Ours: above what providers count for one image (OpenAI at most 1,445, Anthropic about 1,600)."""


def resolve_params(model: Model, card: AgentCard | None = None, stage: Params | None = None) -> Params:
    """Parameters of a call: model < card < stage, with a `max_tokens` in any case."""
    params = Params(max_tokens=DEFAULT_MAX_TOKENS)
    for layer in (model.params, card.params if card else None, stage):
        if layer is not None:
            params = layer.over(params)
    return params


def identity(model: Model) -> str:
    """What a model is, wherever it runs: declared, else its model string, with the address where that is its own."""
    if model.identity is not None:
        return model.identity
    if model.sim is not None:
        return f"{model.model}#{content_hash(model.sim.model_dump(mode='json'))[:20]}"
    if model.api_base is None or is_official(model):
        return model.model
    return f"{model.model} at {model.api_base}"


def canonical_request(ask: Ask) -> dict[str, Any]:
    """The request before any provider's translation: everything a reply depends on, and nothing else.

    Not in it: route, deployment, price, limits, timeout, the scenario's name for the model, what the call is for.
    """
    if ask.embedding:
        own = {"embedding": True, "messages": wire(ask.messages)}
        return {"version": KEY_VERSION, **_asked(ask.model, ask.params), **own}
    request = {
        "version": KEY_VERSION,
        **_asked(ask.model, ask.params),
        "messages": wire(ask.messages),
        "tools": list(ask.tools),
        "response_format": ask.response_format,
        "draw": ask.draw,
    }
    if ask.fallbacks:
        request["fallbacks"] = [_asked(link.model, link.params) for link in ask.fallbacks]
    return request


def _asked(model: Model, params: Params) -> dict[str, Any]:
    """A model and how it is asked."""
    return {
        "model": identity(model),
        "revision": model.revision,
        "params": params.model_dump(mode="json", exclude_defaults=True),
    }


def call_key(ask: Ask) -> str:
    """The journal key: SHA-256 of the canonical request."""
    return content_hash(canonical_request(ask))


class PromptTokens(NamedTuple):
    """Tokens of a prompt that nobody has counted yet."""

    bound: int
    """What it cannot exceed: a token is at least one byte of UTF-8, beside templates and images."""
    likely: int
    """On the high side: one token for every three bytes (ours; English prose has one for four)."""


def prompt_tokens(ask: Ask) -> PromptTokens:
    """How long a prompt is."""
    size, overhead = _text_bytes(ask), _overhead(ask)
    return PromptTokens(size + overhead, size // 3 + overhead)


def completion_bound(ask: Ask) -> int:
    """Tokens that the completion cannot exceed, as far as the server obeys; a vector has none."""
    return 0 if ask.embedding else most_tokens(ask.params)


def most_tokens(params: Params) -> int:
    """The largest of the bounds on a completion that a server is sent."""
    extra = params.extra_body
    given = (params.max_tokens, extra.get("max_tokens"), extra.get("max_completion_tokens"))
    return max((bound for bound in given if isinstance(bound, int)), default=DEFAULT_MAX_TOKENS)


def _text_bytes(ask: Ask) -> int:
    extra = [canonical_json([*ask.tools, ask.response_format])] if ask.tools or ask.response_format else []
    calls = [call.arguments + call.name for message in ask.messages for call in message.tool_calls]
    texts = [message.text for message in ask.messages]
    return sum(len(text.encode(errors="surrogatepass")) for text in (*texts, *calls, *extra))


def _overhead(ask: Ask) -> int:
    images = sum(1 for m in ask.messages if not isinstance(m.content, str) for p in m.content if p.type == "image_url")
    return MESSAGE_TOKENS * (len(ask.messages) + 1) + IMAGE_TOKENS * images
