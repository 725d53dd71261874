"""From votes to a verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.judge import decide
from aaa.rate.reliability import weights
from aaa.types import Vote

CHOICES = ["left", "right", "tie", "inconsistent", "failed"]


def votes(choices: str | list[str]) -> list[Vote]:
    words = choices.split() if isinstance(choices, str) else choices
    return [Vote(judge=f"j{n}", choice=choice) for n, choice in enumerate(words)]


@pytest.mark.parametrize(
    ("choices", "quorum", "outcome", "winner", "margin"),
    [
        ("left left left", 2, "win", "left", 3),
        ("left left right", 2, "win", "left", 1),
        ("left left tie", 2, "win", "left", 2),
        ("left right", 2, "tie", None, 0),
        ("left tie", 2, "tie", None, 0),
        ("left tie tie", 2, "tie", None, 0),
        ("left right tie", 2, "tie", None, 0),
        ("left left right tie", 2, "tie", None, 0),
        ("tie tie", 2, "tie", None, 0),
        ("left inconsistent inconsistent", 1, "win", "left", 1),
        ("left inconsistent failed", 2, "inconsistent", None, 0),
        ("left failed failed", 2, "no_quorum", None, 0),
        ("inconsistent failed failed", 2, "no_quorum", None, 0),
        ("inconsistent inconsistent inconsistent", 2, "inconsistent", None, 0),
        ("", 1, "no_quorum", None, 0),
    ],
)
def test_the_rule(choices: str, quorum: int, outcome: str, winner: str | None, margin: float) -> None:
    tally = decide(votes(choices), quorum)
    assert (tally.outcome, tally.winner, tally.margin) == (outcome, winner, margin)


@given(st.lists(st.sampled_from(CHOICES), max_size=9), st.integers(1, 6), st.randoms())
def test_neither_the_names_of_sides_nor_the_order_of_jurors_matter(choices, quorum, random) -> None:  # type: ignore[no-untyped-def]
    tally = decide(votes(choices), quorum)
    swap = {"left": "right", "right": "left"}
    swapped = decide(votes([swap.get(choice, choice) for choice in choices]), quorum)
    assert (swapped.outcome, swapped.margin) == (tally.outcome, tally.margin)
    assert swapped.winner == swap.get(tally.winner or "")
    assert decide(random.sample(votes(choices), len(choices)), quorum) == tally
    for_winner = choices.count(tally.winner or "nobody")
    consistent = sum(choice in ("left", "right", "tie") for choice in choices)
    assert (tally.outcome == "win") == (tally.margin > 0)
    assert tally.outcome != "win" or (2 * for_winner > consistent >= quorum)
    assert (consistent >= quorum) == (tally.outcome in ("win", "tie"))


def weighted(reliability: dict[str, float], choices: str) -> list[Vote]:
    given = zip(weights(reliability).items(), choices.split(), strict=True)
    return [Vote(judge=name, choice=choice, weight=weight) for (name, weight), choice in given]


def test_one_juror_who_is_hardly_ever_wrong_outweighs_two_who_often_are() -> None:
    unequal = {"sure": 0.95, "poor": 0.6, "weak": 0.6}
    assert decide(weighted(unequal, "left right right"), 2).winner == "left"
    assert decide(weighted(unequal, "tie right right"), 2).outcome == "tie"
    assert decide(weighted({"a": 0.8, "b": 0.7, "c": 0.7}, "left right right"), 2).winner == "right"


@given(st.floats(0.51, 0.99), st.lists(st.sampled_from(CHOICES), min_size=1, max_size=7), st.integers(1, 4))
def test_equal_reliability_is_the_majority(rate: float, choices: list[str], quorum: int) -> None:
    alike = weighted({f"j{n}": rate for n in range(len(choices))}, " ".join(choices))
    found, plain = decide(alike, quorum), decide(votes(choices), quorum)
    assert (found.outcome, found.winner) == (plain.outcome, plain.winner)
    assert found.margin == pytest.approx(plain.margin)
