"""Sampling: exact inclusion frequencies, quotas to within a row, and no dependence on order."""

import math
from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aaa.curate.sampling import (
    Candidate,
    Likeness,
    by_diversity,
    by_quota,
    by_weight,
    choose,
    effective_size,
    target_shares,
)
from aaa.curate.sampling.choosing import Entry
from aaa.errors import UsageError
from aaa.scenario import Sampling

CHI_SQUARE_999 = {5: 20.52, 9: 27.88}
"""99.9 % points by degrees of freedom (tables)."""


def exact(weights: dict[str, float], size: int) -> dict[frozenset[str], float]:
    """Probability of each set under successive drawing without replacement."""
    found: Counter[frozenset[str]] = Counter()
    for order in permutations(weights, size):
        left, chance = sum(weights.values()), 1.0
        for id_ in order:
            chance *= weights[id_] / left
            left -= weights[id_]
        found[frozenset(order)] += chance
    return dict(found)


@pytest.mark.parametrize(
    ("weights", "size"),
    [
        ({"a": 1, "b": 1, "c": 1, "d": 1}, 2),
        ({"a": 1, "b": 2, "c": 4, "d": 0.5}, 2),
        ({**dict.fromkeys("abcde", 1), "a": 5}, 3),
    ],
)
def test_inclusion_frequencies_are_the_exact_ones(weights: dict[str, float], size: int) -> None:
    seeds, expected = 6000, exact(weights, size)
    pool = [Candidate(id_, weight=weight) for id_, weight in weights.items()]
    seen = Counter(frozenset(by_weight(pool, size, seed=seed)) for seed in range(seeds))
    chi = sum((seen[drawn] - seeds * chance) ** 2 / (seeds * chance) for drawn, chance in expected.items())
    assert sum(seen[drawn] for drawn in expected) == seeds
    assert chi < CHI_SQUARE_999[len(expected) - 1]


cells = st.dictionaries(st.sampled_from("abcdefg"), st.tuples(st.integers(0, 40), st.floats(0.05, 9)), min_size=1)


