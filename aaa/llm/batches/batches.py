"""Gathers calls that may wait into batches, and gives each what came of it, across restarts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from aaa.errors import CallError, InterruptedSessionError
from aaa.llm.attempts import Attempts, Made
from aaa.llm.batches.bundle import Bundle, Line, cost_of
from aaa.llm.batches.carrier import Carrier
from aaa.llm.batches.policy import BatchPolicy
from aaa.llm.budget import NOTHING, Cost, Ledger, Payer, payer_of
from aaa.llm.faults import again_for_another
from aaa.llm.lean import CHAT
from aaa.llm.limits import Sleep
from aaa.llm.port import Ask, Journal
from aaa.llm.prices import batch_price, cost
from aaa.llm.request import completion_bound, prompt_tokens
from aaa.types import Attempt, Batch, Usage


class Batches:
    """Makes the attempts of one session that may wait for a batch.

    The worst case of each call is set aside while it is gathered, and committed with its batch before that leaves. A
    batch that is open when a run ends is taken over by the next, so none is paid twice.
    """

    def __init__(
        self,
        attempts: Attempts,
        carrier: Carrier,
        journal: Journal,
        ledger: Ledger,
        *,
        session: str,
        policy: BatchPolicy,
        sleep: Sleep,
        busy: Callable[[int], bool],
        stirred: Callable[[], int],
        stop: asyncio.Event,
    ) -> None:
        """`busy` says whether calls are in flight beside so many that wait here, `stirred` counts the calls that began
        or ended, those made elsewhere included; `stop` ends all waiting once none is in flight."""
        self._attempts, self._carrier, self._journal, self._ledger = attempts, carrier, journal, ledger
        self._session, self._policy, self._sleep = session, policy, sleep
        self._busy, self._stirred, self._stop = busy, stirred, stop
        self._gathering: dict[str, Bundle] = {}
        """By name of the model."""
        self._held: dict[str, Bundle] = {}
        """Batches that have left, by journal key of each call that nobody has taken from them yet."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None
        self._waiting = 0

    async def open(self) -> None:
        """Take over the batches that earlier runs left open, and collect those that have ended."""
        held = await self._journal.held(self._session)
        adopted = [self._adopted(row, {attempt.call: attempt for attempt in attempts}) for row, attempts in held]
        await asyncio.gather(*(bundle.seen.wait() for bundle in adopted))

    async def close(self) -> None:
        """Let go of all batches; they stay open for the next run."""
        tasks = [*self._tasks, *([self._watch] if self._watch else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def takes(self, key: str, ask: Ask) -> bool:
        """Whether a call is made here: it may wait and its model has batches, or a batch has brought it already."""
        held = self._held.get(key)
        return (held is not None and key in held.made) or (ask.batch and self._carrier.serves(ask.model))

    async def make(self, key: str, ask: Ask) -> Made:
        """One attempt, in a batch. Raises `BudgetError` and `UsageError` before anything leaves, `CallError` where the
        batch cannot be sent or asked about, `InterruptedSessionError` where the session is to stop."""
        while True:
            bundle = self._held.get(key) or await self._gathered(key, ask)
            await self._until_over(key, bundle)
            if key not in bundle.attempts:
                self._held.pop(key, None)
            if key in bundle.made:
                return bundle.made.pop(key)
            if bundle.error is not None:
                raise _anew(bundle.error)

    async def _gathered(self, key: str, ask: Ask) -> Bundle:
        """The batch that will take this call along, once its worst case fits into the budget."""
        model, group, room = ask.model, ask.use.group, self._carrier.room(ask.model)
        price = batch_price(self._attempts.price(model, group))
        worst = Usage(prompt_tokens=prompt_tokens(ask).bound, completion_tokens=completion_bound(ask))
        body = self._carrier.body(ask)
        # In ASCII there is no character that some server would take for the end of a line.
        data = json.dumps({"custom_id": key, "method": "POST", "url": f"/v1{CHAT}", "body": body}).encode("ascii")
        line = Line(data, worst, Cost.of(cost(price, worst), worst), group)
        await self._ledger.reserve(Payer(model.name, group), line.cost)
        bundle = self._gathering.get(model.name)
        if bundle is not None and bundle.size + len(data) >= self._policy.bytes:
            self._leave(bundle)
            bundle = None
        if bundle is None:
            bundle = self._gathering[model.name] = Bundle(model, price)
        bundle.add(key, line)
        if len(bundle.lines) >= room:
            self._leave(bundle)
        return bundle

    async def _until_over(self, key: str, bundle: Bundle) -> None:
        self._waiting += 1
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._watching())
        try:
            await bundle.over.wait()
        except asyncio.CancelledError:
            if self._gathering.get(bundle.model.name) is bundle:
                line = bundle.drop(key)
                self._ledger.settle(Payer(bundle.model.name, line.group), line.cost, NOTHING)
            raise
        finally:
            self._waiting -= 1

    async def _watching(self) -> None:
        """Send what has been gathered when nothing else can go on, or end the waiting if the session is to stop.

        A call that ended during a nap may be about to bring others, so that one more nap is due.
        """
        while self._waiting:
            stirred = self._stirred()
            await self._sleep(self._policy.idle)
            if self._stirred() != stirred or self._busy(self._waiting):
                continue
            if self._stop.is_set():
                self._release()
            for bundle in list(self._gathering.values()):
                self._leave(bundle)

    def _release(self) -> None:
        """Send away all who wait, for a batch or for what a batch may give back. What has left, the next run finds."""
        reason = "Stopped as asked; batches go on at the provider: run the same command again to collect them."
        gathered = list(self._gathering.values())
        self._gathering.clear()
        for bundle in {*gathered, *self._held.values()}:
            if not bundle.over.is_set():
                bundle.end(InterruptedSessionError(reason))
        self._ledger.stop(reason)

    def _leave(self, bundle: Bundle) -> None:
        """Close a batch to further calls, and set it on its way."""
        del self._gathering[bundle.model.name]
        if bundle.lines:
            bundle.seal(self._session, self._attempts.count)
            self._set_out(bundle)

    def _adopted(self, row: Batch, attempts: dict[str, Attempt]) -> Bundle:
        """A batch of an earlier run, on its way again."""
        bundle = Bundle(row.model, batch_price(self._attempts.price(row.model)), row=row, attempts=attempts)
        for attempt in attempts.values():
            self._ledger.take_back(payer_of(attempt), cost_of(attempt))
        self._set_out(bundle)
        return bundle

    def _set_out(self, bundle: Bundle) -> None:
        self._held.update(dict.fromkeys(bundle.attempts, bundle))
        task = asyncio.create_task(self._carrier.carry(bundle))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _anew(error: Exception) -> Exception:
    """An error for one of several who wait: raised for all of them, one would gather their tracebacks."""
    if isinstance(error, CallError):
        return again_for_another(error)
    return InterruptedSessionError(*error.args) if isinstance(error, InterruptedSessionError) else error
