"""What an ended batch says of each of its calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aaa.errors import CallError
from aaa.llm.faults import Heard, fault, of_response
from aaa.llm.lean import decoded
from aaa.llm.wire import read_reply
from aaa.types import Model, Reply, canonical_json


def read_results(model: Model, files: Iterable[str]) -> dict[str, Reply | CallError]:
    """Outcomes by journal key, from the files of replies and of errors, whose lines come in any order.

    A line that cannot be read, or stands for a call that never ran, gives none.
    """
    outcomes: dict[str, Reply | CallError] = {}
    for file in files:
        for text in file.split("\n"):
            if text.strip():
                _read(model, text, outcomes)
    return outcomes


def _read(model: Model, text: str, outcomes: dict[str, Reply | CallError]) -> None:
    try:
        line = decoded(text, model)
    except CallError:
        return
    match line:
        case {"custom_id": str() as key, "response": {"status_code": int() as status, "body": body}}:
            outcomes[key] = _outcome(model, status, body)


def _outcome(model: Model, status: int, body: Any) -> Reply | CallError:
    if status != 200:
        return of_response(model, Heard(status, canonical_json(body), {}))
    try:
        return read_reply(body, model)
    except CallError as error:
        return error


def left_out(model: Model, status: str) -> CallError:
    """Why a batch that ended with this status holds no result for a call. Another try may help."""
    if status == "completed":
        return fault("malformed", model, "the batch has no readable line for it", paid=True)
    return fault("server", model, f"the batch {status} before it was answered")


def refusal(model: Model, errors: str) -> CallError:
    """Why a batch failed as a whole: all about the account, and nothing about a single call, is believed."""
    if is_crowded(errors):
        return fault("rate_limited", model, f"its queue for batches is full: {errors}", body=errors)
    error = of_response(model, Heard(400, errors, {}))
    return error if error.kind == "auth" else fault("server", model, f"the batch failed: {errors}", body=errors)


def is_crowded(errors: str) -> bool:
    """Whether a batch failed since the account's queue has no room for it (OpenAI's code)."""
    return "token_limit_exceeded" in errors
