"""Limits hold over any sixty seconds, and only make callers wait."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable

import pytest
from asking import model
from hypothesis import given, settings
from hypothesis import strategies as st

from aaa.errors import CallError
from aaa.llm.limits import WINDOW, Limiter, Limits
from aaa.types import Usage


class Time:
    """A clock that jumps to the next sleeper once nobody can go on."""

    def __init__(self) -> None:
        self.now = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._order), woken))
        await woken

    async def run(self, task: asyncio.Task[None]) -> None:
        while not task.done():
            for _ in range(20):
                await asyncio.sleep(0)
            if not task.done() and self._sleepers:
                at, _, woken = heapq.heappop(self._sleepers)
                self.now = max(self.now, at)
                if not woken.done():
                    woken.set_result(None)
        task.result()


def simulate(
    limiter_of: Callable[[Time], Limiter], jobs: list[tuple[float, int, int, float]]
) -> list[tuple[float, int, int]]:
    """When each job (arrival, prompt tokens, completion tokens, duration) left, its prompt tokens, and how many were
    in flight with it."""
    time, left = Time(), list[tuple[float, int, int]]()

    async def job(limiter: Limiter, arrival: float, prompt: int, completion: int, duration: float) -> None:
        await time.sleep(arrival)
        slot = await limiter.enter(prompt)
        left.append((time.now, prompt, limiter.in_flight))
        await time.sleep(duration)
        limiter.leave(slot, usage=Usage(prompt_tokens=prompt, completion_tokens=completion))

    async def everything() -> None:
        limiter = limiter_of(time)
        await asyncio.gather(*(job(limiter, *each) for each in jobs))

    async def main() -> None:
        await time.run(asyncio.ensure_future(everything()))

    asyncio.run(main())
    return left


seconds = st.floats(0, 90, allow_nan=False)
jobs = st.lists(st.tuples(seconds, st.integers(1, 60), st.integers(0, 60), seconds), min_size=1, max_size=25)


@settings(max_examples=60, deadline=None)
@given(jobs, st.integers(1, 6), st.integers(60, 200), st.sampled_from(["tpm", "input_tpm"]))
def test_no_sixty_seconds_hold_more_requests_or_prompt_tokens_than_configured(
    jobs: list[tuple[float, int, int, float]], rpm: int, tpm: int, kind: str
) -> None:
    limited = model(rpm=rpm, **{kind: tpm})
    left = simulate(lambda time: Limiter(limited, clock=time.clock, sleep=time.sleep), jobs)
    assert len(left) == len(jobs)
    for start, *_ in left:
        inside = [tokens for at, tokens, _ in left if start <= at < start + WINDOW]
        assert len(inside) <= rpm
        assert sum(inside) <= tpm


@settings(max_examples=40, deadline=None)
@given(jobs, st.integers(1, 5))
def test_concurrency_is_never_exceeded(jobs: list[tuple[float, int, int, float]], concurrency: int) -> None:
    limited = model(concurrency=concurrency)
    left = simulate(lambda time: Limiter(limited, clock=time.clock, sleep=time.sleep), jobs)
    assert max(in_flight for *_, in_flight in left) <= concurrency


@pytest.mark.parametrize(("kind", "completion"), [("tpm", 95), ("output_tpm", 100), ("output_tpm", 900)])
def test_completion_tokens_are_a_debt_that_later_requests_wait_for(kind: str, completion: int) -> None:
    limited = model(**{kind: 100})
    left = simulate(
        lambda time: Limiter(limited, clock=time.clock, sleep=time.sleep),
        [(0.0, 10, completion, 1.0), (2.0, 10, 0, 1.0)],
    )
    assert left[0][0] == 0.0
    assert left[1][0] > WINDOW


@pytest.mark.parametrize(("kind", "prompt", "completion"), [("input_tpm", 10, 900), ("output_tpm", 900, 99)])
def test_tokens_of_the_other_kind_hold_nobody_up(kind: str, prompt: int, completion: int) -> None:
    limited = model(**{kind: 100})
    left = simulate(
        lambda time: Limiter(limited, clock=time.clock, sleep=time.sleep),
        [(0.0, prompt, completion, 1.0), (2.0, prompt, 0, 1.0)],
    )
    assert [at for at, *_ in left] == [0.0, 2.0]


def test_a_request_larger_than_the_limit_leaves_alone_instead_of_never() -> None:
    left = simulate(
        lambda time: Limiter(model(tpm=50), clock=time.clock, sleep=time.sleep), [(0.0, 40, 0, 0.0), (0.0, 500, 0, 0.0)]
    )
    assert [tokens for _, tokens, _ in left] == [40, 500]
    assert left[1][0] > WINDOW


def test_an_estimate_that_was_too_high_gives_its_room_back() -> None:
    time = Time()
    limiter = Limiter(model(tpm=100), clock=time.clock, sleep=time.sleep)

    async def main() -> None:
        first = await limiter.enter(90)
        limiter.leave(first, usage=Usage(prompt_tokens=10, completion_tokens=0))
        await limiter.enter(90)

    asyncio.run(main())
    assert time.now == 0.0


def _error(kind: str, retry_after: float | None = None) -> CallError:
    return CallError(kind, "no", transient=True, retry_after=retry_after)


async def test_overload_lowers_the_concurrency_once_for_all_in_flight_and_success_raises_it() -> None:
    time = Time()
    limiter = Limiter(model(concurrency=100), clock=time.clock, sleep=time.sleep)
    slots = [await limiter.enter(1) for _ in range(100)]
    time.now = 1.0
    for slot in slots:
        limiter.leave(slot, error=_error("rate_limited"))
    assert limiter.allowed == pytest.approx(70)
    for _ in range(70):
        limiter.leave(await limiter.enter(1))
    assert limiter.allowed == pytest.approx(71, abs=0.1)


async def test_other_errors_leave_the_concurrency_alone() -> None:
    limiter = Limiter(model(concurrency=10), clock=Time().clock, sleep=asyncio.sleep)
    for kind in ("server", "malformed", "connection", "invalid"):
        limiter.leave(await limiter.enter(1), error=_error(kind))
    assert limiter.allowed == 10


async def test_it_never_falls_below_one() -> None:
    time = Time()
    limiter = Limiter(model(concurrency=4), clock=time.clock, sleep=time.sleep)
    for at in range(10):
        time.now = float(at)
        limiter.leave(await limiter.enter(1), error=_error("timeout"))
    assert limiter.allowed == 1.0


async def test_a_server_that_names_a_time_is_left_alone_until_then() -> None:
    time = Time()
    limiter = Limiter(model(), clock=time.clock, sleep=time.sleep)
    limiter.leave(await limiter.enter(1), error=_error("rate_limited", retry_after=7.0))

    async def next_one() -> None:
        await limiter.enter(1)

    await time.run(asyncio.ensure_future(next_one()))
    assert time.now == pytest.approx(7.0)


async def test_who_gives_up_waiting_holds_nobody_up() -> None:
    limiter = Limiter(model(concurrency=1), clock=Time().clock, sleep=asyncio.sleep)
    slot = await limiter.enter(1)
    waiting = asyncio.ensure_future(limiter.enter(1))
    await asyncio.sleep(0)
    waiting.cancel()
    behind = asyncio.ensure_future(limiter.enter(1))
    await asyncio.sleep(0)
    limiter.leave(slot)
    async with asyncio.timeout(1):
        await behind
    assert limiter.in_flight == 1


def test_one_model_under_two_names_has_one_limit() -> None:
    limits = Limits(clock=Time().clock, sleep=asyncio.sleep)
    assert limits.of(model("a", rpm=5)) is limits.of(model("b", rpm=5))
    assert limits.of(model("a", rpm=5)) is not limits.of(model("a", rpm=5, api_base="http://127.0.0.1:1/v1"))
