"""What a pattern requires of a text: a search that it spares would have found nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.text.required import required, stems


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        (r"\bthanks for (?:the|your) hints?\b", [{"thank"}, {"for"}, {"the", "your"}, {"hint", "hints"}]),
        (r"\bsuggest\w*", [{"sugge"}]),
        (r"\btip\w*", []),
        (r"\w+ing again", [{"again"}]),
        (r"\bI (?:at once )?see\b", [{"i"}, {"once", "see"}]),
        (r"\b(?:my|\w+) draft\b", [{"draft"}]),
        (r"\bre-?check\b", [{"check", "reche"}]),
        (r"\breali[sz]e\b(?! that)", [{"reali"}]),
        (r"谢谢[^。\n]{0,8}提示", [{"谢"}]),
        (r"(?<!\w)\[\[\s*\d{1,3}\s+verdict\b", [{"verdi"}]),
        (r"\bsay\b[^\n]{0,40}?(?<![\w)])mark\b", [{"say"}]),
        ("one|two", []),
    ],
)
def test_words_that_no_match_is_without(pattern: str, needs: list[set[str]]) -> None:
    assert list(required(pattern)) == needs


@pytest.mark.parametrize("pattern", ["(group)", "a{2}", r"\x41", "(?:a", "a)"])
def test_a_pattern_of_another_form_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="not of the form"):
        required(pattern)


@given(st.text())
def test_stems_are_those_of_the_words(text: str) -> None:
    words = re.findall(r"[一-鿿]|[^\W一-鿿]+", text.casefold())
    assert len(stems(text)) <= len(words)
    assert all(0 < len(stem) <= 5 for stem in stems(text))


@given(st.text(st.characters(max_codepoint=127)))
def test_stems_of_ascii_are_the_beginnings_of_its_words(text: str) -> None:
    assert stems(text) == {word[:5].lower() for word in re.findall(r"\w+", text)}
