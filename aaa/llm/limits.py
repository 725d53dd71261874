"""Limits of a model: requests and tokens a minute, requests at once. They make callers wait, and never raise."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aaa.errors import CallError
from aaa.types import Model, Usage

WINDOW = 60.0
"""Seconds over which requests and tokens count: any span of this length, not the minutes of the clock."""

_SPAN = WINDOW + 1.0
"""Our window is a second (ours) longer: requests sent 60 s apart may arrive closer together."""

_CUT = 0.7
"""Multiplicative decrease on a sign of overload (CUBIC's, RFC 9438); the increase is one a round, as TCP's."""

_OVERLOAD = frozenset({"rate_limited", "timeout"})
"""Errors that say that the server has too much to do, besides any that names a time to come back."""

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True, eq=False)
class Entry:
    """An amount in a window."""

    at: float
    amount: int


@dataclass(frozen=True, slots=True)
class Slot:
    """Leave to send one request."""

    entered: float
    prompts: tuple[Entry, ...]
    """Its prompt tokens in the windows that count them."""


class Window:
    """A sliding window that holds amounts up to a limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: deque[Entry] = deque()
        self._total = 0

    def wait(self, amount: int, now: float) -> float:
        """Seconds until `amount` fits. One that is larger than the limit fits once the window is empty."""
        self._expire(now)
        excess = self._total + min(amount, self._limit) - self._limit
        if excess <= 0:
            return 0.0
        for entry in self._entries:
            excess -= entry.amount
            if excess <= 0:
                return entry.at + _SPAN - now
        raise AssertionError("an empty window holds nothing")

    def add(self, amount: int, now: float) -> Entry:
        """Count `amount` from `now` on, whether it fits or not."""
        entry = Entry(now, amount)
        self._entries.append(entry)
        self._total += amount
        return entry

    def correct(self, entry: Entry, amount: int) -> None:
        """Replace an estimate, in its own place in time; one that has left the window is past mending."""
        if self._entries and entry.at >= self._entries[0].at:
            self._total += amount - entry.amount
            entry.amount = amount

    def _expire(self, now: float) -> None:
        while self._entries and self._entries[0].at + _SPAN <= now:
            self._total -= self._entries.popleft().amount


class Limiter:
    """Lets requests of one model through in the order they come.

    Concurrency is adaptive below its ceiling: cut when the server says that it is overloaded, once for all the
    requests it then had in flight, and raised by one for every round of successes. Latency is no sign of overload
    here: it follows the length of the reply; a timeout is one.
    """

    def __init__(self, model: Model, *, clock: Clock, sleep: Sleep) -> None:
        self._clock, self._sleep = clock, sleep
        tokens = _windows(model.tpm)
        self._requests = _windows(model.rpm)
        self._prompts = (*tokens, *_windows(model.input_tpm))
        self._completions = (*tokens, *_windows(model.output_tpm))
        self._ceiling = float(model.concurrency) if model.concurrency else float("inf")
        self._allowed = self._ceiling
        self._cut_at = float("-inf")
        self._frozen_until = float("-inf")
        self._turn = asyncio.Lock()
        self._left = asyncio.Event()
        self.in_flight = 0

    @property
    def allowed(self) -> float:
        """Requests allowed at once now; infinite where nothing limits them."""
        return self._allowed

    async def enter(self, tokens: int) -> Slot:
        """Wait until a request of about `tokens` prompt tokens may leave, and count it."""
        async with self._turn:
            while (wait := self._wait(tokens)) is not None:
                if wait > 0:
                    await self._sleep(wait)
                else:
                    self._left.clear()
                    await self._left.wait()
            now = self._clock()
            self.in_flight += 1
            for window in self._requests:
                window.add(1, now)
            return Slot(now, tuple(window.add(tokens, now) for window in self._prompts))

    def leave(self, slot: Slot, *, usage: Usage | None = None, error: CallError | None = None) -> None:
        """Give the slot back. `usage` mends the estimate, and adds the completion, known only now, as a debt that
        requests to come wait for. An error that names a time stops all requests until then."""
        now = self._clock()
        if usage is not None:
            for window, entry in zip(self._prompts, slot.prompts, strict=True):
                window.correct(entry, usage.prompt_tokens)
            for window in self._completions:
                window.add(usage.completion_tokens, now)
        if error is not None and error.retry_after is not None:
            self._frozen_until = max(self._frozen_until, now + min(error.retry_after, WINDOW))
        if error is not None and (error.kind in _OVERLOAD or error.retry_after is not None):
            self._cut(slot, now)
        elif self._allowed < self._ceiling:
            self._allowed = min(self._ceiling, self._allowed + 1.0 / self._allowed)
        self.in_flight -= 1
        self._left.set()

    def _wait(self, tokens: int) -> float | None:
        """None: go; 0: wait for another to leave; else seconds."""
        now = self._clock()
        waits = [self._frozen_until - now]
        waits += [window.wait(1, now) for window in (*self._requests, *self._completions)]
        waits += [window.wait(tokens, now) for window in self._prompts]
        if (longest := max(waits)) > 0:
            return longest
        return 0.0 if self.in_flight >= max(1.0, self._allowed) else None

    def _cut(self, slot: Slot, now: float) -> None:
        """Lower the concurrency, unless the request left before the last cut: it tells nothing about the new one."""
        if slot.entered < self._cut_at:
            return
        self._allowed = max(1.0, min(self._allowed, self.in_flight) * _CUT)
        self._cut_at = now


def _windows(limit: int | None) -> tuple[Window, ...]:
    """One window where there is a limit."""
    return () if limit is None else (Window(limit),)


class Limits:
    """The limiters of a process, one for each model at each address; sessions may share them."""

    def __init__(self, *, clock: Clock, sleep: Sleep) -> None:
        self._clock, self._sleep = clock, sleep
        self._limiters: dict[tuple[object, ...], Limiter] = {}

    def of(self, model: Model) -> Limiter:
        """The limiter of `model`: the same for every name a scenario gives to it."""
        limits = (model.rpm, model.tpm, model.input_tpm, model.output_tpm, model.concurrency)
        key = (model.model, model.api_base, model.api_key_env, *limits)
        if key not in self._limiters:
            self._limiters[key] = Limiter(model, clock=self._clock, sleep=self._sleep)
        return self._limiters[key]
