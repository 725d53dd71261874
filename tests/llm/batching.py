"""What the tests of batches share: a gateway that waits for little, and calls that may wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from asking import asked

from aaa.llm import BatchPolicy, Gateway, RetryPolicy, open_routes
from aaa.store import Store, StoreJournal
from aaa.types import Batch, Call, Model, Price

QUICK = BatchPolicy(idle=0.02, poll=0.01)
TEXTS = ["one", "two", "three", "four"]
PRICE = Price(input=1000.0, output=2000.0)


@asynccontextmanager
async def gateway(store: Store, *, tries: int = 6, policy: BatchPolicy = QUICK, **more: Any) -> AsyncIterator[Gateway]:
    """A run of the session. It ends as a killed one does: nothing is said to the server or written."""
    retry = RetryPolicy(attempts=tries, base=0.001)
    routes = open_routes()
    async with Gateway(StoreJournal(store), routes, session="session", retry=retry, batching=policy, **more) as opened:
        yield opened


async def ask_all(gateway: Gateway, model: Model, texts: Sequence[str], **fields: Any) -> list[Call]:
    """The calls of all texts, asked at once; in batches unless told otherwise."""
    asks = (asked(model, text, step=text, **{"batch": True, **fields}) for text in texts)
    async with asyncio.timeout(20):
        return list(await asyncio.gather(*(gateway.ask(ask) for ask in asks)))


def said(calls: Sequence[Call]) -> list[str]:
    return [call.reply.text for call in calls if call.reply is not None]


def echoed(texts: Sequence[str]) -> list[str]:
    """What the server says to these texts unless it is told otherwise."""
    return [f"You said: {text}" for text in texts]


async def until(reached: Callable[[], object]) -> None:
    """Wait until something is so; fails after seconds."""
    async with asyncio.timeout(5):
        while not reached():  # noqa: ASYNC110 - what a server or a file shows sets no event
            await asyncio.sleep(0.005)


async def killed_when(store: Store, state: str, model: Model, texts: Sequence[str]) -> None:
    """A run that dies once its batch has reached a state."""
    async with gateway(store) as run:
        asking = asyncio.ensure_future(ask_all(run, model, texts))
        await until(lambda: store.count(Batch, state=state))
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


def spent_on_calls(store: Store) -> float:
    """What the calls that came to an end cost, all their attempts together."""
    return sum(call.usd or 0.0 for call in store.rows(Call))
