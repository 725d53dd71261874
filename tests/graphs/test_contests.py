"""Graphs of contests."""

from hypothesis import given
from hypothesis import strategies as st

from aaa.graphs import connected_groups, unequalled_groups

EDGES = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).filter(lambda e: e[0] != e[1]))


def test_groups_that_never_met() -> None:
    assert connected_groups("edcba", [("a", "b"), ("c", "b")]) == [("a", "b", "c"), ("d",), ("e",)]


def test_who_lost_no_point_and_who_won_none() -> None:
    points = [("a", "b"), ("b", "a"), ("a", "c"), ("c", "d"), ("d", "c"), ("b", "e")]
    assert unequalled_groups("abcdef", points) == ([("a", "b")], [("c", "d"), ("e",)])
    assert unequalled_groups("ab", [("a", "b"), ("b", "a")]) == ([], [])


@given(EDGES)
def test_groups_share_no_edge_and_no_point_comes_from_below(edges: list[tuple[str, str]]) -> None:
    groups = connected_groups("abcdef", edges)
    assert sorted(name for group in groups for name in group) == list("abcdef")
    of = {name: group for group in groups for name in group}
    assert all(of[one] == of[other] for one, other in edges)
    unbeaten, winless = unequalled_groups("abcdef", edges)
    for group in unbeaten:
        assert not any(loser in group and winner not in group for winner, loser in edges)
    for group in winless:
        assert not any(winner in group and loser not in group for winner, loser in edges)
    assert bool(unbeaten) == bool(winless)
