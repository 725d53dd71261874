"""Who may judge whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.judge import seat

FAMILIES = st.sampled_from(["a", "b", "c", "d"])
SIDES = st.frozensets(FAMILIES, max_size=3)
JURORS = st.lists(FAMILIES, max_size=8).map(lambda found: [(f"j{n}", family) for n, family in enumerate(found)])
PANEL = [("ga", "g"), ("gb", "g"), ("ca", "c"), ("qa", "q"), ("xa", "x")]
G, C, Q = frozenset("g"), frozenset("c"), frozenset("q")


@pytest.mark.parametrize(
    ("left", "right", "rule", "seated"),
    [
        (G, C, "allow", {"ga", "gb", "ca", "qa", "xa"}),
        (G, C, "exclude", {"qa", "xa"}),
        (C, Q, "balanced", {"ga", "gb", "ca", "qa", "xa"}),
        (C, C, "balanced", {"ga", "gb", "ca", "qa", "xa"}),
        (C, frozenset("z"), "balanced", {"ga", "gb", "qa", "xa"}),
        (C, C | Q, "balanced", {"ga", "gb", "ca", "xa"}),
        (frozenset("z"), frozenset("y"), "exclude", {"ga", "gb", "ca", "qa", "xa"}),
    ],
)
def test_the_rules(left: frozenset[str], right: frozenset[str], rule: str, seated: set[str]) -> None:
    assert set(seat(PANEL, left, right, rule, seed=0, match="m").seated) == seated  # type: ignore[arg-type]


def test_a_surplus_steps_out_by_lot_and_both_are_drawn_in_time() -> None:
    lots = {seat(PANEL, G, C, "balanced", seed=0, match=f"m{n}").stepped_out for n in range(20)}
    assert lots == {("ga",), ("gb",)}


@given(JURORS, SIDES, SIDES, st.sampled_from(["allow", "exclude", "balanced"]), st.integers(0, 9), st.randoms())
def test_seatings_hold_for_all(jurors, left, right, rule, seed, random) -> None:  # type: ignore[no-untyped-def]
    seating = seat(jurors, left, right, rule, seed=seed, match="m")
    family = dict(jurors)
    assert sorted([*seating.seated, *seating.stepped_out]) == sorted(family)
    assert list(seating.seated) == [name for name, _ in jurors if name in seating.seated]
    mirrored = seat(jurors, right, left, rule, seed=seed, match="m")
    assert mirrored == seating
    shuffled = random.sample(jurors, len(jurors))
    assert set(seat(shuffled, left, right, rule, seed=seed, match="m").seated) == set(seating.seated)
    if rule == "balanced":
        for_left = sum(family[name] in left - right for name in seating.seated)
        for_right = sum(family[name] in right - left for name in seating.seated)
        assert for_left == for_right
        sides = [sum(f in side for _, f in jurors) for side in (left - right, right - left)]
        assert len(seating.stepped_out) == abs(sides[0] - sides[1]), "nobody steps out without need"
