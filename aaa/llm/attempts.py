"""One attempt of a call: within the limits, its worst case reserved before it leaves, settled after."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from aaa.errors import CallError, UsageError
from aaa.llm.budget import NOTHING, Cost, Ledger, Payer
from aaa.llm.limits import Clock, Limits
from aaa.llm.pools import Pool, place_name
from aaa.llm.port import Ask, Journal, Route, Routes
from aaa.llm.prices import FREE, cost, unit_price
from aaa.llm.refusals import Refusals
from aaa.llm.request import completion_bound, prompt_tokens
from aaa.llm.stopping import check
from aaa.scenario import Budget
from aaa.types import Attempt, Deployment, Model, Price, Reply, Usage, row_id

UNUSED = Usage(prompt_tokens=0, completion_tokens=0)
"""What an attempt counts for that was not paid."""


@dataclass(frozen=True, slots=True)
class Made:
    """An attempt that has come back. Tokens and USD are what it counts for: the worst case where nobody knows."""

    outcome: Reply | CallError
    usage: Usage
    usd: float | None
    seconds: float
    row: Attempt | None
    """The settled row; None for an attempt that needs none."""


class Attempts:
    """Makes the attempts of one session."""

    def __init__(
        self,
        journal: Journal,
        routes: Routes,
        limits: Limits,
        ledger: Ledger,
        *,
        budget: Budget,
        session: str,
        made: Mapping[str, int],
        stop: asyncio.Event,
        clock: Clock,
    ) -> None:
        self._journal, self._routes, self._limits, self._ledger = journal, routes, limits, ledger
        self._budget, self._session, self._stop, self._clock = budget, session, stop, clock
        self._made = dict(made)
        """Attempts so far of calls that have not come to an end."""
        self._prices: dict[tuple[str, str], Price | None] = {}
        """By name and model string: places of one model may differ in price."""
        self._pools: dict[tuple[str, tuple[Deployment, ...]], Pool] = {}
        self._known = Refusals()

    async def make(self, key: str, ask: Ask) -> Made:
        """One attempt; an error of the route is its outcome.

        Raises `StopError`, `UsageError`, and the `CallError` of a model that has been found unusable, before anything
        leaves. If it is cancelled, what it reserved stays reserved: nobody knows what the server did.
        """
        return await (self._make_somewhere(key, ask) if ask.model.deployments else self._make_at(key, ask))

    async def _make_somewhere(self, key: str, ask: Ask) -> Made:
        """One attempt at one of the model's places, whose name the reply then bears."""
        pool = self._pool(ask.model)
        place, error = pool.enter(), None
        try:
            made = await self._make_at(key, replace(ask, model=place.model))
            error = made.outcome if isinstance(made.outcome, CallError) else None
        except CallError as refusal:
            error = refusal
            raise
        finally:
            pool.leave(place, error)
        if isinstance(made.outcome, CallError):
            return made
        return replace(made, outcome=made.outcome.model_copy(update={"deployment": place_name(place.model)}))

    async def _make_at(self, key: str, ask: Ask) -> Made:
        """One attempt at one place."""
        self._known.check(ask)
        route = self._routes(ask.model)
        await route.ready()
        payer = Payer(ask.model.name, ask.use.group)
        price = self.price(ask.model, payer.group)
        prompt = prompt_tokens(ask)
        worst = Usage(prompt_tokens=prompt.bound, completion_tokens=completion_bound(ask))
        reserved = Cost.of(cost(price, worst), worst)
        await self._ledger.reserve(payer, reserved)
        spent = NOTHING
        limiter = self._limits.of(ask.model)
        try:
            slot = await limiter.enter(prompt.likely)
            error, usage = None, None
            try:
                check(self._stop)
                spent = reserved
                made = await self._send(key, ask, route, price, worst)
                spent = Cost.of(made.usd, made.usage)
                if isinstance(made.outcome, CallError):
                    error = made.outcome
                else:
                    usage = made.outcome.usage
            finally:
                limiter.leave(slot, usage=usage, error=error)
        finally:
            self._ledger.settle(payer, reserved, spent)
        self._known.learn(ask, error)
        return made

    async def close(self, made: Made) -> None:
        """Settle the row of an attempt that brought its call to no end."""
        if made.row is not None:
            await self._journal.settle(made.row)

    async def _send(self, key: str, ask: Ask, route: Route, price: Price | None, worst: Usage) -> Made:
        row = self._row(key, ask, price, worst)
        if row is not None:
            await self._journal.reserve(row)
        begun = self._clock()
        outcome: Reply | CallError
        try:
            outcome = await route.send(ask, attempt=self._made[key])
        except CallError as error:
            outcome = error
        usage, seconds = counted(outcome, worst), self._clock() - begun
        usd = cost(price, usage)
        return Made(outcome, usage, usd, seconds, None if row is None else settled(row, usage, usd))

    def _row(self, key: str, ask: Ask, price: Price | None, worst: Usage) -> Attempt | None:
        """The next attempt's row, or None where nothing it could spend is counted."""
        number = self.count(key)
        if price == FREE and not self._budget.counts(ask.model.name, ask.use.group):
            return None
        return Attempt(
            id=row_id("attempt", self._session, key, number),
            session=self._session,
            call=key,
            number=number,
            model=ask.model.name,
            state="reserved",
            usd=cost(price, worst),
            prompt_tokens=worst.prompt_tokens,
            completion_tokens=worst.completion_tokens,
            group=ask.use.group,
        )

    def has_another(self, model: Model) -> bool:
        """Whether the model can be asked at another of its places than the one that has just failed."""
        return bool(model.deployments) and self._pool(model).has_another()

    def _pool(self, model: Model) -> Pool:
        key = (model.name, model.deployments)
        if key not in self._pools:
            self._pools[key] = Pool(model, clock=self._clock)
        return self._pools[key]

    def count(self, key: str) -> int:
        """Number of the call's next attempt, which is made now."""
        self._made[key] = self._made.get(key, 0) + 1
        return self._made[key]

    def forget(self, key: str) -> None:
        """The call has come to an end: it will have no further attempt."""
        self._made.pop(key, None)

    def price(self, model: Model, group: str = "") -> Price | None:
        """List price, or None where it is unknown. Raises `UsageError` where it must be known for the budget."""
        key = (model.name, model.model)
        if key not in self._prices:
            self._prices[key] = unit_price(model)
        price = self._prices[key]
        if price is None:
            self._refuse_unpriced(model, group)
        return price

    def _refuse_unpriced(self, model: Model, group: str) -> None:
        budget = self._budget
        limits = (budget.usd, budget.of_model(model.name).usd, budget.of_group(group).usd)
        limit = next((limit for limit in limits if limit is not None), None)
        if limit is not None:
            raise UsageError(
                f"The budget is {limit:g} USD, but the price of model {model.name!r} ({model.model}) is unknown. Give "
                "it in the scenario: `price: {input: 0.15, output: 0.60}` in USD per million tokens, or `price: free`."
            )


def counted(outcome: Reply | CallError, worst: Usage) -> Usage:
    """Tokens that an attempt counts for: the worst case where nobody knows."""
    if isinstance(outcome, CallError):
        return worst if outcome.paid else UNUSED
    return outcome.usage or worst


def settled(row: Attempt, usage: Usage, usd: float | None) -> Attempt:
    """The row of an attempt once it is known what it came to."""
    tokens = {"prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens}
    return row.model_copy(update={"state": "settled", "usd": usd, **tokens})
