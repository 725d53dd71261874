"""Phrases with their keys: a text without a key is not searched, and none that holds the phrase is without."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aaa.text.answering import NAMING
from aaa.text.orders import ORDERS
from aaa.text.phrases import Phrase, pairs, phrases_in
from aaa.text.refusals import DECLINING
from aaa.text.turn_cues import LANGUAGES, cues_of

ROLES = [phrase for language in sorted(LANGUAGES) for phrase in (cues_of(language).helper, cues_of(language).helped)]

SLOW = settings(max_examples=8, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def test_keys_hold_in_any_case_and_each_phrase_gives_its_first_match() -> None:
    phrases = (Phrase(pairs(("Straße", "two"), ("a", "b")), r"\b(?:straße|two) [ab]\b"), Phrase(("never",), "never"))
    assert [found.group() for found in phrases_in("Zwei: STRASSE? TWO B, two a; Straße B", phrases)] == ["TWO B"]
    assert not list(phrases_in("two c", phrases))


@pytest.mark.parametrize("phrase", [*ORDERS, *DECLINING, NAMING, *ROLES], ids=lambda phrase: phrase.keys[0])
@given(data=st.data())
@SLOW
def test_whatever_a_phrase_matches_has_one_of_its_keys(phrase: Phrase, data: st.DataObject) -> None:
    for pattern in phrase.patterns:
        text = data.draw(st.from_regex(re.compile(pattern, phrase.compiled.flags)))
        assert list(phrases_in(text, (phrase,)))
