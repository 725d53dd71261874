"""Languages of texts by py3langid."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aaa.text import identified

SHORT = Path(__file__).resolve().parents[2] / "bench" / "short_texts.tsv"


def test_short_texts_are_told_mostly_and_never_wrongly() -> None:
    rows = [line.split("\t") for line in SHORT.read_text("utf-8").splitlines()[1:]]
    told = [(language, found) for language, text in rows if (found := identified(text)) is not None]
    assert len(told) > 0.85 * len(rows)
    assert all(language == found for language, found in told)


@pytest.mark.parametrize("text", ["", " ", "12345 + 678", "x", "https://a.b/c", "👍👍"])
def test_what_is_in_no_language_is_in_none(text: str) -> None:
    assert identified(text) is None


@settings(deadline=None)
@given(st.text(max_size=100))
def test_any_text_can_be_asked(text: str) -> None:
    found = identified(text)
    assert found is None or 2 <= len(found) <= 3
