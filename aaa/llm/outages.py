"""Models that have stopped answering: their calls wait while one of them tries, instead of failing one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from aaa.errors import CallError
from aaa.llm.faults import ACCOUNT, NO_SERVICE, again_for_another
from aaa.llm.limits import Clock, Sleep
from aaa.llm.port import Ask
from aaa.llm.stopping import check, first_of

T = TypeVar("T")
Fate = Literal["wait", "go_elsewhere", "fail"]
"""What becomes of calls to a model that is down: those that go elsewhere or fail do so at once."""


@dataclass(frozen=True, slots=True)
class OutagePolicy:
    """When a model counts as down, and how long its calls wait for it. Times are in seconds; the numbers are ours."""

    in_a_row: int = 5
    """Calls in a row that got no service, each after all its attempts."""
    pause: float = 15.0
    """Between two calls that try whether it is back."""
    patience: float = 1800.0
    """From the first of those calls on; after it calls fail at once, but for those that try."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A model that is down now."""

    model: str
    seconds: float
    """Since the first call in a row that got no service."""
    kind: str
    """What went wrong with the last."""
    fate: Fate


@dataclass(slots=True)
class _Service:
    """How a model has served of late: by itself, or together with its fallbacks."""

    model: str
    relieved: bool
    """Whether those who ask it have others to ask."""
    answered: bool = False
    lost: int = 0
    """Calls in a row without service."""
    since: float = 0.0
    error: CallError | None = None
    """What the last of them met."""
    next_try: float = 0.0
    trying: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)
    """Wakes the calls that wait: one has tried, or an older one got through."""


class Outages:
    """A circuit breaker (Nygard 2007, *Release It!*) that waits before it refuses: a night's work outlives an outage.

    A model that has never answered in this run is not waited for: it is wrongly set up rather than down. Nor is one
    whose account has been refused. What has a fallback does not wait for itself: while it is down its calls go on to
    the next of their chain, and wait only where none of the chain is there.
    """

    def __init__(self, policy: OutagePolicy, *, clock: Clock, sleep: Sleep, stop: asyncio.Event) -> None:
        self._policy, self._clock, self._sleep, self._stop = policy, clock, sleep, stop
        self._services: dict[tuple[str, ...], _Service] = {}
        self.waiting = 0
        """Calls that wait for a model to come back."""

    def now(self) -> list[Outage]:
        """All that is down, in the order of the first calls."""
        return [
            Outage(one.model, self._clock() - one.since, one.error.kind, self._fate(one))
            for one in self._services.values()
            if self._is_out(one) and one.error is not None
        ]

    async def through(self, ask: Ask, serve: Callable[[], Awaitable[T]], *, relieved: bool = False) -> T:
        """What `serve` brings; where it meets an outage, it is tried again as long as patience lasts.

        `relieved` says that others are asked where this one gives no service, so that nothing waits for it. Raises the
        `CallError` of `serve`, and before it is tried that of the last call while the model is given up.
        """
        service = self._of(ask, relieved=relieved)
        while True:
            tries = await self._admitted(service, relieved=relieved)
            try:
                served = await serve()
            except CallError as error:
                self._lose(service, error)
                waits = not relieved and self._waits(service)
                if not (waits and self._is_out(service) and error.kind in NO_SERVICE):
                    raise
            else:
                service.answered, service.lost, service.error = True, 0, None
                return served
            finally:
                self._tell(service, tried=tries)

    def _of(self, ask: Ask, *, relieved: bool) -> _Service:
        names = (ask.model.name, *(one.model.name for one in ask.fallbacks))
        if names not in self._services:
            self._services[names] = _Service(" and ".join(names), relieved)
        return self._services[names]

    async def _admitted(self, service: _Service, *, relieved: bool) -> bool:
        """Wait until this call may leave; whether it is the one that tries for all."""
        while self._is_out(service):
            due = service.next_try - self._clock()
            if not service.trying and due <= 0:
                service.trying = True
                return True
            if service.error is not None and (relieved or not self._waits(service)):
                raise again_for_another(service.error)
            await self._until_news(service, None if service.trying else due)
        return False

    async def _until_news(self, service: _Service, seconds: float | None) -> None:
        """Wait until something is known of it, at most so long. Raises `InterruptedSessionError` on a stop."""
        time_up = [] if seconds is None else [self._sleep(seconds)]
        self.waiting += 1
        try:
            await first_of(service.news.wait(), self._stop.wait(), *time_up)
        finally:
            self.waiting -= 1
        check(self._stop)

    def _tell(self, service: _Service, *, tried: bool) -> None:
        """Wake the calls that wait, where one tried for them or it is back without."""
        service.trying = service.trying and not tried
        if tried or not self._is_out(service):
            service.news.set()
            service.news.clear()

    def _lose(self, service: _Service, error: CallError) -> None:
        if error.kind not in NO_SERVICE:
            return
        if not service.lost:
            service.since = self._clock()
        service.lost += 1
        service.error = error
        service.next_try = self._clock() + self._policy.pause

    def _is_out(self, service: _Service) -> bool:
        return service.lost >= self._policy.in_a_row

    def _fate(self, service: _Service) -> Fate:
        if service.relieved:
            return "go_elsewhere"
        return "wait" if self._waits(service) else "fail"

    def _waits(self, service: _Service) -> bool:
        """Whether calls wait for it: it has answered before, may do so again, and patience is not at its end."""
        if service.error is None or service.error.kind in ACCOUNT or not service.answered:
            return False
        return self._clock() - service.since < self._policy.patience
