"""One tiny call of each model, outside any session."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from aaa import sim
from aaa.errors import AaaError, CallError
from aaa.llm import Ask, Gateway, RetryPolicy, Use, open_routes, resolve_params
from aaa.session.resolved import Resolved
from aaa.store import Store, StoreJournal
from aaa.types import Call, Model, Params, user

QUESTION = "Reply with one word: ready"
MAX_TOKENS = 16
"""Ours: the least that OpenAI's newer models accept."""
ANSWERED = frozenset({"empty", "truncated"})
"""Failures of a model that was there and answered, with no room for words: a reasoning model thought too long."""


@dataclass(frozen=True)
class Ping:
    """What came of it."""

    model: str
    ok: bool
    seconds: float | None
    """Of the request that was answered; None where none was."""
    served_model: str | None
    """What really answered, in the server's words."""
    text: str
    """What it said; or what went wrong, and what to do."""
    usd: float | None
    """None where the price is unknown."""


async def ping(resolved: Resolved) -> tuple[Ping, ...]:
    """Try every model once, with its own parameters. Nothing is kept, and no session's budget is touched."""
    with TemporaryDirectory(prefix="aaa-ping-") as folder, Store.open(Path(folder) / "ping.db") as store:
        routes = open_routes(sim.reply)
        async with Gateway(StoreJournal(store), routes, session="ping", retry=RetryPolicy(attempts=1)) as gateway:
            return tuple(await asyncio.gather(*(_ping(gateway, model) for model in resolved.models.values())))


async def _ping(gateway: Gateway, model: Model) -> Ping:
    params = resolve_params(model, stage=Params(max_tokens=MAX_TOKENS))
    use = Use(session="ping", episode=model.name, step="ping", role="member")
    try:
        call = await gateway.ask(Ask(model=model, messages=(user(QUESTION),), params=params, use=use))
    except CallError as error:
        return Ping(model.name, error.kind in ANSWERED, None, None, str(error), None)
    except AaaError as error:
        return Ping(model.name, False, None, None, str(error), None)
    return _answered(model, call)


def _answered(model: Model, call: Call) -> Ping:
    assert call.reply is not None, call.id
    return Ping(model.name, True, call.seconds, call.reply.served_model, call.reply.text, call.usd)
