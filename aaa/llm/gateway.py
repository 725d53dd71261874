"""The call layer: every call of a session goes through here, is kept in the journal, and is replayed from it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from types import TracebackType
from typing import Any

from aaa.errors import CallError
from aaa.llm.attempts import Attempts, Made
from aaa.llm.batches import Batches, BatchPolicy, Carrier
from aaa.llm.budget import Ledger
from aaa.llm.endpoints import located
from aaa.llm.faults import FINAL, NO_SERVICE, again, again_for_another, as_failure, of_reply, unserved
from aaa.llm.limits import Clock, Limits, Sleep
from aaa.llm.outages import OutagePolicy, Outages
from aaa.llm.port import Ask, Journal, Routes, Use
from aaa.llm.request import canonical_request, identity
from aaa.llm.retry import RetryPolicy
from aaa.llm.stopping import stoppable
from aaa.llm.tally import Tally
from aaa.llm.turns import Turns
from aaa.scenario import Budget
from aaa.types import Call, CallUse, Reply, content_hash, row_id

Landed = Call | CallError | None
"""What came of a call in flight: None where whoever made it was stopped."""


class Gateway:
    """Implements `Asker` for one session, as an async context manager that closes its routes.

    An equal request that is in the journal is replayed, one that is in flight is shared. What is new waits for the
    model's limits and for the budget, is tried and tried again, and is committed before anybody sees it. Final
    failures are kept and replayed like replies. Calls that may wait go in batches, where their model has them. Once
    `stop` is set no further attempt leaves: those in flight come home, and all that waits is let go. What `outages`
    knows to be down is not asked call by call.
    """

    def __init__(
        self,
        journal: Journal,
        routes: Routes,
        *,
        session: str,
        budget: Budget | None = None,
        retry: RetryPolicy | None = None,
        limits: Limits | None = None,
        batching: BatchPolicy | None = None,
        outages: OutagePolicy | None = None,
        stop: asyncio.Event | None = None,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        random: Random | None = None,
    ) -> None:
        self._journal, self._routes, self._session = journal, routes, session
        self._budget = budget or Budget()
        self._retry, self._random = retry or RetryPolicy(), random or Random()
        self._batching, self._stop = batching or BatchPolicy(), stop or asyncio.Event()
        self._nap = stoppable(sleep, self._stop)
        self._limits = limits or Limits(clock=clock, sleep=self._nap)
        self._clock, self._sleep = clock, sleep
        self.outages = Outages(outages or OutagePolicy(), clock=clock, sleep=sleep, stop=self._stop)
        self._flights: dict[str, asyncio.Future[Landed]] = {}
        self._stirred = 0
        self._opening = asyncio.Lock()
        self._attempts: Attempts | None = None
        self._batches: Batches | None = None
        self._turns = Turns(lambda: len(self._flights))
        self.tally = Tally()

    async def __aenter__(self) -> Gateway:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._batches is not None:
            await self._batches.close()
        await self._routes.close()

    async def ask(self, ask: Ask) -> Call:
        """The committed call, made or replayed; its `reply` is set.

        Raises `CallError` where it failed, `BudgetError` where it does not fit into the budget,
        `InterruptedSessionError` where it was stopped before it was done, `StoreError` where the journal fails,
        `UsageError` where the model cannot be called as the scenario has it.
        """
        ask = _located(ask)
        request = canonical_request(ask)
        key = content_hash(request)
        while (flight := self._flights.get(key)) is not None:
            landed = await asyncio.shield(flight)
            if isinstance(landed, Call):
                return await self._replay(landed, ask)
            if landed is not None:
                self.tally.failed += 1
                raise again_for_another(landed)
        return await self._lead(key, request, ask)

    async def _lead(self, key: str, request: dict[str, Any], ask: Ask) -> Call:
        """Find or make the call, and let others who ask the same share what comes of it."""
        flight: asyncio.Future[Landed] = asyncio.get_running_loop().create_future()
        self._flights[key] = flight
        self._stirred += 1
        landed: Landed = None
        try:
            if (found := await self._journal.find(key)) is not None:
                landed = found
                return await self._replay(found, ask)
            landed = call = await self.outages.through(ask, partial(self._make, key, request, ask, _Paid()))
            return _raised_or(call, ask)
        except CallError as error:
            landed = landed or error
            self.tally.failed += 1
            raise
        finally:
            del self._flights[key]
            self._stirred += 1
            flight.set_result(landed)

    async def _replay(self, call: Call, ask: Ask) -> Call:
        await self._journal.used(_use(ask.use, call.id, paid=False))
        self.tally.replayed += 1
        return _raised_or(call, ask)

    async def _make(self, key: str, request: dict[str, Any], ask: Ask, paid: _Paid) -> Call:
        """Ask the model, and where it gives no service its fallbacks; commit what comes of it.

        Raises `CallError` where no reply and no final failure comes from any of them.
        """
        attempts, batches = await self._opened()
        errors: list[CallError] = []
        for number, link in enumerate(ask.chain()):
            serve = partial(self._until_over, key, link, paid, attempts, batches)
            try:
                made = await (self.outages.through(link, serve, relieved=True) if ask.fallbacks else serve())
            except CallError as error:
                error.call = key
                errors.append(error)
                if error.kind not in NO_SERVICE:
                    break
            else:
                async with self._turns:
                    call = _call(key, request, link, number, made, paid)
                    await self._journal.commit(call, _use(ask.use, key, paid=True), [made.row] if made.row else [])
                attempts.forget(key)
                self.tally.made += 1
                return call
        raise unserved(errors)

    async def _until_over(self, key: str, ask: Ask, paid: _Paid, attempts: Attempts, batches: Batches) -> Made:
        """Try one model until there is a reply or a final failure. Raises `CallError` for all others."""
        tried = 0
        while True:
            tried += 1
            made = await (batches if batches.takes(key, ask) else attempts).make(key, ask)
            paid.add(made)
            self._count(made)
            if isinstance(made.outcome, Reply) or made.outcome.kind in FINAL:
                return made
            await attempts.close(made)
            elsewhere = attempts.has_another(ask.model)
            wait = self._retry.wait(made.outcome, tried, self._random, elsewhere=elsewhere)
            if wait is None:
                raise made.outcome
            self.tally.tried_again(made.outcome)
            await self._nap(wait)

    def _count(self, made: Made) -> None:
        self.tally.prompt_tokens += made.usage.prompt_tokens
        self.tally.completion_tokens += made.usage.completion_tokens
        self.tally.usd += made.usd or 0.0
        self.tally.unpriced += made.usd is None

    async def _opened(self) -> tuple[Attempts, Batches]:
        """What makes the session's attempts, with all that earlier runs spent and left open; read once."""
        async with self._opening:
            if self._attempts is None or self._batches is None:
                ledger = await self._ledger_of(self._session)
                self._attempts = Attempts(
                    self._journal,
                    self._routes,
                    self._limits,
                    ledger,
                    budget=self._budget,
                    session=self._session,
                    made=await self._journal.unfinished(self._session),
                    stop=self._stop,
                    clock=self._clock,
                )
                self._batches = self._batches_of(self._attempts, ledger)
                await self._batches.open()
        return self._attempts, self._batches

    async def _ledger_of(self, session: str) -> Ledger:
        by_group = await self._journal.spent_by_group(session) if self._budget.cast else None
        return Ledger(self._budget, await self._journal.spent(session), by_group)

    def _batches_of(self, attempts: Attempts, ledger: Ledger) -> Batches:
        carrier = Carrier(
            self._journal,
            self._routes,
            ledger,
            policy=self._batching,
            retry=self._retry,
            random=self._random,
            sleep=self._sleep,
        )
        return Batches(
            attempts,
            carrier,
            self._journal,
            ledger,
            session=self._session,
            policy=self._batching,
            sleep=self._sleep,
            busy=lambda waiting: len(self._flights) > waiting + ledger.waiting + self.outages.waiting,
            stirred=lambda: self._stirred,
            stop=self._stop,
        )


