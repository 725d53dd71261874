"""A hard budget: the worst case is set aside before a request leaves, and given back when it settles."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from aaa.errors import BudgetError, InterruptedSessionError
from aaa.scenario import Allowance, Budget
from aaa.types import Attempt, Spent, Usage


@dataclass(frozen=True, slots=True)
class Cost:
    """What an attempt costs, or may cost at worst."""

    usd: float
    calls: int
    tokens: int

    @classmethod
    def of(cls, usd: float | None, usage: Usage) -> Cost:
        """That of one request; where nobody knows its price, it counts for no USD."""
        return cls(usd or 0.0, 1, usage.prompt_tokens + usage.completion_tokens)

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.usd + other.usd, self.calls + other.calls, self.tokens + other.tokens)

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.usd - other.usd, self.calls - other.calls, self.tokens - other.tokens)


NOTHING = Cost(0.0, 0, 0)


class Payer(NamedTuple):
    """Whose allowances an attempt counts against, beside the whole."""

    model: str
    group: str
    """Of the cast; empty for none."""


def payer_of(attempt: Attempt) -> Payer:
    """Who pays for an attempt."""
    return Payer(attempt.model, attempt.group)


class Account:
    """What has been spent and set aside under one allowance. `spent + reserved` never exceeds it."""

    def __init__(self, name: str, allowance: Allowance) -> None:
        """`name` is what the scenario calls the allowance."""
        limits = {"usd": allowance.usd, "calls": allowance.calls, "tokens": allowance.tokens}
        self._name = name
        self._limits = {of: limit for of, limit in limits.items() if limit is not None}
        self.spent = self._reserved = NOTHING

    def lacks(self, worst: Cost) -> bool:
        """Whether `worst` does not fit now. Raises `BudgetError` where it would not even if all came back."""
        if not self._limits or self._exceeded(self.spent + self._reserved + worst) is None:
            return False
        if (limit := self._exceeded(self.spent + worst)) is not None:
            raise BudgetError(self._refusal(limit, worst))
        return True

    def reserve(self, worst: Cost) -> None:
        self._reserved += worst

    def settle(self, worst: Cost, cost: Cost) -> None:
        left = self._reserved - worst
        self._reserved = left if left.calls else NOTHING  # no residue of floating point, or the last call would wait
        self.spent += cost

    def _exceeded(self, total: Cost) -> str | None:
        """Name of the first limit that `total` breaks."""
        return next((of for of, limit in self._limits.items() if getattr(total, of) > limit), None)

    def _refusal(self, limit: str, worst: Cost) -> str:
        allowed, spent, need = self._limits[limit], getattr(self.spent, limit), getattr(worst, limit)
        return (
            f"The next call may need {need:.6g} {limit}, but of {self._name}.{limit} = {allowed:.6g} only "
            f"{max(0.0, allowed - spent):.6g} is left. What is done is kept: raise {self._name}.{limit} and run the "
            "same command again, or lower `max_tokens`."
        )


class Ledger:
    """What one session has spent and set aside, as a whole and for models and groups with allowances of their own."""

    def __init__(self, budget: Budget, spent: Mapping[str, Spent], by_group: Mapping[str, Spent] | None = None) -> None:
        """`spent`: by name of the model, what earlier runs of the session have spent; `by_group`: the same by group of
        the cast."""
        self._whole = Account("budget", budget)
        self._of_models = {name: Account(f"budget.models.{name}", limit) for name, limit in budget.models.items()}
        self._of_groups = {name: Account(f"budget.cast.{name}", limit) for name, limit in budget.cast.items()}
        for name, one in spent.items():
            self._settle(Payer(name, ""), NOTHING, _cost(one))
        for name, account in self._of_groups.items():
            if by_group is not None and name in by_group:
                account.settle(NOTHING, _cost(by_group[name]))
        self._settled = asyncio.Event()
        self._stopped: str | None = None
        self.waiting = 0
        """Calls that wait for others to settle."""

    @property
    def spent(self) -> Cost:
        """What settled attempts cost, unsettled ones of earlier runs included."""
        return self._whole.spent

    async def reserve(self, payer: Payer, worst: Cost) -> None:
        """Set `worst` aside for a call that `payer` pays, waiting for others to settle where it does not fit now.

        Raises `BudgetError` where it would not fit even if all that is set aside came back, `InterruptedSessionError`
        where it would have to wait after `stop`.
        """
        accounts = self._accounts(payer)
        while any(account.lacks(worst) for account in accounts):
            if self._stopped is not None:
                raise InterruptedSessionError(self._stopped)
            self._settled.clear()
            self.waiting += 1
            try:
                await self._settled.wait()
            finally:
                self.waiting -= 1
        for account in accounts:
            account.reserve(worst)

    def settle(self, payer: Payer, worst: Cost, cost: Cost) -> None:
        """Give back what was set aside for a call of `payer`, and count what it cost."""
        self._settle(payer, worst, cost)
        self._settled.set()

    def stop(self, reason: str) -> None:
        """Let go of all who wait for others to settle."""
        self._stopped = reason
        self._settled.set()

    def take_back(self, payer: Payer, worst: Cost) -> None:
        """Take what an earlier run set aside and never settled, so that it counts as spent, as set aside again."""
        for account in self._accounts(payer):
            account.spent -= worst
            account.reserve(worst)

    def _settle(self, payer: Payer, worst: Cost, cost: Cost) -> None:
        for account in self._accounts(payer):
            account.settle(worst, cost)

    def _accounts(self, payer: Payer) -> list[Account]:
        accounts = (self._of_groups.get(payer.group), self._of_models.get(payer.model), self._whole)
        return [account for account in accounts if account is not None]


def _cost(spent: Spent) -> Cost:
    return Cost(spent.usd, spent.calls, spent.tokens)
