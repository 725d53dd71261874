"""A hard budget: the worst case is set aside before a request leaves, and given back when it settles."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aaa.errors import BudgetError, InterruptedSessionError
from aaa.scenario import Budget
from aaa.types import Spent


@dataclass(frozen=True, slots=True)
class Cost:
    """What an attempt costs, or may cost at worst."""

    usd: float
    calls: int
    tokens: int


NOTHING = Cost(0.0, 0, 0)


class Ledger:
    """What one session has spent and set aside. `spent + reserved` never exceeds the budget."""

    def __init__(self, budget: Budget, spent: Spent) -> None:
        self._budget = budget
        self._spent = Cost(spent.usd, spent.calls, spent.tokens)
        self._reserved = NOTHING
        self._settled = asyncio.Event()
        self._stopped: str | None = None
        self.waiting = 0
        """Calls that wait for others to settle."""

    @property
    def spent(self) -> Cost:
        """What settled attempts cost, unsettled ones of earlier runs included."""
        return self._spent

    async def reserve(self, worst: Cost) -> None:
        """Set `worst` aside, waiting for others to settle where it does not fit now.

        Raises `BudgetError` where it would not fit even if all that is set aside came back, `InterruptedSessionError`
        where it would have to wait after `stop`.
        """
        while self._exceeded(_plus(_plus(self._spent, self._reserved), worst)) is not None:
            if (limit := self._exceeded(_plus(self._spent, worst))) is not None:
                raise BudgetError(self._refusal(limit, worst))
            if self._stopped is not None:
                raise InterruptedSessionError(self._stopped)
            self._settled.clear()
            self.waiting += 1
            try:
                await self._settled.wait()
            finally:
                self.waiting -= 1
        self._reserved = _plus(self._reserved, worst)

    def settle(self, worst: Cost, cost: Cost) -> None:
        """Give back what was set aside, and count what it cost."""
        left = _plus(self._reserved, Cost(-worst.usd, -worst.calls, -worst.tokens))
        self._reserved = left if left.calls else NOTHING  # no residue of floating point, or the last call would wait
        self._spent = _plus(self._spent, cost)
        self._settled.set()

    def stop(self, reason: str) -> None:
        """Let go of all who wait for others to settle."""
        self._stopped = reason
        self._settled.set()

    def take_back(self, worst: Cost) -> None:
        """Take what an earlier run set aside and never settled, so that it counts as spent, as set aside again."""
        self._spent = _plus(self._spent, Cost(-worst.usd, -worst.calls, -worst.tokens))
        self._reserved = _plus(self._reserved, worst)

    def _exceeded(self, total: Cost) -> str | None:
        """Name of the first limit that `total` breaks."""
        for name in ("usd", "calls", "tokens"):
            limit = getattr(self._budget, name)
            if limit is not None and getattr(total, name) > limit:
                return name
        return None

    def _refusal(self, limit: str, worst: Cost) -> str:
        budget, spent, need = (float(getattr(of, limit)) for of in (self._budget, self._spent, worst))
        return (
            f"The next call may need {need:.6g} {limit}, but of budget.{limit} = {budget:.6g} only "
            f"{max(0.0, budget - spent):.6g} is left. What is done is kept: raise budget.{limit} and run the same "
            "command again, or lower `max_tokens`."
        )


def _plus(left: Cost, right: Cost) -> Cost:
    return Cost(left.usd + right.usd, left.calls + right.calls, left.tokens + right.tokens)