@dataclass(slots=True)
class _Paid:
    """What the attempts of a call add up to in this run."""

    attempts: int = 0
    usd: float = 0.0

    def add(self, made: Made) -> None:
        self.attempts += 1
        self.usd += made.usd or 0.0


def _located(ask: Ask) -> Ask:
    """The request with the addresses that the environment gives to its models."""
    model = located(ask.model)
    if not ask.fallbacks:
        return ask if model is ask.model else replace(ask, model=model)
    fallbacks = tuple(replace(link, model=located(link.model)) for link in ask.fallbacks)
    return replace(ask, model=model, fallbacks=fallbacks)


def _call(key: str, request: dict[str, Any], link: Ask, number: int, made: Made, paid: _Paid) -> Call:
    """The row of a call that came to an end at `link`, its chain's model of this number."""
    if isinstance(made.outcome, Reply):
        failure = of_reply(link.model, made.outcome)
        reply = made.outcome if failure is None else None
    else:
        reply, failure = None, as_failure(made.outcome)
    return Call(
        id=key,
        model=identity(link.model),
        fallback=number,
        request=request,
        reply=reply,
        failure=failure,
        usd=None if made.usd is None else paid.usd,
        attempts=paid.attempts,
        seconds=round(made.seconds, 3),
        simulated=link.model.simulated,
    )


def _use(use: Use, call: str, *, paid: bool) -> CallUse:
    return CallUse(
        id=row_id("use", use.session, use.episode, use.step, use.role),
        session=use.session,
        episode=use.episode,
        step=use.step,
        role=use.role,
        call=call,
        paid=paid,
    )


def _raised_or(call: Call, ask: Ask) -> Call:
    """The call, its reply under the name that this scenario gives to who answered; its failure is raised."""
    model = ask.fallbacks[call.fallback - 1].model if call.fallback else ask.model
    if call.failure is not None:
        raise again(call.failure, model, call.id)
    if call.reply is None or call.reply.answered_by == model.name:
        return call
    return call.model_copy(update={"reply": call.reply.model_copy(update={"answered_by": model.name})})
