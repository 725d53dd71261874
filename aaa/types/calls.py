"""Calls of models: the reply, what it used, the row in the journal, and each use of it."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from aaa.types.base import Record, SessionRecord, Value
from aaa.types.messages import ToolCall
from aaa.types.models import Model

FinishReason = Literal["stop", "length", "tool_calls", "content_filter", "unknown"]

CallFailureKind = Literal[
    "rate_limited",
    "server",
    "timeout",
    "connection",
    "malformed",
    "auth",
    "not_found",
    "invalid",
    "context_length",
    "policy",
    "refused",
    "truncated",
    "empty",
]
FailureKind = CallFailureKind | Literal["parse_failed", "context_leak", "own_family", "template", "internal"]
"""Why an episode or call did not work. `own_family`: a juror's fallback may not judge here. `internal` is a fault of
AAA itself."""


class Usage(Value):
    """Tokens of one reply, as the server counted them. `reasoning_tokens` are part of `completion_tokens`."""

    prompt_tokens: int
    completion_tokens: int
    reasoning_tokens: int = 0
    cached_tokens: int = 0


class Reply(Value):
    """What a model said: visible `text` and `reasoning` are kept apart."""

    text: str
    reasoning: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    finish_reason: FinishReason = "stop"
    usage: Usage | None = None
    answered_by: str
    """Name (in the scenario) of the model that really answered."""
    served_model: str | None = None
    """The model's name as the server gave it."""
    embedding: str | None = None
    """The vector of a text that was to be embedded: numbers of 32 bits, in base64."""
    deployment: str | None = None
    """Which of the model's deployments served it; None where it has only one place."""


class CallFailure(Value):
    """A final failure of a call, replayed like a reply."""

    kind: CallFailureKind
    message: str
    raw: str | None = None
    """What the server sent, cut to a sensible length, keys redacted."""


class Call(Record):
    """One request and what came of it; `id` is the journal key. Shared by every session that asks the same."""

    model: str
    """Identity of the model that answered, or failed for good."""
    fallback: int = 0
    """Who that was: 0 the model that was asked, else its n-th fallback."""
    request: dict[str, JsonValue]
    """AAA's canonical request, before any provider's translation."""
    reply: Reply | None = None
    failure: CallFailure | None = None
    usd: float | None = None
    """Price of the attempts that were paid; None where the price is unknown."""
    attempts: int = 1
    seconds: float = 0.0
    """What the last attempt took; 0 in a batch, where the wait says nothing of the model."""
    simulated: bool = False


class CallUse(SessionRecord):
    """One use of a call; `id` follows from (session, episode, step, role)."""

    episode: str
    step: str
    role: str
    call: str
    paid: bool
    """Whether this use caused the call, or replayed it."""


class Attempt(SessionRecord):
    """One request that left: its worst case is reserved before, and settled after. Unsettled counts as spent."""

    call: str
    number: int
    model: str
    state: Literal["reserved", "settled"]
    usd: float | None
    """Worst case while reserved, then what it cost; 0 for a request that was refused unpaid; None: price unknown."""
    prompt_tokens: int
    completion_tokens: int
    batch: str | None = None
    """The batch it left in; None for a request of its own."""
    group: str = ""
    """The group of the cast that it was made for; empty for none."""


class Batch(SessionRecord):
    """Calls handed to a provider together, for less money and an answer within a day. Its attempts name it."""

    model: Model
    """All of them ask this one; it says where the batch lies."""
    remote: str | None = None
    """The provider's id of it; None while nobody knows whether it arrived."""
    state: Literal["reserved", "submitted", "completed", "expired", "failed", "cancelled"]
    """`reserved` before it is sent; the last four are how the provider ended it."""
    requests: int
    usd: float | None
    """Worst case of all its requests; None: price unknown."""


class Spent(Value):
    """What attempts of a session cost so far; reservations that never settled count in full."""

    usd: float
    calls: int
    """Requests that left, tries again included."""
    tokens: int
