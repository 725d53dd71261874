"""A candidate method is accepted only beyond noise."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.evolve.auto import choose, could_be_beaten, discordant, level_for_each, p_value
from aaa.types import MethodCandidate

COUNTS = st.integers(0, 200)


def candidate(better: int, worse: int, failed: int = 5) -> MethodCandidate:
    return MethodCandidate(
        method="h", tried=50, failed=failed, text="t", better=better, worse=worse, p_value=p_value(better, worse)
    )


@pytest.mark.parametrize(
    ("better", "worse", "p"),
    [(0, 0, 1.0), (1, 0, 0.5), (5, 0, 1 / 32), (9, 1, 11 / 1024), (0, 4, 1.0), (2, 2, 11 / 16)],
)
def test_the_exact_test_by_hand(better: int, worse: int, p: float) -> None:
    assert p_value(better, worse) == pytest.approx(p)


@given(COUNTS, COUNTS)
def test_p_values_fall_with_wins_and_rise_with_losses(better: int, worse: int) -> None:
    p = p_value(better, worse)
    assert 0.0 < p <= 1.0
    assert p_value(better + 1, worse) <= p <= p_value(better, worse + 1)
    assert p + p_value(worse, better) >= 1.0


def test_only_instructions_that_both_were_tried_on_count() -> None:
    current = {"a": "chatter", "b": "too_long", "c": None, "d": None, "e": "refusal"}
    tried = {"a": None, "b": "lost_input", "c": "stagnant", "d": None, "f": None}
    assert discordant(current, tried) == (1, 1)  # type: ignore[arg-type]


def test_the_surest_is_taken_and_nothing_above_the_level() -> None:
    level = level_for_each(0.05, steps=5, candidates=5)
    assert level == pytest.approx(0.002)
    assert choose([candidate(8, 0), candidate(9, 0), candidate(12, 1)], level) == 2
    assert choose([candidate(8, 0), candidate(3, 1)], level) is None
    assert choose([candidate(9, 0, failed=4), candidate(9, 0, failed=3)], level) == 1
    assert choose([], level) is None


def test_a_method_that_hardly_fails_cannot_be_beaten() -> None:
    assert not could_be_beaten(8, 0.002)
    assert could_be_beaten(9, 0.002)


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5])
def test_false_acceptance_of_a_whole_run_stays_under_its_level(rate: float) -> None:
    """5 steps of 5 candidates, none of them better than the method they are to replace."""
    chance, level, steps, candidates, dev = random.Random(int(100 * rate)), 0.05, 5, 5, 60
    each, accepted, naive, runs = level_for_each(level, steps=steps, candidates=candidates), 0, 0, 400
    for _ in range(runs):
        current = {str(at): "chatter" if chance.random() < rate else None for at in range(dev)}
        found = []
        for _ in range(steps * candidates):
            other = {str(at): "chatter" if chance.random() < rate else None for at in range(dev)}
            found.append(candidate(*discordant(current, other)))  # type: ignore[arg-type]
        accepted += choose(found, each) is not None
        naive += any(one.better > one.worse for one in found)
    assert accepted / runs <= level
    assert naive / runs > 0.5, "what the lowest failure rate alone would accept"
