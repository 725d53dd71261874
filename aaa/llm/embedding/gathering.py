"""Texts that are to be embedded at the same time travel in one request; each keeps its own place in the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from aaa.errors import CallError
from aaa.llm.faults import again_for_another
from aaa.llm.port import Ask
from aaa.types import Reply

LARGEST = 96
"""Texts of a request at most (ours; OpenAI takes 2,048, Cohere 96)."""
MOST_BYTES = 200_000
"""Bytes of a request at most (ours; OpenAI takes 300,000 tokens)."""
PATIENCE = 0.03
"""Seconds that the first text of a request waits for others (ours: what is reserved for them at the same time may be
committed some 10 ms apart)."""
NARROWED = frozenset({"invalid", "context_length", "policy"})
"""Faults that may be those of a single text: the request is halved until they are."""

Pending = tuple[Ask, asyncio.Future[Reply]]
Send = Callable[[Sequence[Ask]], Awaitable[list[Reply]]]


class Gathering:
    """Waits a moment for texts that go the same way, and sends them together; a text that is refused is refused alone.

    Limits, budget, retries and journal are the gateway's, for each text by itself.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: dict[str, list[Pending]] = {}
        self._shipments: set[asyncio.Task[None]] = set()

    async def send(self, ask: Ask) -> Reply:
        """The vector of one text. Raises `CallError`."""
        lane = _lane(ask)
        waiting = self._waiting.setdefault(lane, [])
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        waiting.append((ask, future))
        if len(waiting) == 1:
            asyncio.get_running_loop().call_later(PATIENCE, self._leave, lane, waiting)
        if len(waiting) >= LARGEST or sum(_size(one) for one, _ in waiting) >= MOST_BYTES:
            self._leave(lane, waiting)
        return await future

    def _leave(self, lane: str, batch: list[Pending]) -> None:
        """Send what waits, unless it has left already."""
        if self._waiting.get(lane) is batch:
            del self._waiting[lane]
            task = asyncio.get_running_loop().create_task(self._ship(batch))
            self._shipments.add(task)
            task.add_done_callback(self._shipments.discard)

    async def _ship(self, batch: list[Pending]) -> None:
        batch = [(ask, future) for ask, future in batch if not future.done()]
        if not batch:
            return
        try:
            replies = await self._send([ask for ask, _ in batch])
        except CallError as error:
            if error.kind in NARROWED and len(batch) > 1:
                middle = len(batch) // 2
                await asyncio.gather(self._ship(batch[:middle]), self._ship(batch[middle:]))
                return
            for _, future in batch:
                _fail(future, _copy(error))
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            for _, future in batch:
                _fail(future, error)
        else:
            for (_, future), reply in zip(batch, replies, strict=True):
                if not future.done():
                    future.set_result(reply)


def _fail(future: asyncio.Future[Reply], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)


def _copy(error: CallError) -> CallError:
    """The same for each who waits, the cost included."""
    copy = again_for_another(error)
    copy.paid = error.paid
    return copy


def _size(ask: Ask) -> int:
    return len(ask.messages[0].text.encode(errors="surrogatepass"))


def _lane(ask: Ask) -> str:
    """Where a text goes and how: texts of one lane may share a request."""
    model = ask.model
    return f"{model.name} {model.model} {model.api_base} {model.api_key_env} {ask.params.model_dump_json()}"
