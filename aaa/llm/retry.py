"""When a failed attempt is tried again: the only retry layer there is (litellm's and aiohttp's are off)."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from aaa.errors import CallError
from aaa.llm.faults import NO_SERVICE, RETRIED


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential back-off with full jitter (Brooker, AWS Architecture Blog, 2015); the numbers are ours.

    Times are in seconds. A server that asks for more than `longest_wait` is not waited for: the call fails for now,
    and the next run tries again.
    """

    attempts: int = 6
    base: float = 0.5
    cap: float = 60.0
    longest_wait: float = 600.0

    def wait(self, error: CallError, tried: int, random: Random, *, elsewhere: bool = False) -> float | None:
        """Seconds until the next attempt after `tried` ones, or None where there is to be none.

        `elsewhere`: another deployment of the model can be asked, which need not be spared.
        """
        if tried >= self.attempts or error.kind not in NO_SERVICE:
            return None
        if elsewhere:
            return 0.0
        if error.kind not in RETRIED:
            return None
        backoff = random.uniform(0.0, min(self.cap, self.base * 2 ** (tried - 1)))
        if error.retry_after is None:
            return backoff
        if error.retry_after > self.longest_wait:
            return None
        return error.retry_after + min(backoff, self.base)
