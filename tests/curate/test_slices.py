"""Slices and splits: disjoint by cluster, whole, balanced, and independent of order."""

from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.curate.slices import SliceRow, Slicing, clusters_of, slice_up

rows = st.lists(
    st.builds(
        SliceRow,
        id=st.integers(0, 300).map(str),
        skill=st.sampled_from(["a", "b", None]),
        difficulty=st.none() | st.floats(1, 10),
        round=st.integers(0, 5),
    ),
    max_size=60,
    unique_by=lambda row: row.id,
)
specs = st.builds(
    Slicing,
    slices=st.integers(1, 5),
    schedule=st.sampled_from(["random", "easy_to_hard", "gap", "round"]),
    validation=st.sampled_from([0.0, 0.1]),
    test=st.sampled_from([0.0, 0.3]),
)


@given(rows, specs, st.integers(1, 30), st.integers(0, 3))
def test_every_row_has_its_place_and_clusters_stay_whole(
    rows: list[SliceRow], spec: Slicing, groups: int, seed: int
) -> None:
    cluster = {row.id: f"c{int(row.id) % groups}" for row in rows}
    parts = slice_up(rows, spec, cluster=cluster, seed=seed)
    assert set(parts) == {row.id for row in rows}
    together = defaultdict(set)
    for id_, part in parts.items():
        together[cluster[id_]].add(part)
        assert (part.slice is not None) == (part.split == "train")
        assert part.slice is None or 0 <= int(part.slice[1:]) < spec.slices
    assert all(len(places) == 1 for places in together.values())
    assert slice_up(rows[::-1], spec, cluster=cluster, seed=seed) == parts


def many(count: int = 400) -> list[SliceRow]:
    return [SliceRow(str(i), "ab"[i % 2], float(i % 10 + 1), i % 3) for i in range(count)]


def test_random_slices_are_alike_in_skills_and_splits_keep_their_shares() -> None:
    parts = slice_up(many(), Slicing(slices=4, validation=0.1, test=0.1), cluster={}, seed=1)
    splits = Counter(part.split for part in parts.values())
    assert splits == {"train": 320, "validation": 40, "test": 40}
    cells = Counter((part.slice, "ab"[int(id_) % 2]) for id_, part in parts.items() if part.slice)
    assert set(cells.values()) == {40}
    assert parts != slice_up(many(), Slicing(slices=4, validation=0.1, test=0.1), cluster={}, seed=2)


def test_easy_rows_come_first() -> None:
    parts = slice_up(many(), Slicing(slices=5, schedule="easy_to_hard"), cluster={}, seed=0)
    means = [sum(int(i) % 10 + 1 for i, p in parts.items() if p.slice == f"D{n}") / 80 for n in range(5)]
    assert means == sorted(means)
    assert means[0] < 2 < 9 < means[-1]


def test_wide_gaps_come_first_and_rounds_follow_each_other() -> None:
    by_gap = slice_up(many(), Slicing(slices=2, schedule="gap"), cluster={}, seed=0, gaps={"b": 0.4, "a": 0.1})
    assert {part.slice for id_, part in by_gap.items() if int(id_) % 2} == {"D0"}
    by_round = slice_up(many(), Slicing(slices=2, schedule="round"), cluster={}, seed=0)
    assert all(part.slice == f"D{min(int(id_) % 3, 1)}" for id_, part in by_round.items())


def test_near_duplicates_share_a_cluster() -> None:
    story = "Write a short story about a lighthouse keeper who finds a letter in a bottle on the beach"
    found = clusters_of({"1": story, "2": f"{story}.", "3": "Sort the numbers 3, 9 and 4 in falling order, please"})
    assert found == {"1": "1", "2": "1", "3": "3"}


def test_something_is_left_to_train_on() -> None:
    with pytest.raises(ValueError, match="nothing to train on"):
        Slicing(validation=0.5, test=0.5)
