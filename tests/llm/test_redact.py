"""Keys never come through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.llm.redact import RAW_LIMIT, raw, redact

ENVIRON = {"OPENAI_API_KEY": "canary-123456789", "HF_TOKEN": "canary-token", "EMPTY_KEY": "", "DUMMY_API_KEY": "none"}


@given(st.text(), st.text())
def test_values_of_the_environments_secrets_are_taken_out_of_any_text(before: str, after: str) -> None:
    found = redact(f"{before}canary-123456789{after}", ENVIRON)
    assert "canary-123456789" not in found


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abcdef.ghi",
        "x-api-key: abcdef.ghi",
        "https://host/v1beta/models?key=abcdef.ghi&alt=json",
        "Incorrect API key provided: sk-proj-abcdef0123456789abcd",
        '{"headers": {"authorization": "bearer abcdef.ghi"}}',
    ],
)
def test_whatever_looks_like_a_key_is_taken_out(text: str) -> None:
    found = redact(text, {})
    assert "abcdef" not in found
    assert "[redacted]" in found


def test_ordinary_text_stays_as_it_is() -> None:
    text = "None of these tasks-and-risks need a key; the bearer of news paid $5, sk-8 is a road."
    assert redact(text, {**ENVIRON, "SHORT_KEY": "the"}) == text


def test_a_cut_does_not_leave_half_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "canary-123456789")
    assert "canary" not in raw("x" * (RAW_LIMIT - 6) + "canary-123456789")
    assert len(raw("x" * 10_000)) == RAW_LIMIT + 1
