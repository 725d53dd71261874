"""What an answer finally says, and the number in it."""

from __future__ import annotations

import json
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.types import Instruction, Verifier, user
from aaa.verify import check, extract_final, extract_number

SHARED = Path(os.environ.get("AAA_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.mark.parametrize(
    ("text", "final"),
    [
        ("2 + 2 = 4\n#### 4", "4"),
        ("#### 1\n#### 2", "2"),
        ("#### 18\n\nSo it is.", "18"),
        ("#### Step 1\nAdd.\n#### Conclusion\nThe answer is 5.", "5"),
        (r"Thus \boxed{\frac{1}{2}}.", r"\frac{1}{2}"),
        (r"First \boxed{1}, then \boxed{{2}{3}}", "{2}{3}"),
        (r"\boxed{7} and \boxed{8", "7"),
        (r"\boxed{\text{Paris}}", "Paris"),
        (r"The answer is 3, no: \boxed{4}", "4"),
        ("The answer is 18.", "18"),
        ("The answer is 3.5 km. That is far.", "3.5 km"),
        ("The answer is not 5. The answer is 6. Good.", "6"),
        ("Answer: 5\nAnswer: 6\n", "6"),
        ("So the answer to the question is **Paris**.", "Paris"),
        ("The answer is Dr. Who. He travels.", "Dr. Who"),
        ("The answer is No. It is closed.", "No"),
        ("**Answer:** 18", "18"),
        ("**Final answer: 18**", "18"),
        ("Answer:\n\n18 eggs\n", "18 eggs"),
        ("Work.\nA: 42", "42"),
        ("A: Paris\nB: Rome\nAnswer: B", "B"),
        ("A: Paris\nB: Rome\nIt is Rome", "It is Rome"),
        ("Die Antwort lautet 18.", "18"),
        ("Antwort: 18", "18"),
        ("La respuesta es 18.", "18"),
        ("La réponse est : 18", "18"),
        ("Réponse : 18", "18"),
        ("A resposta é 18.", "18"),
        ("La risposta è 18.", "18"),
        ("Some work.\n\n  $18$ \n\n", "18"),
        ("`x = 1`", "x = 1"),
        ("__init__", "__init__"),
        ("The answer depends on the sea.\n7", "7"),
        ("Answer:", "Answer"),
    ],
)
def test_final_answer(text: str, final: str) -> None:
    assert extract_final(text) == final


@pytest.mark.parametrize("text", ["", "  \n\t", "***", "..."])
def test_nothing_said(text: str) -> None:
    assert extract_final(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("18", 18),
        ("18 eggs.", 18),
        ("$18.50", "18.5"),
        ("€ 7", 7),
        ("US$ 7 for 3", 7),
        ("USD 7 for 3", 7),
        ("-5", -5),
        ("−5", -5),
        ("-$5", -5),
        ("$-5", -5),
        ("(-5)", -5),
        ("16-3", 16),
        ("5 - 3", 5),
        ("1,234.5", "1234.5"),
        ("1,234", 1234),
        ("1,234,567", 1234567),
        ("1.234,5", "1234.5"),
        ("1.234.567", 1234567),
        ("1.234.567,89", "1234567.89"),
        ("1 234", 1234),
        ("1\u202f234\u202f567,5", "1234567.5"),
        ("1'234.5", "1234.5"),
        ("3,5", "3.5"),
        ("0,125", "0.125"),
        ("1.234", "1.234"),
        (".5", "0.5"),
        ("1{,}234", 1234),
        ("3/4", "3/4"),
        ("1 3/4", "7/4"),
        ("½", "1/2"),
        ("1½ cups", "3/2"),
        ("-½", "-1/2"),
        (r"\frac{3}{4}", "3/4"),
        (r"-\dfrac{3}{4}", "-3/4"),
        (r"2\frac{1}{2}", "5/2"),
        ("25%", 25),
        ("12,5 %", "12.5"),
        (r"25\%", 25),
        ("1e3", 1000),
        ("1.5e-2.", "0.015"),
        ("x = 5", 5),
        ("5 = x", 5),
        ("3 * 6 = 18 dollars", 18),
        ("18 (3 for each of 6)", 18),
        ("After 3 days she has 18", 18),
        ("18 m²", 18),
        ("The area is 18 m²", 18),
        ("about 18 in total", 18),
        ("Room B12 costs 40", 40),
        ("١٢", 12),
    ],
)
def test_number(text: str, number: int | str) -> None:
    assert extract_number(text) == Fraction(number)


@pytest.mark.parametrize("text", ["", "none", "3/0", "1" * 400, "e5", "-", "x²", "NaN", "inf"])
def test_no_number(text: str) -> None:
    assert extract_number(text) is None


def test_a_huge_exponent_costs_nothing() -> None:
    assert extract_number("1e999999999") == 1


@given(st.fractions(max_denominator=10**6))
def test_fractions_are_read_exactly(value: Fraction) -> None:
    assert extract_number(f"{value.numerator}/{value.denominator}") == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_every_way_to_write_a_decimal(value: Any) -> None:
    english = f"{value:,.2f}"
    european = english.translate(str.maketrans(",.", ".,"))
    for written in (english, european, english.replace(",", "'"), english.replace(",", "\u00a0"), f"${english} net"):
        assert extract_number(written) == Fraction(value), written


@given(st.text(alphabet=st.sampled_from("0123456789 .,/-−$%'½\\frac{}=e\n()*#:Answeris"), max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    final = extract_final(text)
    assert final is None or final.strip()
    extract_number(text)


@given(st.text(max_size=40).filter(lambda s: s.strip() == s and s.isalnum()))
def test_an_announced_answer_is_found(answer: str) -> None:
    assert extract_final(f"Because.\nThe answer is {answer}.") == answer
    assert extract_final(f"Because.\n#### {answer}") == answer
    assert extract_final(rf"Because $\boxed{{{answer}}}$.") == answer


def test_hostile_text_is_read_in_linear_time() -> None:
    assert extract_final("\\boxed{" * 20_000 + "7") is not None
    assert extract_final("answer is " * 5_000) is not None
    extract_number("1," * 20_000)
    extract_number("$" * 20_000 + "x 7")
    extract_number("9" * 50_000 + ".")


def _rows(name: str) -> list[dict[str, Any]]:
    path = SHARED / "gsm8k" / name
    if not path.exists():
        pytest.skip(f"the shared data folder has no gsm8k/{name}")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_gold_answers_of_gsm8k() -> None:
    rows = _rows("test_first400.jsonl")
    assert len(rows) == 400
    assert all(extract_final(row["answer"]) == row["answer"].rpartition("#### ")[2] for row in rows)


def _passes(reference: str, text: str) -> bool:
    found = check(
        Instruction(
            id="i",
            session="s",
            source_id="i",
            messages=(user("?"),),
            reference=reference,
            verifier=Verifier(kind="numeric"),
        ),
        text,
    )
    assert found is not None
    return found.passed


@pytest.mark.parametrize("model", ["6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification"])
def test_model_solutions_of_gsm8k(model: str) -> None:
    solutions = _rows("model_solutions_first400.jsonl")
    agree, extracted = 0, 0
    for gold, solved in zip(_rows("test_first400.jsonl"), solutions, strict=True):
        reference, text = gold["answer"].rpartition("#### ")[2], solved[model]["solution"]
        final = extract_final(text)
        equal = final is not None and extract_number(final) == extract_number(reference)
        extracted += equal == solved[model]["is_correct"]
        agree += _passes(reference, text) == solved[model]["is_correct"]
        assert _passes(reference, gold["answer"])
    assert (extracted, agree) == (400, 400)
