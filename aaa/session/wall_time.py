"""The time that one run may take."""

from __future__ import annotations

import asyncio
from types import TracebackType

from aaa.errors import BudgetError, InterruptedSessionError, StopError
from aaa.scenario import Budget


class WallTime:
    """A context manager that sets `stop` once a run has taken the time of its budget: calls in flight come home."""

    def __init__(self, budget: Budget, stop: asyncio.Event) -> None:
        self._budget, self._stop = budget, stop
        self._alarm: asyncio.TimerHandle | None = None
        self._over = False

    def __enter__(self) -> WallTime:
        if self._budget.seconds is not None:
            self._alarm = asyncio.get_running_loop().call_later(self._budget.seconds, self._end)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._alarm is not None:
            self._alarm.cancel()

    def reason(self, stopped: StopError | None) -> StopError | None:
        """Why a run ended that ended with `stopped`: the time, where it was this that stopped it."""
        if not self._over or not isinstance(stopped, InterruptedSessionError):
            return stopped
        return BudgetError(
            f"This run has taken its time, budget.wall = {self._budget.wall}. What is done is kept: run the same "
            "command again to go on for as long, or raise budget.wall."
        )

    def _end(self) -> None:
        self._over = not self._stop.is_set()  # else somebody else has stopped the run already
        self._stop.set()
