"""Plans of conversations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.errors import UsageError
from aaa.graphs import conversation_graph, speaking_order


def test_two_speakers_take_turns() -> None:
    plan = conversation_graph([("teacher", "student"), ("student", "teacher")])
    assert list(speaking_order(plan, "teacher", limit=4)) == ["teacher", "student", "teacher", "student"]
    assert list(speaking_order(plan, "student", limit=1)) == ["student"]


@given(st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=6, unique=True), st.integers(1, 40))
def test_a_circle_goes_round(names: list[str], limit: int) -> None:
    plan = conversation_graph(zip(names, [*names[1:], names[0]], strict=True))
    order = list(speaking_order(plan, names[0], limit=limit))
    assert order == [names[i % len(names)] for i in range(limit)]


def test_a_chain_is_followed_to_its_end_and_no_further() -> None:
    plan = conversation_graph([("a", "b"), ("b", "c")])
    assert list(speaking_order(plan, "a", limit=3)) == ["a", "b", "c"]
    with pytest.raises(UsageError, match="nobody speaks after 'c': the plan ends after 3 of 4 turns"):
        speaking_order(plan, "a", limit=4)


def test_faulty_plans_are_refused() -> None:
    with pytest.raises(UsageError, match="after 'a' speaks one of b, c"):
        conversation_graph([("a", "b"), ("a", "c")])
    with pytest.raises(UsageError, match="'x' is no speaker of this plan; speakers: a, b"):
        speaking_order(conversation_graph([("b", "a")]), "x", limit=1)
