"""Gaps: found where they are, not found where they are not, independent of order and seats; shares; narrowing."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.errors import UsageError
from aaa.rate import GapRule, Gaps, SpreadRule, Vote, VoteOutcome, changes_of, find_gaps, quotas, spread

QUICK = GapRule(bootstrap=60)
SKILLS = ("dates", "logic", "units", "writing")


def checked_votes(levels: Mapping[str, Mapping[str, float]], prompts: int, seed: int, tag: str = "") -> list[Vote]:
    """All pairs on each prompt; a model is right at its level, and who alone is right wins."""
    source, made = random.Random(seed), []
    for skill in SKILLS:
        for number in range(prompts):
            right = {model: source.random() < level[skill] for model, level in levels.items()}
            for left, other in [(a, b) for a in levels for b in levels if a < b]:
                outcome: VoteOutcome = "tie" if right[left] == right[other] else "left" if right[left] else "right"
                made.append(
                    Vote(item=f"{tag}{skill}-{number}", left=left, right=other, outcome=outcome, category=skill)
                )
    return made


def level(**known: float) -> dict[str, float]:
    return {skill: known.get(skill, 0.6) for skill in SKILLS}


SPECIALISTS = {"amber": level(dates=0.95, logic=0.95, units=0.4, writing=0.4), "basil": level(dates=0.4, logic=0.4)}


def edges(found: Gaps) -> set[tuple[str, str, str]]:
    return {(gap.leader, gap.trailer, gap.skill) for gap in found.real}


def test_two_specialists_are_found_out() -> None:
    levels = {"amber": level(dates=0.95, logic=0.95, units=0.4, writing=0.4), "basil": level(dates=0.4, logic=0.4)}
    levels["basil"] |= {"units": 0.95, "writing": 0.95}
    found = find_gaps(checked_votes(levels, 60, seed=1), QUICK)
    assert edges(found) == {
        ("amber", "basil", "dates"),
        ("amber", "basil", "logic"),
        ("basil", "amber", "units"),
        ("basil", "amber", "writing"),
    }
    assert found.leader("dates") == "amber"
    assert found.leader("units") == "basil"
    assert set(found.behind("amber")) == set(SKILLS)
    assert found.behind("amber")["dates"] == 0.0 < found.behind("amber")["units"]


def test_equals_have_no_real_gap() -> None:
    """Of 12 populations of equals, with 12 comparisons each, 1 in 20 may show a gap."""
    levels = {name: level() for name in "abc"}
    named = sum(bool(find_gaps(checked_votes(levels, 20, seed), GapRule(bootstrap=50)).real) for seed in range(12))
    assert named <= 1


def test_a_few_lucky_wins_are_no_gap() -> None:
    """Every resample of them says the same, so resampling alone would be sure of it."""
    votes = [Vote(item=str(n), left="a", right="b", outcome="left", category="dates") for n in range(4)]
    votes += [Vote(item=f"x{n}", left="a", right="b", outcome="tie", category="logic") for n in range(40)]
    found = find_gaps(votes, GapRule(intervals="each", bootstrap=100)).between("dates", "a", "b")
    assert found is not None
    assert found.points > 0
    assert not found.real


def test_order_and_seats_do_not_matter() -> None:
    votes = checked_votes(SPECIALISTS, 12, seed=3)
    turned = {"left": "right", "right": "left"}
    shuffled = [
        vote.model_copy(
            update={"left": vote.right, "right": vote.left, "outcome": turned.get(vote.outcome, vote.outcome)}
        )
        for vote in votes
    ]
    random.Random(0).shuffle(votes)
    found, mirrored = find_gaps(votes, QUICK), find_gaps(shuffled, QUICK)
    assert found.gaps == find_gaps(sorted(votes, key=lambda vote: vote.item), QUICK).gaps
    for one, other in zip(found.gaps, mirrored.gaps, strict=True):
        assert (one.leader, one.skill) == (other.leader, other.skill)
        assert one.points == pytest.approx(other.points, abs=1e-6)
        assert one.error == pytest.approx(other.error, abs=1e-6)


def test_min_points_and_narrower_intervals() -> None:
    votes = checked_votes(SPECIALISTS, 40, seed=4)
    each = find_gaps(votes, GapRule(bootstrap=100, intervals="each"))
    everyone = find_gaps(votes, QUICK)
    assert edges(everyone) <= edges(each)
    assert all(a.low >= b.low for a, b in zip(each.gaps, everyone.gaps, strict=True))
    assert find_gaps(votes, GapRule(bootstrap=100, min_points=1e6)).real == ()


def test_models_that_never_met_are_not_compared() -> None:
    votes = [Vote(item=str(n), left="a", right="b", outcome="left", category="dates") for n in range(5)]
    votes += [Vote(item=str(n), left="c", right="d", outcome="left", category="dates") for n in range(5)]
    assert {(gap.leader, gap.trailer) for gap in find_gaps(votes, QUICK).gaps} == {("a", "b"), ("c", "d")}


def test_votes_without_skills_are_refused() -> None:
    with pytest.raises(UsageError, match="skill"):
        find_gaps([Vote(item="1", left="a", right="b", outcome="left")], QUICK)


def test_narrowing_is_seen_and_not_made_up() -> None:
    strong = {"teacher": level(dates=0.95), "pupil": level(dates=0.35)}
    learned = {"teacher": level(dates=0.95), "pupil": level(dates=0.95)}
    before = find_gaps(checked_votes(strong, 80, seed=5, tag="1-"), QUICK)
    after = find_gaps(checked_votes(learned, 80, seed=6, tag="2-"), QUICK)
    same = find_gaps(checked_votes(strong, 80, seed=7, tag="3-"), QUICK)
    moved = {change.skill: change.proven for change in changes_of(["pupil"], before, after, QUICK)}
    assert moved == {"dates": "narrowed", "logic": None, "units": None, "writing": None}
    back = {change.skill: change.proven for change in changes_of(["pupil"], after, before, QUICK)}
    assert back["dates"] == "widened"
    assert all(change.proven is None for change in changes_of(["pupil"], before, same, QUICK))


GAPS = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 500), min_size=1)
UNIT = st.floats(0, 1)


@given(gaps=GAPS, floor=UNIT, cap=st.floats(0.01, 1))
def test_shares_are_whole_and_within_bounds(gaps: dict[str, float], floor: float, cap: float) -> None:
    shares, even = spread(gaps, SpreadRule(floor=floor, cap=cap)), 1 / len(gaps)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert all(floor * even - 1e-9 <= share <= max(cap, even) + 1e-9 for share in shares.values())
    wide = sorted(gaps, key=lambda skill: gaps[skill])
    assert all(shares[a] <= shares[b] + 1e-9 for a, b in itertools.pairwise(wide))


def test_shares_follow_gaps() -> None:
    assert spread({"a": 0, "b": 0}, SpreadRule()) == {"a": 0.5, "b": 0.5}
    found = spread({"a": 300, "b": 100, "c": 0, "d": 0}, SpreadRule(floor=0.2, cap=1.0))
    assert found == pytest.approx({"a": 0.65, "b": 0.25, "c": 0.05, "d": 0.05})
    assert spread({}, SpreadRule()) == {}


@given(
    shares=st.dictionaries(st.sampled_from("abcde"), UNIT, min_size=1),
    total=st.integers(0, 60),
    available=st.dictionaries(st.sampled_from("abcde"), st.integers(0, 20)),
)
def test_quotas_use_all_that_is_there(shares: dict[str, float], total: int, available: dict[str, int]) -> None:
    found = quotas(shares, total, available)
    assert sum(found.values()) == min(total, sum(available.get(skill, 0) for skill in shares))
    assert all(number <= available.get(skill, 0) for skill, number in found.items())
