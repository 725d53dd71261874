"""Agreement: published values, definitions, and figures that are not defined."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rate_examples import table, votes

from aaa.errors import UsageError
from aaa.rate import (
    AgreementRule,
    Level,
    Vote,
    agreement_of_coders,
    agreement_of_sources,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
)

RULE = AgreementRule(bootstrap=0)
FLEISS_1971 = ["0000E", "02642", "00356", "03920", "22811", "77000", "32630", "25322", "65210", "02237"]
"""How many of 14 coders gave each of 5 labels to each of 10 units, in base 16."""


def units_of(name: str, kind: type[float] | type[str]) -> list[list[float | str]]:
    """Columns of a reference file (coders are rows), without the missing values."""
    rows = table(f"agreement/{name}.csv")
    return [[kind(value) for value in unit if value] for unit in zip(*rows, strict=True)]


@pytest.mark.parametrize(
    ("level", "value"),
    [("nominal", 904 / 1216), ("ordinal", 0.8153876), ("interval", 0.8491087), ("ratio", 0.7974063)],
)
def test_krippendorffs_own_example(level: Level, value: float) -> None:
    tolerance = 1e-9 if level == "nominal" else 5e-4
    assert krippendorff_alpha(units_of("codings", float), level) == pytest.approx(value, abs=tolerance)


def test_other_published_alphas() -> None:
    assert krippendorff_alpha(units_of("gcl", str)) == pytest.approx(1 / 12, abs=1e-6)
    units = [(1, 2), (2, 3), (3, 4)]
    assert krippendorff_alpha(units) == pytest.approx(-0.1538462, abs=1e-6)
    assert krippendorff_alpha(units, "interval") == pytest.approx(0.5454545, abs=1e-6)


def test_fleiss_own_example() -> None:
    units = [[label for label, n in enumerate(row) for _ in range(int(n, 16))] for row in FLEISS_1971]
    assert {len(unit) for unit in units} == {14}
    assert fleiss_kappa(units) == pytest.approx(0.210, abs=5e-4)


def test_cohen_by_hand() -> None:
    first, second = "yes " * 25 + "no " * 25, "yes " * 20 + "no " * 5 + "yes " * 10 + "no " * 15
    assert cohen_kappa(first.split(), second.split()) == pytest.approx(0.4)


@pytest.mark.parametrize("units", [[], [["a"]], [["a", "a"], ["a", "a"]]])
def test_what_is_not_defined_is_none(units: Sequence[Sequence[str]]) -> None:
    assert krippendorff_alpha(units) is None
    assert fleiss_kappa(units) is None
    pairs = [unit for unit in units if len(unit) == 2]
    assert cohen_kappa([a for a, _ in pairs], [b for _, b in pairs]) is None


def test_fleiss_needs_as_many_labels_on_each_unit() -> None:
    assert fleiss_kappa([["a", "b"], ["a", "b", "b"]]) is None
    assert krippendorff_alpha([["a", "b"], ["a", "b", "b"]]) is not None


UNITS = st.lists(st.lists(st.sampled_from([1.0, 2.0, 5.0]), min_size=2, max_size=2), min_size=1, max_size=12)


@given(UNITS, st.randoms())
def test_coefficients_depend_on_no_order_and_are_at_most_one(units: list[list[float]], source: object) -> None:
    levels: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")
    turned = [list(reversed(unit)) for unit in reversed(units)]
    for level in levels:
        value, other = krippendorff_alpha(units, level), krippendorff_alpha(turned, level)
        assert (value is None) == (len({label for unit in units for label in unit}) == 1)
        if value is not None:
            assert value == pytest.approx(other)
            assert value <= 1 + 1e-12
            assert (abs(value - 1) < 1e-12) == all(a == b for a, b in units)
    kappa = cohen_kappa([a for a, _ in units], [b for _, b in units])
    assert kappa is None or -1 <= kappa <= 1


@given(UNITS)
def test_alpha_of_two_coders_is_fleiss_kappa_corrected_for_few_units(units: list[list[float]]) -> None:
    alpha, kappa = krippendorff_alpha(units), fleiss_kappa(units)
    assert (alpha is None) == (kappa is None)
    if alpha is not None and kappa is not None:
        assert alpha == pytest.approx(1 - (1 - kappa) * (2 * len(units) - 1) / (2 * len(units)))


def test_two_sources_on_the_same_matches() -> None:
    one, other = votes("a>b a>b b<a c=a a!c a>c x>y"), votes("a>b b>a a>b c=a a=c a=c y>z")
    found = agreement_of_sources(one, other, RULE)
    assert found.items == 6
    assert found.agreement == pytest.approx(4 / 6)
    assert (found.agreement_without_ties.n, found.agreement_without_ties.value) == (3, pytest.approx(2 / 3))
    first, second = ["L", "L", "R", "T", "T", "L"], ["L", "R", "R", "T", "T", "T"]
    assert found.cohen_kappa == pytest.approx(cohen_kappa(first, second))
    pairs = list(zip(first, second, strict=True))
    assert found.fleiss_kappa == pytest.approx(fleiss_kappa(pairs))
    assert found.krippendorff_alpha == pytest.approx(krippendorff_alpha(pairs))
    assert found.intervals == {}


@pytest.mark.parametrize(
    ("ties", "inconsistent", "items", "agreement"),
    [("keep", "tie", 6, 4 / 6), ("keep", "drop", 5, 3 / 5), ("drop", "tie", 3, 2 / 3), ("drop", "drop", 3, 2 / 3)],
)
def test_ties_and_inconsistent_votes_are_kept_or_left_out(
    ties: str, inconsistent: str, items: int, agreement: float
) -> None:
    rule = AgreementRule.model_validate({"ties": ties, "inconsistent": inconsistent, "bootstrap": 0})
    one, other = votes("a>b a>b b<a c=a a!c a>c x>y"), votes("a>b b>a a>b c=a a=c a=c y>z")
    found = agreement_of_sources(one, other, rule)
    assert (found.items, found.agreement) == (items, pytest.approx(agreement))


def test_each_vote_is_compared_with_each_of_the_other_source() -> None:
    found = agreement_of_sources(votes("a>b a>b b>a", item="1"), votes("a>b", item="1"), RULE)
    assert (found.items, found.agreement) == (1, pytest.approx(2 / 3))


def test_turns_are_matches_of_their_own() -> None:
    first, second = (vote.model_copy(update={"turn": turn}) for turn, vote in enumerate(votes("a>b b>a", item="1")))
    assert agreement_of_sources([first, second], [first, second], RULE).items == 2
    with pytest.raises(UsageError, match="share no match"):
        agreement_of_sources([first], [second], RULE)


def judged(games: dict[str, str]) -> list[Vote]:
    return [vote.model_copy(update={"judge": judge}) for judge, text in games.items() for vote in votes(text)]


def test_judges_of_one_source() -> None:
    found = agreement_of_coders(judged({"x": "a>b a>b a=b", "y": "a>b b>a a=b", "z": "b<a b>a b>a"}), RULE)
    labels = [("L", "L", "L"), ("L", "R", "R"), ("T", "T", "R")]
    assert found.items == 3
    assert found.agreement == pytest.approx((3 + 1 + 1) / 9)
    assert found.cohen_kappa is None
    assert found.fleiss_kappa == pytest.approx(fleiss_kappa(labels))
    assert found.krippendorff_alpha == pytest.approx(krippendorff_alpha(labels))


def test_judges_who_saw_different_matches() -> None:
    found = agreement_of_coders(judged({"x": "a>b a>b a=b", "y": "a>b b>a", "z": "a>b"}), RULE)
    assert found.items == 2
    assert (found.fleiss_kappa, found.cohen_kappa) == (None, None)
    assert found.krippendorff_alpha is not None
    two = agreement_of_coders(judged({"x": "a>b a>b a=b", "y": "a>b b>a"}), RULE)
    assert two.cohen_kappa == pytest.approx(cohen_kappa("LL", "LR"))


def test_a_judge_who_contradicts_itself_is_inconsistent() -> None:
    data = judged({"x": "a>b", "y": "a>b"})
    data += [Vote(item="0", left="b", right="a", outcome="left", judge="x")]
    tie = agreement_of_coders(data, RULE)
    assert (tie.agreement, tie.agreement_without_ties.n) == (0.0, 0)
    with pytest.raises(UsageError, match="two judges"):
        agreement_of_coders(data, AgreementRule(inconsistent="drop"))


def test_ordinal_agreement_takes_a_tie_for_half_a_disagreement() -> None:
    one = votes("a>b a>b a<b a=b a<b a>b")
    near, far = votes("a>b a=b a<b a=b a<b a=b"), votes("a>b a<b a<b a=b a<b a<b")
    ordinal = AgreementRule(level="ordinal", bootstrap=0)
    closer = agreement_of_sources(one, near, ordinal).krippendorff_alpha
    farther = agreement_of_sources(one, far, ordinal).krippendorff_alpha
    assert closer is not None
    assert farther is not None
    assert closer > farther


def test_intervals_hold_the_figure_and_one_prompt_gives_none() -> None:
    one, other = votes("a>b b>a a=b " * 20), votes("a>b b>a a>b " * 20)
    found = agreement_of_sources(one, other, AgreementRule(bootstrap=200))
    bounds = found.intervals["agreement"]
    assert bounds is not None
    assert bounds[0] < 2 / 3 < bounds[1]
    assert bounds[1] - bounds[0] == pytest.approx(2 * 1.96 * (2 / 9 / 60) ** 0.5, rel=0.25)
    assert found.intervals["cohen_kappa"] is not None
    single = agreement_of_sources(votes("a>b c>a", item="1"), votes("a>b a>c", item="1"), AgreementRule(bootstrap=9))
    assert set(single.intervals.values()) == {None}


def test_votes_without_a_judge_cannot_be_compared_by_judge() -> None:
    with pytest.raises(UsageError, match="`judge`"):
        agreement_of_coders(votes("a>b"), RULE)
