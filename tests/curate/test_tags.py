"""Open tags: one spelling, rare ones merged or left out, what always comes together; diversity and complexity."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aaa.curate.tags import TagRule, spelled, tag_figures, vocabulary


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Text-Editing", "text editing"),
        ("text_editing ", "text editing"),
        ("Word  Problems", "word problem"),
        ("categories", "category"),
        ("boxes", "box"),
        ("classes", "class"),
        ("physics", "physics"),
        ("analysis", "analysis"),
        ("news", "news"),
        ("C++", "c++"),
        ("C#", "c#"),
        ("ÜBERSETZUNG", "übersetzung"),
        ("Ｆｕｌｌ width", "full width"),
        ("数学", "数学"),
        ("!?", ""),
    ],
)
def test_one_spelling(written: str, name: str) -> None:
    assert spelled(written) == name


def test_spellings_are_counted_together_before_anything_is_rare() -> None:
    found = vocabulary([["Poem"], ["poems"], ["a-poem?"], ["POEM"]], TagRule(similarity=1.0))
    assert found.of(["poems", "Poem"]) == ("poem",)
    assert (found.written, found.spelled, found.frequent, found.final, found.dropped) == (4, 2, 1, 1, 1)
    assert found.of(["a-poem?"]) == ()


def test_rare_tags_join_what_they_look_like() -> None:
    rows = [["translation"]] * 3 + [["sorting"]] * 3 + [["translations task"], ["zebra"]]
    found = vocabulary(rows)
    assert found.names["translations task"] == "translation"
    assert "zebra" not in found.names
    assert found.dropped == 1


def test_what_always_comes_with_another_joins_it() -> None:
    rows = [["python", "code"]] * 50 + [["code"]] * 20 + [["poem", "code"]] * 30
    assert vocabulary(rows).names["python"] == "code"
    assert vocabulary(rows).names["poem"] == "poem", "support is 40"
    rows[0] = ["python", "maths"]
    assert vocabulary(rows, TagRule(confidence=0.99)).names["python"] == "python", "49 of 50"
    assert vocabulary(rows, TagRule(confidence=0.95)).names["python"] == "code"


def test_twins_become_one_and_chains_are_followed() -> None:
    rows = [["a", "b", "c"]] * 45 + [["b", "c"]] * 5 + [["c"]] * 5
    assert set(vocabulary(rows).names.values()) == {"c"}
    assert set(vocabulary([["x", "y"]] * 40).names.values()) == {"x"}


def test_the_least_count_is_instags_in_large_sets() -> None:
    assert (TagRule().least_of(100), TagRule().least_of(10_000), TagRule(least=5).least_of(10_000)) == (2, 20, 5)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.sampled_from(["a", "b", "cat", "cats", "Cat", "dog", "dog-s"]), max_size=4), max_size=12))
def test_order_does_not_matter_and_counts_add_up(rows: list[list[str]]) -> None:
    rule = TagRule(least=2, support=2)
    found, turned = vocabulary(rows, rule), vocabulary(rows[::-1], rule)
    assert found.names == turned.names
    assert found.written >= found.spelled >= found.frequent >= found.final
    assert set(found.names.values()) <= {spelled(tag) for row in rows for tag in row}


def test_figures() -> None:
    found = tag_figures([("a", "b"), ("a", "a"), (), ("c",)], ["a", "b", "c", "d"])
    assert (found.rows, found.different, found.per_row, found.coverage) == (3, 3, 4 / 3, 0.75)
    assert log(found.effective) == pytest.approx(-(0.5 * log(0.5) + 2 * 0.25 * log(0.25)))
    nothing = tag_figures([(), ()])
    assert (nothing.rows, nothing.different, nothing.per_row, nothing.effective, nothing.coverage) == (0, 0, 0, 0, None)
