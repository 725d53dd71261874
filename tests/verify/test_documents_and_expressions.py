"""JSON that keeps to a schema, expressions that are equal as mathematics, units, and letters of options."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.errors import MissingExtraError, WorkError
from aaa.types import Instruction, Sandbox, Verifier, user
from aaa.verify import check, checked, extract_final, require

PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}},
    "required": ["name"],
    "additionalProperties": False,
}


def item(kind: str, reference: str | None = None, **options: Any) -> Instruction:
    verifier = Verifier.model_validate({"kind": kind, **options})
    return Instruction(
        id="i", session="s", source_id="i", messages=(user("?"),), reference=reference, verifier=verifier
    )


def passes(instruction: Instruction, text: str) -> bool:
    found = check(instruction, text)
    assert found is not None
    assert found.passed or found.detail
    return found.passed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"name": "Ann", "age": 3}', True),
        ('Here you are:\n```json\n{"name": "Ann"}\n```\nEnjoy!', True),
        ('```json\n{"name": 1}\n```\nNo, better:\n```json\n{"name": "Ann"}\n```', True),
        ('The object is {"name": "Ann"}, as you asked.', True),
        ('{"name": 1}', False),
        ('{"name": "Ann", "age": -1}', False),
        ('{"name": "Ann", "job": "none"}', False),
        ('{"age": 3}', False),
        ('["Ann"]', False),
        ("{'name': 'Ann'}", False),
        ("Ann, three years old", False),
        ("", False),
        ("[" * 100_000, False),
    ],
)
def test_json_schema(text: str, expected: bool) -> None:
    assert passes(item("json_schema", json_schema=PERSON), text) is expected
    assert passes(item("json_schema", json.dumps(PERSON)), text) is expected


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "persn"}, "persn"),
        ({"$ref": "http://127.0.0.1:9/schema.json"}, "127.0.0.1"),
        ({"pattern": "("}, "schema"),
    ],
)
def test_a_faulty_schema_is_no_fault_of_the_answer_and_none_is_fetched(schema: dict[str, Any], words: str) -> None:
    with pytest.raises(WorkError, match=words):
        check(item("json_schema", json_schema=schema), '"x"')


def test_a_reference_that_is_no_schema() -> None:
    with pytest.raises(WorkError, match="json_schema"):
        check(item("json_schema", "a person"), "{}")
    assert check(item("json_schema"), "{}") is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_whatever_json_an_answer_holds_is_judged_as_it_is(value: Any) -> None:
    schema = item("json_schema", json_schema={"const": value})
    assert passes(schema, f"```json\n{json.dumps(value)}\n```")
    assert not passes(schema, f"```json\n{json.dumps([value])}\n```")


@pytest.mark.parametrize(
    ("reference", "text", "expected"),
    [
        ("1/2", r"So it is $\boxed{\frac{1}{2}}$.", True),
        (r"\frac{\sqrt{2}}{2}", r"The answer is $\frac{1}{\sqrt 2}$", True),
        ("x^2+2x+1", "Answer: $(x+1)^2$", True),
        ("x + 1", "Answer: x+1", True),
        ("x + 1", "Answer: $x - 1$", False),
        ("[0,1)", "Answer: $[0,1]$", False),
        (r"\{1,2\}", r"\boxed{\{2,1\}}", True),
        ("9", "Answer: 9^{9^{9^{9^9}}}", False),
        ("9", "Answer: __import__('os').system('true')", False),
        ("9", "", False),
        ("9", "9" * 5000, False),
    ],
)
def test_math(reference: str, text: str, expected: bool) -> None:
    assert passes(item("math", reference), text) is expected


async def test_math_beside_the_event_loop() -> None:
    found = await checked(item("math", "0.5"), r"\boxed{\frac12}")
    assert found is not None
    assert found.passed


def test_a_reference_that_is_no_mathematics_is_no_fault_of_the_answer() -> None:
    with pytest.raises(WorkError, match=r"\?\?"):
        check(item("math", "???"), "3")


def test_without_its_library_math_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "math_verify", None)
    with pytest.raises(MissingExtraError, match="math"):
        require({"math"}, Sandbox())
    require({"numeric"}, Sandbox())


@pytest.mark.parametrize(
    ("reference", "unit", "text", "expected"),
    [
        ("5", "km", "5000 m", True),
        ("5", "km", "The answer is 5,000 metres.", True),
        ("5", "km", "500 m", False),
        ("1.609344", "km", "1 mile", True),
        ("90", "min", "1.5 hours", True),
        ("36", "km/h", "10 m/s", True),
        ("1", "kg", "1000 g", True),
        ("1", "kg", "1 l", False),
        ("2.50", "$", "250 cents", True),
        ("20", "°C", "68 °F", False),
        ("1", "km", "1 km/h", False),
        ("1", "m", "100 cm²", False),
    ],
)
def test_units_are_converted(reference: str, unit: str, text: str, expected: bool) -> None:
    assert passes(item("numeric", reference, unit=unit), text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "B",
        "(b)",
        "[B]",
        "B.",
        "**B**",
        "**Answer: B**",
        r"\boxed{B}",
        r"$\boxed{\text{B}}$",
        r"\boxed{\textbf{(B)}}",
        "The correct choice is (B).",
        "Option B is correct.",
        "Answer: B) because the others fail",
        "Final answer: **(B)**",
        "#### B",
        "A is wrong, since it is too small.\nThe answer is B",
        "Choice B",
    ],
)
def test_forms_of_a_letter(text: str) -> None:
    assert passes(item("choice", "B"), text)
    assert not passes(item("choice", "C"), text)


@pytest.mark.parametrize("piece", [". ", "* . ", "answer is ", "! ", "`.", "Answer: x. ", "\n. "])
def test_the_final_answer_is_found_in_linear_time(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        best = min(_timed(text) for _ in range(3))
        return max(best, 1e-4)

    assert seconds(160_000) < 32 * seconds(20_000)  # eight times the text: 64 times the work if it were quadratic


def _timed(text: str) -> float:
    begin = time.process_time()
    extract_final(text)
    return time.process_time() - begin
