"""Phrases: a text without their words is not searched, and none that holds a phrase is without."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aaa.text.answering import NAMING
from aaa.text.leaks import leak_table
from aaa.text.orders import ORDERS
from aaa.text.phrases import Phrases
from aaa.text.refusals import DECLINING
from aaa.text.turn_cues import LANGUAGES, cues_of

LEAKS = leak_table().phrases
ROLES = {
    language: cues for language in sorted(LANGUAGES) for cues in (cues_of(language).helper, cues_of(language).helped)
}
TABLES = {"orders": ORDERS, "refusals": DECLINING, "languages": NAMING, **ROLES}
EACH = [(table, number) for table in TABLES.values() for number in range(len(table.patterns))]
SLOW = settings(max_examples=8, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def test_phrases_hold_in_any_case_and_each_gives_its_first_match() -> None:
    phrases = Phrases(r"\b(?:straße|two) [ab]\b", r"\bnever\b", "is|are")
    found = [match.group() for match in phrases.first_matches("Zwei: STRASSE? TWO B, two a; Straße B")]
    assert found == ["TWO B"]
    assert phrases.held_by("They Are: NEVER")
    assert not phrases.held_by("two c")


def test_a_phrase_without_a_certain_word_is_searched_for_in_every_text() -> None:
    phrases = Phrases("として", r"\w+ing again", "お手伝い")
    assert list(phrases.possible("何かお手伝いできますか")) == [0, 2]
    assert list(phrases.possible("Trying again")) == [0, 1]


@pytest.mark.parametrize(("table", "number"), EACH)
@given(data=st.data())
@SLOW
def test_whatever_a_phrase_matches_is_searched_for_it(table: Phrases, number: int, data: st.DataObject) -> None:
    assert number in table.possible(data.draw(st.from_regex(table.compiled(number))))


@given(st.data())
def test_whatever_a_leak_matches_is_searched_for_it(data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(range(len(LEAKS.patterns))))
    text = data.draw(st.from_regex(LEAKS.compiled(number)))
    for match in LEAKS.compiled(number).finditer(text):
        assert number in LEAKS.possible(text), match.group()


@pytest.mark.parametrize("table", [ORDERS, DECLINING, NAMING, LEAKS], ids=["orders", "refusals", "languages", "leaks"])
def test_every_phrase_has_a_certain_word(table: Phrases) -> None:
    """Else it would be searched for in every text."""
    assert not [pattern for pattern, needs in zip(table.patterns, table.needs, strict=True) if not needs]
