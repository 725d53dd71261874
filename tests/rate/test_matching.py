"""Designed rounds: joined, balanced, never twice the same, and they tell more than chance does."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from aaa.graphs import connected_groups
from aaa.rate import Pairing, Vote, next_round

MEMBERS = ["ash", "birch", "cedar", "dahlia", "elm"]
ITEMS = {f"{skill}-{number}": skill for skill in ("dates", "logic", "units") for number in range(12)}


def played(pairings: tuple[Pairing, ...], seed: int = 0) -> list[Vote]:
    source = random.Random(seed)
    return [
        Vote(
            item=one.item,
            left=one.left,
            right=one.right,
            category=one.skill,
            outcome=source.choice(["left", "right", "tie"]),
        )
        for one in pairings
    ]


def joined(votes: list[Vote], skill: str) -> int:
    met = [(vote.left, vote.right) for vote in votes if vote.category == skill]
    return len(connected_groups(MEMBERS, met))


@settings(max_examples=40)
@given(
    members=st.integers(2, 5),
    items=st.sets(st.sampled_from(sorted(ITEMS)), min_size=1),
    budgets=st.lists(st.integers(0, 40), min_size=1, max_size=4),
    seed=st.integers(0, 3),
)
def test_rounds_never_repeat_and_use_the_budget(members: int, items: set[str], budgets: list[int], seed: int) -> None:
    names, pool = MEMBERS[:members], {item: ITEMS[item] for item in items}
    possible, votes = len(pool) * members * (members - 1) // 2, list[Vote]()
    for number, budget in enumerate(budgets):
        found = next_round(names, pool, votes, budget, seed)
        assert len(found) == min(budget, possible - len(votes))
        votes += played(found, number)
    assert len({(vote.item, vote.left, vote.right) for vote in votes}) == len(votes)
    assert all(vote.left < vote.right for vote in votes)


def test_the_first_round_joins_all_models_on_every_skill() -> None:
    votes = played(next_round(MEMBERS, ITEMS, [], 3 * (len(MEMBERS) - 1), seed=1))
    assert [joined(votes, skill) for skill in ("dates", "logic", "units")] == [1, 1, 1]


def test_a_small_budget_joins_as_many_as_it_can() -> None:
    votes = played(next_round(MEMBERS, ITEMS, [], 6, seed=1))
    assert [joined(votes, skill) for skill in ("dates", "logic", "units")] == [3, 3, 3]


def test_skills_share_and_models_take_turns() -> None:
    votes = played(next_round(MEMBERS, ITEMS, [], 90, seed=2))
    assert Counter(vote.category for vote in votes) == {"dates": 30, "logic": 30, "units": 30}
    met = Counter(name for vote in votes for name in (vote.left, vote.right))
    assert max(met.values()) - min(met.values()) <= 3
    uses = Counter(vote.item for vote in votes)
    assert max(uses.values()) - min(uses.values()) <= 1


def test_a_skill_that_was_played_more_waits() -> None:
    dates = {item: skill for item, skill in ITEMS.items() if skill == "dates"}
    first = played(next_round(MEMBERS, dates, [], 20, seed=3))
    later = Counter(one.skill for one in next_round(MEMBERS, ITEMS, first, 25, seed=3))
    assert later["dates"] == 0
    assert later["logic"] + later["units"] == 25


def test_close_models_are_compared_more_than_settled_ones() -> None:
    """`ash` always loses, the others are equal: its place is settled, so later rounds look at them."""
    items = {f"dates-{number}": "dates" for number in range(200)}
    votes: list[Vote] = []
    for _ in range(8):
        for one in next_round(MEMBERS, items, votes, 20, seed=4):
            outcome = "right" if one.left == "ash" else "tie"
            votes.append(Vote(item=one.item, left=one.left, right=one.right, outcome=outcome, category="dates"))
    met = Counter(name for vote in votes[20:] for name in (vote.left, vote.right))
    assert met["ash"] < min(number for name, number in met.items() if name != "ash")


def test_the_same_input_in_any_order_gives_the_same_pairs() -> None:
    first = next_round(MEMBERS, ITEMS, [], 30, seed=5)
    votes = played(first)
    turned = dict(reversed(ITEMS.items()))
    again = next_round(MEMBERS[::-1], turned, votes[::-1], 30, seed=5)
    assert again == next_round(MEMBERS, ITEMS, votes, 30, seed=5)
    assert next_round(MEMBERS, ITEMS, [], 30, seed=6) != first
