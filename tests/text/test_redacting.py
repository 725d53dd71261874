"""redact: what has the form of private data, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.text import redact


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Write to ann.b+c@mail.example.org, please.", "Write to [EMAIL], please."),
        ("Call +44 20 7946 0958 or 0049 30 123456.", "Call [PHONE] or [PHONE]."),
        ("Card 4111 1111 1111 1111.", "Card [CARD]."),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [IBAN]"),
        ("at 93.184.216.34:80", "at [IP]:80"),
        ("key sk-abcdefghijklmnopqrstuvwx and hf_" + "a" * 30, "key [KEY] and [KEY]"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nrest", "[KEY]\nrest"),
    ],
)
def test_private_data_is_replaced(text: str, clean: str) -> None:
    made, counts = redact(text)
    assert made == clean
    assert sum(counts.values()) == clean.count("[")


@pytest.mark.parametrize(
    "text",
    [
        "2 + 2 = 4, pi is 3.14159265358979",
        "version 127.0.0.1 and 1.2.3",
        "a @ b, user@host",
        "4111 1111 1111 1112",
        "DE00 3704 0044 0532 0130 00",
        "1234567890123456",
        "def f(x): return x + 1234567",
    ],
)
def test_other_texts_stay(text: str) -> None:
    assert redact(text) == (text, {})


@given(st.text() | st.text("0123456789 .-+@aZ/"))
def test_redacting_again_changes_nothing(text: str) -> None:
    once, _ = redact(text)
    assert redact(once)[0] == once
