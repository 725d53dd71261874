"""How far jurors are to be believed, by gold and by agreement alone."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

import pytest

from aaa.rate.games import PlayedGame
from aaa.rate.reliability import HIGHEST, LOWEST, from_agreement, reliability

RATES = {"good": 0.9, "fair": 0.75, "poor": 0.6}


def games(rates: Mapping[str, float], number: int, *, gold: bool, seed: int = 0) -> Iterator[PlayedGame]:
    """Both orders of matches in which `x` is better; jurors err independently."""
    luck = random.Random(seed)
    for item in map(str, range(number)):
        for judge, rate in rates.items():
            winner = "x" if luck.random() < rate else "y"
            for first, second in (("x", "y"), ("y", "x")):
                yield PlayedGame(item, item, judge, first, second, winner, truth="x" if gold else None)


@pytest.mark.parametrize("gold", [True, False])
def test_planted_rates_are_found(gold: bool) -> None:
    found = reliability(games(RATES, 3000, gold=gold))
    assert found is not None
    assert found.by == ("gold" if gold else "agreement")
    assert found.judges == pytest.approx(RATES, abs=0.03)
    assert found == reliability(reversed(list(games(RATES, 3000, gold=gold))))


def test_what_cannot_be_known_is_none() -> None:
    assert reliability([]) is None
    assert reliability(games({"a": 0.9, "b": 0.8}, 50, gold=False)) is None
    assert from_agreement([{"a": 1}, {"b": 1}, {"c": -1}]) is None
    lonely = reliability(games({"a": 0.9}, 50, gold=True))
    assert lonely is not None


def test_nobody_is_taken_for_infallible_or_for_worse_than_a_coin() -> None:
    found = reliability(games({"always": 1.0, "never": 0.0}, 2000, gold=True))
    assert found is not None
    assert found.judges == {"always": HIGHEST, "never": LOWEST}


def test_a_flip_is_no_vote() -> None:
    flips = [PlayedGame("1", "1", "j", *seats, seats[0], truth="x") for seats in (("x", "y"), ("y", "x"))]
    assert reliability(flips) is None
