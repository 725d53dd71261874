"""Declared faults come at their rates, typed; transient ones go away, the others stay; latency is really waited for."""

from __future__ import annotations

import time

import pytest
from sim_desk import PARAMS, model, seeds

from aaa.errors import CallError
from aaa.sim import reply, respond
from aaa.types import Instruction, Model


@pytest.mark.parametrize("kind", ["rate_limited", "server", "timeout", "malformed"])
def test_transient_faults_are_drawn_for_each_attempt(kind: str) -> None:
    who = model(faults={kind: 0.5})
    first = [failure(who, one, 1) for one in seeds()]
    assert {(error.kind, error.transient) for error in first if error} == {(kind, True)}
    assert sum(error is not None for error in first) / len(seeds()) == pytest.approx(0.5, abs=0.1)
    assert all(any(failure(who, one, attempt) is None for attempt in range(1, 30)) for one in seeds())


def failure(who: Model, one: Instruction, attempt: int) -> CallError | None:
    try:
        respond(who, one.prompt, PARAMS, attempt=attempt)
    except CallError as error:
        return error
    return None


def test_a_refusal_stays_a_refusal() -> None:
    who = model(faults={"refused": 1.0})
    for attempt in (1, 2, 3):
        with pytest.raises(CallError, match="declines") as error:
            respond(who, seeds()[0].prompt, PARAMS, attempt=attempt)
        assert (error.value.kind, error.value.transient) == ("refused", False)


def test_a_truncated_reply_says_so() -> None:
    whole = respond(model(verbosity=0.9), seeds()[0].prompt, PARAMS)
    who = model(verbosity=0.9, faults={"truncated": 1.0})
    cut = respond(who, seeds()[0].prompt, PARAMS)
    assert (whole.finish_reason, cut.finish_reason) == ("stop", "length")


def test_an_attempt_changes_nothing_but_faults() -> None:
    who = model()
    assert respond(who, seeds()[0].prompt, PARAMS, attempt=1) == respond(who, seeds()[0].prompt, PARAMS, attempt=2)


async def test_latency_is_waited_for_and_only_then() -> None:
    one = seeds()[0]
    quick, slow = model(), model(latency=0.1)
    with pytest.raises(StopIteration) as at_once:  # it never gives way to others
        reply(quick, one.prompt, PARAMS).send(None)
    assert at_once.value.value == respond(quick, one.prompt, PARAMS)
    begin = time.perf_counter()
    await reply(slow, one.prompt, PARAMS)
    assert time.perf_counter() - begin >= 0.05
