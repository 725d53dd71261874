"""The audit's figures on games whose biases are known, because they were planted."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace

import pytest
from planted_games import planted_games

from aaa.rate.audit import audit, over_all

FIGURES = {
    "seat": "decided_by_seat",
    "length": "decided_by_length",
    "family": "decided_by_family",
    "error": "error_rate",
}
SEEDS, PROMPTS = 50, 100


@pytest.mark.parametrize(
    "planted",
    [
        {"seat": 0.1, "length": 0.1, "family": 0.1, "error": 0.1},
        {"seat": 0.25, "length": 0.2, "family": 0.15, "error": 0.2},
        {"seat": 0.0, "length": 0.0, "family": 0.0, "error": 0.0},
    ],
)
def test_what_was_planted_lies_in_the_interval_about_as_often_as_it_says(planted: dict[str, float]) -> None:
    inside: dict[str, int] = defaultdict(int)
    total: dict[str, float] = defaultdict(float)
    for seed in range(SEEDS):
        figures = audit(planted_games(seed, PROMPTS, **planted)).everyone.figures
        for cause, name in FIGURES.items():
            figure = figures[name]
            assert figure is not None
            inside[cause] += figure.low <= planted[cause] <= figure.high
            total[cause] += figure.value
        assert figures == over_all(planted_games(seed, PROMPTS, **planted)).figures
    assert all(number >= 0.9 * SEEDS for number in inside.values()), dict(inside)
    assert {cause: value / SEEDS for cause, value in total.items()} == pytest.approx(planted, abs=0.03)


def test_an_interval_does_not_hold_what_is_far_from_it() -> None:
    figures = audit(planted_games(1, 300, seat=0.3, length=0.3, family=0.0, error=0.1)).everyone.figures
    for name in ("decided_by_seat", "decided_by_length"):
        figure = figures[name]
        assert figure is not None
        assert figure.low > 0.1
    family = figures["decided_by_family"]
    assert family is not None
    assert family.low < 0.0 < family.high


def test_the_order_of_the_games_does_not_matter() -> None:
    games = planted_games(2, 40, seat=0.2, length=0.2, error=0.2)
    shuffled = random.Random(0).sample(games, len(games))
    for name, figure in audit(games).everyone.figures.items():
        other = audit(shuffled).everyone.figures[name]
        assert (figure is None) == (other is None)
        if figure is not None and other is not None:
            assert (other.value, other.low, other.high) == pytest.approx((figure.value, figure.low, figure.high))


def test_without_known_better_sides_no_error_rate_is_told() -> None:
    known = planted_games(3, 40, seat=0.2)
    figures = audit([replace(game, truth=None) for game in known]).everyone.figures
    assert figures["error_rate"] is None
    assert figures["decided_by_length"] is None
    assert figures["decided_by_seat"] is not None


def test_document_has_the_promised_shape() -> None:
    document = audit(planted_games(4, 20)).document()
    assert {"judges", "all"} <= set(document)
    assert {"games", "flip_rate", "first_rate", "longer_rate", "intervals"} <= set(document["judges"]["j"])
    assert document["all"]["games"] == document["judges"]["j"]["games"] == 20 * 3 * 2
