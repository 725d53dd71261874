"""Carries a batch to its provider and its results back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any, TypeVar

from aaa.errors import CallError, InterruptedSessionError, UsageError
from aaa.llm.attempts import UNUSED, Made, counted, settled
from aaa.llm.batches.api import BatchApi, Remote
from aaa.llm.batches.azure import on_wire
from aaa.llm.batches.bundle import Bundle, cost_of
from aaa.llm.batches.lane import Lane
from aaa.llm.batches.policy import BatchPolicy
from aaa.llm.batches.results import is_crowded, left_out, read_results, refusal
from aaa.llm.budget import Cost, Ledger, payer_of
from aaa.llm.faults import RETRIED, again_for_another
from aaa.llm.lean import LeanRoute
from aaa.llm.limits import Sleep
from aaa.llm.port import Ask, Journal, Routes
from aaa.llm.prices import cost
from aaa.llm.retry import RetryPolicy
from aaa.types import Attempt, Batch, Model, Usage

T = TypeVar("T")


class Carrier:
    """Sends batches, waits for them, settles what they cost. Each state of a batch is committed before the next.

    A batch whose id at the provider is not known, since the run died or the connection broke as it was made, is looked
    for by the mark that the provider keeps of it.
    """

    def __init__(
        self,
        journal: Journal,
        routes: Routes,
        ledger: Ledger,
        *,
        policy: BatchPolicy,
        retry: RetryPolicy,
        random: Random,
        sleep: Sleep,
    ) -> None:
        self._journal, self._routes, self._ledger = journal, routes, ledger
        self._policy, self._retry, self._random = policy, retry, random
        self._sleep = sleep
        self._lanes: dict[str, Lane] = {}

    def serves(self, model: Model) -> bool:
        """Whether batches of this model can be sent: it has one place, and OpenAI's wire is spoken there."""
        return not model.deployments and isinstance(self._routes(on_wire(model)), LeanRoute)

    def body(self, ask: Ask) -> dict[str, Any]:
        """A call as the wire has it."""
        return self._lean(ask.model).body(replace(ask, model=on_wire(ask.model)))

    def room(self, model: Model) -> int:
        """Most requests that a batch of this model may hold now. Raises `CallError` where there is no room at all."""
        lane = self._lane(model)
        if lane.full is not None:
            raise again_for_another(lane.full)
        return lane.room

    async def carry(self, bundle: Bundle) -> None:
        """Bring a batch to its end, whatever that is; the bundle tells those who wait."""
        lane, error = self._lane(bundle.model), None
        await lane.enter()
        try:
            error = await self._deliver(bundle, lane)
        except Exception as fault:  # noqa: BLE001 - it is raised for each of those who wait
            error = fault
            for attempt in bundle.attempts.values():
                self._ledger.settle(payer_of(attempt), cost_of(attempt), cost_of(attempt))
        finally:
            lane.leave()
        bundle.end(error)

    async def _deliver(self, bundle: Bundle, lane: Lane) -> Exception | None:
        """Send it if need be, wait for it, collect it; returns why calls were left without an outcome."""
        assert bundle.row is not None, "only a sealed bundle leaves"
        api, row = BatchApi(self._lean(bundle.model), on_wire(bundle.model)), bundle.row
        if bundle.lines:
            if lane.full is not None:
                await self._void(bundle, row)
                return lane.full
            row = await self._send(bundle, row, api)
        elif row.remote is None:
            found = await self._patiently(partial(api.find, row.id))
            if found is None:
                await self._void(bundle, row)
                return None
            row = await self._submitted(row, found)
        remote = await self._ended(bundle, row, api)
        if remote.status == "failed" and is_crowded(remote.errors):
            if len(bundle.attempts) == 1:
                lane.full = refusal(bundle.model, remote.errors)
            lane.crowd(len(bundle.attempts))
            await self._void(bundle, row)
            return lane.full
        return await self._collect(bundle, row, remote, api)

    async def _send(self, bundle: Bundle, row: Batch, api: BatchApi) -> Batch:
        """Commit the worst case, upload the requests, make the batch."""
        await self._journal.hold(row, list(bundle.attempts.values()))
        try:
            file = await self._patiently(partial(api.upload, list(bundle.lines.values())))
            while file.waits:
                await self._sleep(self._policy.poll)
                file = await self._patiently(partial(api.look_at, file.id))
        except CallError:
            await self._void(bundle, row)
            raise
        bundle.lines.clear()
        tried = 0
        while True:
            try:
                made = await api.find(row.id) if tried else None
                return await self._submitted(row, made or await api.create(file.id, row.id))
            except CallError as error:
                tried += 1
                if (wait := self._retry.wait(error, tried, self._random)) is None:
                    if tried == 1 and error.kind not in RETRIED:  # else it may be there: the next run looks for it
                        await self._void(bundle, row)
                    raise
                await self._sleep(wait)

    async def _submitted(self, row: Batch, remote: Remote) -> Batch:
        row = row.model_copy(update={"remote": remote.id, "state": "submitted"})
        await self._journal.hold(row)
        return row

    async def _ended(self, bundle: Bundle, row: Batch, api: BatchApi) -> Remote:
        """The batch once it has ended. Looks that fail are borne with, up to a number in a row."""
        assert row.remote is not None, "only a submitted batch ends"
        missed = 0
        while True:
            try:
                remote = await api.get(row.remote)
                if remote.ended:
                    return remote
                missed = 0
            except CallError as error:
                missed += 1
                if error.kind not in RETRIED or missed >= self._policy.missed:
                    raise
            bundle.seen.set()
            await self._sleep(self._policy.poll)

    async def _collect(
        self, bundle: Bundle, row: Batch, remote: Remote, api: BatchApi
    ) -> InterruptedSessionError | None:
        """Give each call its outcome. What somebody cancelled is not sent again unasked: the session stops."""
        files = [await self._patiently(partial(api.content, file)) for file in remote.files]
        results = read_results(bundle.model, files)
        cancelled: list[Attempt] = []
        for key, attempt in list(bundle.attempts.items()):
            outcome = results.get(key)
            if outcome is None and remote.status == "cancelled":
                cancelled.append(self._settled(bundle, attempt, UNUSED))
                continue
            outcome = outcome or _absent(bundle.model, remote)
            worst = Usage(prompt_tokens=attempt.prompt_tokens, completion_tokens=attempt.completion_tokens)
            usage = counted(outcome, worst)
            kept = self._settled(bundle, attempt, usage)
            bundle.made[key] = Made(outcome, usage, kept.usd, 0.0, kept)
        await self._journal.hold(row.model_copy(update={"state": remote.status}), cancelled)
        if remote.source is not None:
            # The prompts need not lie there any longer. Results stay: their calls are committed only after this.
            await api.discard(remote.source)
        if not cancelled:
            return None
        return InterruptedSessionError(
            f"Batch {remote.id!r} of model {bundle.model.name!r} was cancelled at the provider, {len(cancelled)} calls "
            "before their turn. Run the same command again to send these anew."
        )

    async def _void(self, bundle: Bundle, row: Batch) -> None:
        """Settle a batch that the provider never took: nothing of it was paid."""
        rows = [self._settled(bundle, attempt, UNUSED) for attempt in list(bundle.attempts.values())]
        await self._journal.hold(row.model_copy(update={"state": "failed"}), rows)

    def _settled(self, bundle: Bundle, attempt: Attempt, usage: Usage) -> Attempt:
        """Give back what an attempt had set aside; returns its row as it is to be kept."""
        del bundle.attempts[attempt.call]
        usd = cost(bundle.price, usage)
        self._ledger.settle(payer_of(attempt), cost_of(attempt), Cost.of(usd, usage))
        return settled(attempt, usage, usd)

    async def _patiently(self, request: Callable[[], Awaitable[T]]) -> T:
        """What a request brings, tried again like a call."""
        tried = 0
        while True:
            try:
                return await request()
            except CallError as error:
                tried += 1
                if (wait := self._retry.wait(error, tried, self._random)) is None:
                    raise
            await self._sleep(wait)

    def _lane(self, model: Model) -> Lane:
        return self._lanes.setdefault(model.name, Lane(self._policy.requests))

    def _lean(self, model: Model) -> LeanRoute:
        route = self._routes(on_wire(model))
        if not isinstance(route, LeanRoute):
            raise UsageError(f"Model {model.name!r} ({model.model}) has no batch API; use `mode: live`.")
        return route


def _absent(model: Model, remote: Remote) -> CallError:
    """Why an ended batch has no result for a call."""
    return refusal(model, remote.errors) if remote.status == "failed" else left_out(model, remote.status)
