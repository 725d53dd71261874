"""What went wrong with a call, typed: by HTTP status and error body, never by a library's exception classes."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from aaa.errors import CallError
from aaa.llm.redact import raw, redact
from aaa.types import CallFailure, CallFailureKind, Model, Reply

RETRIED: frozenset[str] = frozenset({"rate_limited", "server", "timeout", "connection", "malformed"})
"""Another try of the same request may help now."""

ACCOUNT: frozenset[str] = frozenset({"auth", "not_found"})
"""Something the user has to mend: no try helps now, but the next run asks again."""

NO_SERVICE = RETRIED | ACCOUNT
"""The model was not there to answer, so its fallback is asked. Not where it did answer, or would have: a refusal is
an answer, and asking round until some model complies would hide it; what is wrong with a request (`invalid`,
`context_length`, `truncated`) is for the user to mend, not for another model to cover up."""

FINAL: frozenset[str] = frozenset(get_args(CallFailureKind)) - RETRIED - ACCOUNT
"""The same request would fail again: kept in the journal, and replayed."""

_ADVICE: Mapping[str, str] = {
    "rate_limited": "set `rpm`, `tpm` or `concurrency` of the model to what your account allows",
    "server": "the provider has trouble; run again later",
    "timeout": "raise `timeout` of the model, or lower `max_tokens`",
    "connection": "check the address, and that the server runs",
    "malformed": "the server, or a proxy before it, sends broken replies",
    "auth": "check the key, its rights and the account's balance",
    "not_found": "check the model's name and its `api_base`",
    "invalid": "check `params` of the model, the card and the stage",
    "context_length": "shorten the prompt or choose a model with a longer context",
    "policy": "the provider's filter stopped it",
    "refused": "the model declined",
    "truncated": "raise `max_tokens`",
    "empty": "the model said nothing; try other `params`",
}

_BY_STATUS: Mapping[int, CallFailureKind] = {
    401: "auth",
    402: "auth",
    403: "auth",
    404: "not_found",
    405: "not_found",
    408: "timeout",
    409: "server",
    410: "not_found",
    413: "context_length",
    425: "server",
    429: "rate_limited",
    504: "timeout",
}

_CONTEXT = re.compile(
    r"context.?(?:length|window)|maximum context|max(?:imum)? (?:input|prompt) (?:length|tokens)|"
    r"(?:prompt|input|request) (?:is )?too (?:long|large)|too many (?:input )?tokens|"
    r"input token count .{0,40}exceeds|string_above_max_length",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"content.?(?:policy|filter|management)|safety system|responsible.?ai|moderation|flagged|usage polic", re.IGNORECASE
)
_NO_MONEY = re.compile(
    r"insufficient.?(?:quota|balance|credit|funds)|billing|credit balance|exceeded your current quota", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back instead of a reply."""

    status: int
    body: str
    headers: Mapping[str, str]
    """Read by names in lower case."""


def fault(
    kind: CallFailureKind,
    model: Model,
    found: str,
    *,
    body: str = "",
    retry_after: float | None = None,
    paid: bool = False,
) -> CallError:
    """A typed error: which model was asked, what was found, what to do."""
    return CallError(
        kind,
        f"Asked {model.name!r} ({model.model}): {redact(found)}. Advice: {_ADVICE[kind]}.",
        transient=kind not in FINAL,
        model=model.name,
        raw=raw(body) if body else None,
        retry_after=retry_after,
        paid=paid,
    )


def of_response(model: Model, heard: Heard) -> CallError:
    """The error that a response without success stands for. Nothing was paid for it."""
    kind = _kind(heard)
    said = " ".join(heard.body.split())[:300]
    found = f"HTTP {heard.status}" + (f", {said}" if said else "")
    return fault(kind, model, found, body=heard.body, retry_after=retry_after(heard.headers))


def of_reply(model: Model, reply: Reply) -> CallFailure | None:
    """Why a reply that arrived is not an answer, or None if it is one. What it cost is paid."""
    kind: CallFailureKind
    if reply.embedding is not None:
        return None
    if reply.finish_reason == "content_filter":
        kind, found = "policy", "the reply was stopped by a content filter"
    elif reply.text.strip() or reply.tool_calls:
        return None
    elif reply.finish_reason == "length":
        kind, found = "truncated", "max_tokens were used up before any visible text"
    else:
        kind, found = "empty", "the reply holds no text"
    error = fault(kind, model, found, body=reply.text or reply.reasoning or "")
    return CallFailure(kind=kind, message=str(error), raw=error.raw)


def again(failure: CallFailure, model: Model, call: str) -> CallError:
    """The error that a journalled failure stands for, raised anew."""
    return CallError(
        failure.kind, failure.message, transient=False, model=model.name, raw=failure.raw, call=call, paid=False
    )


def again_for_another(error: CallError) -> CallError:
    """The same error for another who asked the same: one exception raised twice would gather both tracebacks."""
    return CallError(
        error.kind,
        str(error),
        transient=error.transient,
        model=error.model,
        raw=error.raw,
        retry_after=error.retry_after,
        call=error.call,
        paid=False,
    )


def unserved(errors: Sequence[CallError]) -> CallError:
    """The error of a call that no model of its chain has served: the first one's, with a word on the others."""
    error = again_for_another(errors[0])
    if len(errors) > 1:
        others = " ".join(str(other) for other in errors[1:])
        error.args = (f"{error} No fallback served either. {others}",)
    return error


def as_failure(error: CallError) -> CallFailure:
    """A final error in the form in which the journal keeps it."""
    return CallFailure.model_validate({"kind": error.kind, "message": str(error), "raw": error.raw})


def _kind(heard: Heard) -> CallFailureKind:
    if heard.status in (400, 403, 413, 422):
        if _CONTEXT.search(heard.body):
            return "context_length"
        if _POLICY.search(heard.body):
            return "policy"
    if heard.status in (400, 403, 429) and _NO_MONEY.search(heard.body):
        return "auth"
    if heard.status in _BY_STATUS:
        return _BY_STATUS[heard.status]
    if heard.status >= 500:
        return "server"
    return "not_found" if 300 <= heard.status < 400 else "invalid"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the server asks to wait, from `retry-after-ms`, `retry-after` (seconds or HTTP date), or, where these
    are missing, the later reset of the rate limits that are used up."""
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    if (value := headers.get("retry-after")) is not None:
        return seconds if (seconds := _number(value)) is not None else _until(value, headers.get("date"))
    resets = [
        _duration(headers.get(f"x-ratelimit-reset-{what}", ""))
        for what in ("requests", "tokens")
        if _number(headers.get(f"x-ratelimit-remaining-{what}")) == 0
    ]
    return max((reset for reset in resets if reset is not None), default=None)


def _number(text: Any) -> float | None:
    """A finite number of zero or more, or None."""
    try:
        value = float(text)
    except (TypeError, ValueError):
        return None
    return value if 0 <= value < float("inf") else None


def _until(date: str, now: str | None) -> float | None:
    """Seconds from the server's own clock to an HTTP date: ours may be wrong."""
    try:
        then = email.utils.parsedate_to_datetime(date)
        since = email.utils.parsedate_to_datetime(now) if now else email.utils.localtime()
        return max(0.0, (then - since).total_seconds())
    except (TypeError, ValueError):
        return None


def _duration(text: str) -> float | None:
    """Seconds in Go's notation for durations, which OpenAI's headers use: `1s`, `6m0s`, `20ms`."""
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|h|m|s)", text)
    return sum(float(number) * units[unit] for number, unit in parts) if parts else _number(text)