@settings(deadline=None)
@given(cells, st.integers(1, 120), st.integers(0, 5))
def test_quotas_are_met_to_within_one_row_and_smaller_samples_are_heads(
    drawn: dict[str, tuple[int, float]], size: int, seed: int
) -> None:
    pool = [Candidate(f"{name}{i}", (name,)) for name, (rows, _) in drawn.items() for i in range(rows)]
    whole = sum(share for _, share in drawn.values())
    shares = {(name,): share / whole for name, (_, share) in drawn.items()}
    ids = by_quota(pool, shares, size, seed=seed)
    assert len(ids) == len(set(ids)) == min(size, len(pool))
    got = Counter(id_[0] for id_ in ids)
    short = any(got[name] == rows for name, (rows, _) in drawn.items())
    for name, (rows, share) in drawn.items():
        quota = len(ids) * share / whole
        assert got[name] == rows or got[name] > quota - 1 - 1e-6
        assert short or got[name] < quota + 1 + 1e-6
    assert by_quota(reversed(pool), shares, size, seed=seed) == ids
    assert by_quota(pool, shares, size // 2, seed=seed) == ids[: size // 2]


@given(
    st.lists(st.tuples(st.text(max_size=4), st.floats(0, 9)), max_size=30, unique_by=lambda row: row[0]), st.randoms()
)
def test_a_weighted_draw_knows_no_order_of_the_file(rows: list[tuple[str, float]], shuffle: object) -> None:
    pool = [Candidate(id_, weight=weight) for id_, weight in rows]
    ids = by_weight(pool, 10, seed=1)
    mixed = list(pool)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    assert by_weight(mixed, 10, seed=1) == ids
    assert by_weight(mixed, 4, seed=1) == ids[:4]
    assert all(dict(rows)[id_] > 0 for id_ in ids)


def test_other_seeds_draw_other_rows() -> None:
    pool = [Candidate(str(i)) for i in range(50)]
    assert by_weight(pool, 10, seed=1) != by_weight(pool, 10, seed=2)


def pool_of(**rows: int) -> list[Entry]:
    return [Entry(f"{skill}-{i}", (skill,)) for skill, count in rows.items() for i in range(count)]


def test_targets_are_even_natural_tempered_or_weighted() -> None:
    natural = {("a",): 900, ("b",): 100}

    def shares(**options: object) -> float:
        return target_shares(natural, Sampling.model_validate({"size": 1, "by": ["skill"], **options}))[("a",)]

    assert shares() == pytest.approx(0.5)
    assert shares(target="natural") == pytest.approx(0.9)
    assert shares(target="natural", temperature=2) == pytest.approx(0.75)  # 30 : 10
    assert shares(weights={"skill": {"b": 3}}) == pytest.approx(0.25)
    assert shares(weights={"skill": {"a": 1, "*": 0}}) == pytest.approx(1.0)


def test_a_sample_reports_natural_target_achieved_and_effective_size() -> None:
    spec = Sampling(size=20, by=("skill",), weights={"skill": {"b": 3}})
    drawn = choose(pool_of(a=90, b=10), spec, seed=0)
    a, b = drawn.report.cells
    assert (a.natural, a.target, a.rows) == (0.9, pytest.approx(0.25), 10)  # b has no more than 10 rows
    assert (b.natural, b.target, b.achieved) == (0.1, pytest.approx(0.75), 0.5)
    weights = [0.25 / 0.9] * 90 + [0.75 / 0.1] * 10
    assert drawn.report.effective == pytest.approx(sum(weights) ** 2 / sum(w * w for w in weights))
    assert effective_size([2.0] * 7) == pytest.approx(7.0)


def test_weights_are_capped_so_that_a_rare_cell_is_not_all_there_is() -> None:
    counts = {
        cap: Counter(
            id_[0]
            for seed in range(30)
            for id_ in choose(
                pool_of(a=990, b=10), Sampling(size=10, by=("skill",), method="weighted", cap=cap), seed=seed
            ).ids
        )["b"]
        for cap in (2.0, 50.0)
    }
    assert counts[2.0] < counts[50.0] / 4


def test_weights_that_leave_nothing_are_refused() -> None:
    with pytest.raises(UsageError, match="weight 0"):
        choose(pool_of(a=3), Sampling(size=1, by=("skill",), weights={"skill": {"*": 0}}), seed=0)
    with pytest.raises(ValueError, match="`by` does not name"):
        Sampling(size=1, weights={"skill": {"a": 2}})
    with pytest.raises(ValueError, match="go together"):
        Sampling(size=1, method="similar")


def test_likeness_prefers_what_the_target_set_is_like() -> None:
    cooking = [f"Stir the soup with {n} carrots and salt" for n in range(20)]
    coding = [f"Sort the list of {n} integers in the array" for n in range(20)]
    likeness = Likeness.fit(["Boil carrots for soup", "Salt the soup and stir"], [*cooking, *coding])
    assert min(map(likeness.log_weight, cooking)) > max(map(likeness.log_weight, coding))
    assert likeness.log_weight("") == 0.0
    pool = [Entry(f"{i}", (), log_weight=likeness.log_weight(text)) for i, text in enumerate([*cooking, *coding])]
    drawn = choose(pool, Sampling(size=10, method="similar", like="x"), seed=4)
    assert all(int(id_) < 20 for id_ in drawn.ids)
    assert math.isfinite(drawn.report.effective)


def test_diversity_takes_rows_that_add_tags_then_begins_anew() -> None:
    tagged = [
        ("1", frozenset("abc")),
        ("2", frozenset("ab")),
        ("3", frozenset("d")),
        ("4", frozenset("cd")),
        ("5", frozenset()),
    ]
    ids = by_diversity(tagged, 5, seed=0)
    assert ids[0] == "1"
    assert ids[1] == "4"
    assert ids[2:4] == ["2", "3"]
    assert ids[4] == "5"
    assert by_diversity(tagged[::-1], 3, seed=0) == ids[:3]
