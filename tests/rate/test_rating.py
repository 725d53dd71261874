"""Ratings: reference values, what they may and may not depend on, and votes that determine none."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rate_examples import drawn, golden_scores, golden_votes, votes

from aaa.errors import UsageError
from aaa.rate import Rated, RatingRule, Ratings, Vote, rate
from aaa.types import TextStyle

GAMES = st.lists(
    st.builds(
        lambda pair, outcome, item, category: Vote(
            item=item, left=pair[0], right=pair[1], outcome=outcome, category=category
        ),
        st.lists(st.sampled_from("abcdef"), min_size=2, max_size=2, unique=True),
        st.sampled_from(["left", "right", "tie", "inconsistent"]),
        st.sampled_from("123"),
        st.sampled_from([None, "x", "y"]),
    ),
    min_size=1,
    max_size=20,
)


def ratings(found: Ratings, category: str | None = None) -> dict[str, float]:
    rows = found.models if category is None else found.by[category]
    return {row.model: row.rating for row in rows if row.rating is not None}


def rated(games: str, **rule: object) -> dict[str, float]:
    return ratings(rate(votes(games), RatingRule.model_validate(rule)))


def mirrored(vote: Vote) -> Vote:
    turned = {"left": "right", "right": "left"}
    return vote.model_copy(
        update={
            "left": vote.right,
            "right": vote.left,
            "outcome": turned.get(vote.outcome, vote.outcome),
            "left_style": vote.right_style,
            "right_style": vote.left_style,
        }
    )


@pytest.mark.parametrize("name", ["simple", "food"])
def test_reference_values(name: str) -> None:
    data = golden_votes(name)
    found = rate(data, RatingRule())
    assert found.notes == ()
    strengths = {model: 10 ** (rating / 400) for model, rating in ratings(found).items()}
    shares = {model: strength / sum(strengths.values()) for model, strength in strengths.items()}
    assert shares == pytest.approx(golden_scores(name, "bradley_terry"), abs=1e-6)
    assert ratings(rate(data, RatingRule(method="elo"))) == pytest.approx(golden_scores(name, "elo"), abs=1e-6)
    shares = ratings(rate(data, RatingRule(method="win-rate")))
    assert shares == pytest.approx(golden_scores(name, "average_win_rate"), abs=1e-6)
    points = {row.model: row.wins + row.ties / 2 for row in found.models}
    assert points == golden_scores(name, "counting")


def test_three_to_one_is_190_85_points() -> None:
    found = rated("a>b a>b b>a a>b")
    assert found["a"] - found["b"] == pytest.approx(400 * math.log10(3), abs=1e-9)
    assert found["a"] + found["b"] == pytest.approx(2000, abs=1e-9)
    halved = rated("a>b a>b b>a a>b", scale=200, mean=0)
    assert halved["a"] == pytest.approx(100 * math.log10(3), abs=1e-9)


def test_ties_are_half_or_dropped_and_inconsistent_is_a_tie() -> None:
    half = rate(votes("a>b b>a a>b a=b a!b"), RatingRule())
    assert ratings(half)["a"] - ratings(half)["b"] == pytest.approx(400 * math.log10(3 / 2), abs=1e-9)
    dropped = rate(votes("a>b b>a a>b a=b a!b"), RatingRule(ties="drop"))
    assert ratings(dropped)["a"] - ratings(dropped)["b"] == pytest.approx(400 * math.log10(2), abs=1e-9)
    (first, _) = dropped.models
    counted = {"games": 5, "wins": 2, "losses": 1, "ties": 2}
    assert first.model_dump(include=set(counted)) == counted


@given(GAMES, st.randoms())
@settings(deadline=None)
def test_only_elo_depends_on_order_and_none_on_who_sits_left(data: list[Vote], source: random.Random) -> None:
    other = [mirrored(vote) if source.random() < 0.5 else vote for vote in data]
    for method in ("elo", "bradley-terry", "win-rate"):
        rule = RatingRule(method=method, by_category=any(vote.category for vote in data), bootstrap=3)
        one, two = rate(data, rule), rate(other, rule)
        assert ratings(one) == pytest.approx(ratings(two), abs=1e-9)
        if method != "elo":
            source.shuffle(other)
            assert rate(other, rule).model_dump() == two.model_dump()


@given(GAMES)
def test_a_rating_is_finite_whatever_the_votes_and_lies_in_its_place(data: list[Vote]) -> None:
    found = rate(data, RatingRule(mean=100))
    assert {row.model for row in found.models} == {name for vote in data for name in (vote.left, vote.right)}
    assert all(abs(rating - 100) < 2000 for rating in ratings(found).values())
    assert sum(ratings(found).values()) / len(found.models) == pytest.approx(100, abs=1e-6)
    for row in found.models:
        assert row.games == row.wins + row.losses + row.ties


@given(GAMES)
def test_expected_points_are_those_that_were_won(data: list[Vote]) -> None:
    """The equations of the likelihood, where it has a maximum: the definition of the estimate."""
    found = rate(data, RatingRule())
    strengths = {name: 10 ** (rating / 400) for name, rating in ratings(found).items()}
    if found.notes:
        return
    for row in found.models:
        expected = 0.0
        for vote in data:
            if row.model in (vote.left, vote.right):
                other = vote.right if row.model == vote.left else vote.left
                expected += strengths[row.model] / (strengths[row.model] + strengths[other])
        assert expected == pytest.approx(row.wins + row.ties / 2, abs=1e-6)


def test_an_unbeaten_model_is_rated_by_half_a_virtual_tie_and_it_is_said() -> None:
    found = rate(votes("a>b a>b a>b b>c c>b"), RatingRule())
    assert ratings(found)["a"] - ratings(found)["b"] == pytest.approx(400 * math.log10(3.25 / 0.25), abs=1e-6)
    (note,) = found.notes
    assert "lost no point to the others: {a}" in note
    assert "half a virtual tie" in note


def test_models_that_never_met_are_centred_apart_and_it_is_said() -> None:
    found = rate(votes("a>b b>a a>b c>d d>c"), RatingRule(mean=1500))
    assert ratings(found)["c"] == pytest.approx(1500, abs=1e-9)
    assert ratings(found)["a"] + ratings(found)["b"] == pytest.approx(3000, abs=1e-9)
    (note,) = found.notes
    assert "{a, b} and {c, d}" in note


def test_a_model_whose_every_vote_is_dropped_has_no_rating() -> None:
    found = rate(votes("a>b b>a a=c"), RatingRule(ties="drop"))
    (last,) = [row for row in found.models if row.model == "c"]
    assert (last.rating, last.ties) == (None, 1)
    assert found.models[-1] == last
    assert ratings(found) == pytest.approx({"a": 1000.0, "b": 1000.0})


@pytest.mark.parametrize("method", ["bradley-terry", "elo"])
def test_an_anchor_stands_where_it_is_put_and_moves_all(method: str) -> None:
    free, held = (rated("a>b b>c c>a a>c", method=method, anchor=anchor) for anchor in (None, ("b", 1114.0)))
    assert held["b"] == pytest.approx(1114.0)
    assert {name: held[name] - free[name] for name in free} == pytest.approx(dict.fromkeys("abc", 1114 - free["b"]))


def test_elo_depends_on_order_and_says_so() -> None:
    first, second = rated("a>b b>a", method="elo"), rated("b>a a>b", method="elo")
    assert first["a"] < 1000 < second["a"]
    assert "order" in rate(votes("a>b"), RatingRule(method="elo")).notes[0]


def test_a_win_rate_counts_opponents_alike() -> None:
    assert rated("a>b a>b a>b c>a", method="win-rate") == pytest.approx({"a": 0.5, "b": 0.0, "c": 1.0})


def test_categories_are_drawn_to_the_overall_rating_unless_told_otherwise() -> None:
    overall = drawn({"a": 1.0, "b": 0.0}, 400, seed=1)
    data = [vote.model_copy(update={"category": "most"}) for vote in overall]
    data += [vote.model_copy(update={"category": "few"}) for vote in votes("b>a b>a a>b")]
    shrunk, plain = (rate(data, RatingRule(by_category=True, shrink=shrink)) for shrink in (True, False))
    gap = {name: {row.model: row for row in found.by["few"]} for name, found in (("s", shrunk), ("p", plain))}
    difference = {name: (rows["b"].rating or 0) - (rows["a"].rating or 0) for name, rows in gap.items()}
    whole = ratings(shrunk)["b"] - ratings(shrunk)["a"]
    assert difference["p"] == pytest.approx(400 * math.log10(2), abs=1e-6)
    assert whole < difference["s"] < difference["p"]
    assert gap["s"]["b"].wins == 2
    assert sum(ratings(shrunk, "few").values()) == pytest.approx(2000)


def test_a_category_lists_those_who_played_in_it_at_the_level_of_all() -> None:
    data = [v.model_copy(update={"category": "easy"}) for v in votes("a>b b>a")] + votes("a>c a>c c>a b>c b>c c>b")
    found = rate(data, RatingRule(by_category=True))
    assert set(ratings(found, "easy")) == {"a", "b"}
    assert min(ratings(found, "easy").values()) > 1000
    assert any("6 of 8 votes have no category" in note for note in found.notes)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    truth = {"a": 0.6, "b": 0.1, "c": -0.7}
    hits = 0
    for seed in range(60):
        found = rate(drawn(truth, 300, seed, prompts=300), RatingRule(mean=0, bootstrap=150))
        (row,) = [row for row in found.models if row.model == "a"]
        assert row.low is not None
        assert row.high is not None
        assert row.rating is not None
        assert row.low < row.rating < row.high
        hits += row.low <= 400 * 0.6 / math.log(10) <= row.high
    assert 51 <= hits <= 60


def test_intervals_count_prompts_not_votes() -> None:
    data = drawn({"a": 0.5, "b": 0.0}, 60, seed=3, prompts=60)
    data = [vote.model_copy(update={"item": str(number)}) for number, vote in enumerate(data)]
    once, thrice = (rate(data * times, RatingRule(bootstrap=400)) for times in (1, 3))
    widths = [(row.high or 0) - (row.low or 0) for row in (once.models[0], thrice.models[0])]
    assert widths[0] == pytest.approx(widths[1], rel=0.02)


def test_one_prompt_gives_no_interval_and_it_is_said() -> None:
    found = rate(votes("a>b b>a a>b", item="1"), RatingRule(bootstrap=10))
    assert found.models[0].low is None
    assert "no intervals" in found.notes[0]


def test_a_seed_moves_intervals_never_ratings() -> None:
    data = drawn({"a": 0.5, "b": 0.0, "c": 0.2}, 100, seed=3)
    one, two = (rate(data, RatingRule(bootstrap=50, seed=seed)) for seed in (0, 1))
    assert ratings(one) == ratings(two)
    assert one.models[0].low != two.models[0].low
    assert rate(data, RatingRule(bootstrap=50)).model_dump() == one.model_dump()


def styled(number: int, seed: int) -> list[Vote]:
    """Equal models, one of which writes at length, before a judge who likes length only."""
    source, made = random.Random(seed), []
    for item in range(number):
        long, short = source.randint(150, 400), source.randint(80, 300)
        share = (long - short) / (long + short)
        wins = source.random() < 1 / (1 + math.exp(-3 * share))
        styles = TextStyle(words=long), TextStyle(words=short)
        vote = Vote(item=str(item), left="long", right="short", outcome="left" if wins else "right")
        made.append(vote.model_copy(update={"left_style": styles[0], "right_style": styles[1]}))
    return made


def test_style_explains_what_it_caused() -> None:
    data = styled(3000, seed=1)
    raw, fair = rate(data, RatingRule(bootstrap=100)), rate(data, RatingRule(style=True, bootstrap=100))
    assert raw.style == {}
    assert (raw.models[-1].high or 0) < 1000 < (raw.models[0].low or 0)
    for row in fair.models:
        assert row.low is not None
        assert row.high is not None
        assert row.low < 1000 < row.high
    assert set(fair.style) == {"length", "headers", "lists", "bold"}
    assert (fair.style["length"].low or 0) > 0.5
    assert fair.style["bold"].value == 0.0
    mirror = rate([mirrored(vote) for vote in data], RatingRule(style=True))
    assert ratings(mirror) == pytest.approx(ratings(fair), abs=1e-6)
    assert mirror.style["length"].value == pytest.approx(fair.style["length"].value, abs=1e-8)


def test_a_style_that_explains_everything_has_a_finite_effect() -> None:
    data = [vote for vote in styled(200, seed=2) if vote.left_style and vote.right_style]
    sure = [
        vote.model_copy(update={"outcome": "left" if vote.left_style.words > vote.right_style.words else "right"})
        for vote in data
        if vote.left_style and vote.right_style
    ]
    found = rate(sure, RatingRule(style=True))
    assert 1 < found.style["length"].value < 100
    assert all(abs(rating - 1000) < 1000 for rating in ratings(found).values())


@settings(max_examples=20)
@given(st.integers(2, 12), st.integers(1, 3))
def test_a_chain_of_certain_winners_comes_to_an_end(length: int, copies: int) -> None:
    data = [vote for n in range(length) for vote in votes(f"m{n:02}>m{n + 1:02}") * 10**copies]
    found = rate(data, RatingRule())
    assert [row.model for row in found.models] == [f"m{n:02}" for n in range(length + 1)]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"anchor": ("nobody", 1.0)}, "a, b"),
        ({"anchor": ("a", 1.0), "method": "win-rate"}, "anchor"),
        ({"style": True, "method": "elo"}, "Bradley-Terry"),
        ({"style": True}, "answer_a"),
        ({"by_category": True}, "category"),
    ],
)
def test_what_cannot_be_rated_is_wrong_use(rule: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        rate(votes("a>b b>a"), RatingRule.model_validate(rule))


def test_no_votes_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="no votes"):
        rate([], RatingRule())


def test_models_of_equal_rating_stand_by_name() -> None:
    rows: tuple[Rated, ...] = rate(votes("b=a c=b a=c"), RatingRule()).models
    assert [row.model for row in rows] == ["a", "b", "c"]
