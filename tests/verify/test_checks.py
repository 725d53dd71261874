"""check: each kind of verifier on right, wrong and odd answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.errors import WorkError
from aaa.types import Instruction, Verifier, user
from aaa.verify import check

CITIES = ["Rome", "Paris", "New York", "York"]


def item(kind: str | None, reference: str | None, choices: Any = None, **options: Any) -> Instruction:
    return Instruction(
        id="i",
        session="s",
        source_id="i",
        messages=(user("?"),),
        reference=reference,
        verifier=None if kind is None else Verifier.model_validate({"kind": kind, **options}),
        meta={} if choices is None else {"choices": choices},
    )


def passes(instruction: Instruction, text: str) -> bool:
    found = check(instruction, text)
    assert found is not None
    assert found.passed or found.detail
    return found.passed


@pytest.mark.parametrize(
    ("reference", "text", "expected"),
    [
        ("Hello.", "Hello.", True),
        ("Hello.", " Hello.\n", True),
        ("Hello.", "Here it is:\nHello.", True),
        ("HELLO", "The answer is HELLO.", True),
        ("HELLO", "hello", False),
        ("Hello.", "Hello", False),
        ("a\nb", "a\nb", True),
        ("a\nb", "a\n\nb", False),
        ("x", "", False),
    ],
)
def test_exact(reference: str, text: str, expected: bool) -> None:
    assert passes(item("exact", reference), text) is expected


@pytest.mark.parametrize(
    ("reference", "text", "expected"),
    [
        ("New York", "**new york!**", True),
        ("Straße", "STRASSE", True),
        ("don't", "Answer: don’t", True),
        ("ＡＢＣ", "abc", True),
        ("e-mail", "E mail", True),
        ("-5", "5", False),
        ("1.5", "15", False),
        ("C++", "C", False),
        ("!!!", "...", False),
        ("New York", "York", False),
        ("x", "", False),
    ],
)
def test_text(reference: str, text: str, expected: bool) -> None:
    assert passes(item("text", reference), text) is expected


@pytest.mark.parametrize(
    ("reference", "text", "expected"),
    [
        ("18", "The answer is $18.00.", True),
        ("1234.5", "#### 1,234.5", True),
        ("0.5", "1/2", True),
        ("18", "The answer is 19.", False),
        ("-18", "18", False),
        ("25", "25%", True),
        ("0.25", "25%", True),
        ("25%", "0.25", True),
        ("25", "0.25", False),
        ("18", "eighteen", False),
        ("18", "", False),
        ("0", "0.0000001", True),
        ("0", "0.00001", False),
    ],
)
def test_numeric(reference: str, text: str, expected: bool) -> None:
    assert passes(item("numeric", reference), text) is expected


def test_the_tolerance_is_relative_above_one_and_absolute_below() -> None:
    assert passes(item("numeric", "1000", tolerance=0.01), "1009")
    assert not passes(item("numeric", "1000", tolerance=0.01), "1011")
    assert passes(item("numeric", "0.1", tolerance=0.01), "0.109")
    assert not passes(item("numeric", "0.1", tolerance=0.01), "0.12")
    assert not passes(item("numeric", "1000", tolerance=0), "1000.0000001")


@pytest.mark.parametrize(
    ("unit", "text", "expected"),
    [
        ("km", "18", True),
        ("km", "18 km", True),
        ("km", "18 kilometres.", True),
        ("km", "18 in total", True),
        ("km", "18 miles", False),
        ("km", "18 km/h", False),
        ("m", "18 m²", False),
        ("eggs", "18 eggs", True),
        ("eggs", "$18", False),
        ("$", "18 dollars", True),
        ("$", "€18", False),
        ("%", "18%", True),
        ("%", "18", True),
        ("km", "18%", False),
        ("km/h", "18 km/h", True),
        ("°C", "18 °C", True),
        ("°C", "18 °F", False),
        ("m^2", "18 m²", True),
    ],
)
def test_units(unit: str, text: str, expected: bool) -> None:
    assert passes(item("numeric", "18", unit=unit), text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B", True),
        ("b)", True),
        ("(B)", True),
        ("**B. Paris**", True),
        ("Paris", True),
        ("The answer is Paris.", True),
        ("It must be option B", True),
        ("The answer is B because it lies on the Seine.", True),
        ("So the capital is (B), as everybody knows", True),
        ("I would say it is Paris", True),
        ("A", False),
        ("Rome", False),
        ("Rome or Paris", False),
        ("E", False),
        ("A dog", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("reference", ["B", "b", "Paris", "(B) Paris"])
@pytest.mark.parametrize("choices", [CITIES, dict(zip("ABCD", CITIES, strict=True))])
def test_choice(choices: Any, reference: str, text: str, expected: bool) -> None:
    assert passes(item("choice", reference, choices), text) is expected


def test_an_option_within_another_is_not_named_by_it() -> None:
    assert passes(item("choice", "C", CITIES), "It is New York, I think")
    assert passes(item("choice", "D", CITIES), "It is York, I think")
    assert not passes(item("choice", "D", CITIES), "It is New York, I think")


def test_a_choice_whose_options_are_unknown_is_a_letter() -> None:
    assert passes(item("choice", "C"), "The answer is (C).")
    assert not passes(item("choice", "C"), "The answer is Paris.")


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"^\d{4}-\d{2}-\d{2}$", "The answer is 2024-02-29.", True),
        (r"^\d{4}-\d{2}-\d{2}$", "It was on 2024-02-29 or so, I believe", False),
        (r"(?i)\bparis\b", "Paris it is.\nEnjoy!", True),
        (r"x", "", False),
    ],
)
def test_regex(pattern: str, text: str, expected: bool) -> None:
    assert passes(item("regex", None, pattern=pattern), text) is expected
    assert passes(item("regex", pattern), text) is expected


def test_what_a_regex_found_is_told() -> None:
    found = check(item("regex", None, pattern=r"\d+"), "Some 42 of them")
    assert found is not None
    assert found.extracted == "42"


@pytest.mark.parametrize(
    "text",
    [
        "1, 2, 3",
        "1,2,3",
        "[1, 2, 3]",
        "1; 2; 3.",
        "1, 2 and 3",
        "1, 2, and 3",
        "Sorted: 1, 2, 3",
        "The answer is 1, 2, 3.",
        "1\n2\n3",
        "Here they are:\n1\n2\n3",
        "Here they are:\n\n- 1\n- 2\n- 3\n",
        "Sure.\n1. 1\n2. 2\n3. 3",
        r"\boxed{1, 2, 3}",
    ],
)
def test_list_however_it_is_written(text: str) -> None:
    assert passes(item("list", "1, 2, 3"), text)
    assert passes(item("list", "[1, 2, 3]"), text)
    assert passes(item("set", "3, 1, 2"), text)


@pytest.mark.parametrize("text", ["1, 3, 2", "1, 2", "1, 2, 3, 4", "", "none", "1 2 3"])
def test_other_lists(text: str) -> None:
    assert not passes(item("list", "1, 2, 3"), text)


def test_list_of_words_and_of_negative_numbers() -> None:
    assert passes(item("list", "apple, Banana, cherry pie"), "- Apple\n- banana\n- **Cherry pie**")
    assert not passes(item("list", "-1, 2"), "1, 2")
    assert passes(item("list", '["a, b", "c"]'), "a, b; c")


def test_brackets_without_end_are_no_list() -> None:
    assert not passes(item("list", "1, 2, 3"), "[" * 100_000)


def test_set_ignores_order_and_repetition() -> None:
    assert passes(item("set", "a, b"), "b, a, b")
    assert not passes(item("set", "a, b"), "a, c")


def test_nothing_to_check_by() -> None:
    assert check(item(None, "18"), "18") is None
    assert check(item("numeric", None), "18") is None
    assert check(item("regex", None), "18") is None


@pytest.mark.parametrize(
    ("instruction", "words"),
    [
        (item("numeric", "many"), "numeric"),
        (item("choice", "Berlin", CITIES), "Berlin"),
        (item("choice", "Paris"), "Paris"),
        (item("regex", None, pattern="("), "cannot be read"),
        (item("regex", None, pattern="a" * 2000), "2000"),
    ],
)
def test_a_broken_item_is_no_fault_of_the_answer(instruction: Instruction, words: str) -> None:
    with pytest.raises(WorkError, match=words):
        check(instruction, "18")


@given(st.sampled_from(["exact", "text", "numeric", "list", "set"]), st.text())
def test_any_answer_can_be_checked(kind: str, text: str) -> None:
    assert check(item(kind, "18"), text) is not None


@given(st.sampled_from(["exact", "text", "list", "set"]), st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_the_reference_itself_passes(kind: str, reference: str) -> None:
    assert passes(item(kind, reference), reference)
