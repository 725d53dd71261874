"""What litellm does beside a call, for loggers and dashboards: switched off, as AAA prices and keeps calls itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from aaa.llm.lazy import load_litellm

_AT_ONCE = (
    "response_cost_calculator",
    "claim_async_success_log",  # false: nobody may queue one
    "handle_sync_success_callbacks_for_async_calls",
    "failure_handler",
)
_AWAITED = ("async_success_handler", "async_failure_handler")
SILENCED = (*_AT_ONCE, *_AWAITED)
"""Methods of litellm's log that are switched off: no public setting does it. A test says when one is gone."""


def quiet_log(call_type: str, model: str, messages: Sequence[Any]) -> Any:
    """A log for one call of litellm (`litellm_logging_obj`) that prices, keeps and passes on nothing.

    litellm makes one for every call that brings none. Its own prices each reply several times, which for models outside
    its list is a third of the CPU of a call, and keeps requests and replies until a worker of its own has passed them
    to callbacks.
    """
    return _quiet_class()(
        model=model,
        messages=messages,
        stream=False,
        call_type=call_type,
        start_time=datetime.now(),  # without a zone, as it reckons
        litellm_call_id="",
        function_id="",
    )


@cache
def _quiet_class() -> Any:
    """Its class can only be made once litellm is there."""
    base = load_litellm().Logging
    return type("QuietLog", (base,), {**dict.fromkeys(_AT_ONCE, _nothing), **dict.fromkeys(_AWAITED, _nothing_awaited)})


def _nothing(*_: Any, **__: Any) -> None:
    """Do nothing."""


async def _nothing_awaited(*_: Any, **__: Any) -> None:
    """Do nothing."""
