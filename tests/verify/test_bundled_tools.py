"""Bundled tools, and the verifier that compares calls of tools with those expected."""

import contextlib
import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.types import BUNDLED_TOOLS, ExpectedCall, ToolCall, Verifier, World
from aaa.verify import is_bundled, run_tool
from aaa.verify.calculator import CalculationError, calculate
from aaa.verify.tool_calls import check_tool_calls

WORLD = World(facts={"Height of the tower": "67 m"}, time="2026-05-04T09:30:00")


def call(name: str, arguments: object) -> ToolCall:
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return ToolCall(id="1", name=name, arguments=text)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("84 × 37", "3108"),
        ("1,250 − 768 + 94", "576"),
        ("(18 + 6) * 5 - 30 / 2", "105"),
        ("2^3^2", "512"),
        ("-2^2", "-4"),
        ("2**-2", "0.25"),
        ("1000 mod 37", "1"),
        ("√1764", "42"),
        ("sqrt(2)", "1.41421356237"),
        ("22 / 7", "3.14285714286"),
        ("1/3000000", "0.000000333333333333"),
        ("0.1 + 0.2", "0.3"),
        ("10 / 4 / 5", "0.5"),
    ],
)
def test_the_calculator_is_exact(expression: str, value: str) -> None:
    assert calculate(expression) == value


@pytest.mark.parametrize(
    "expression",
    ["", "2 +", "2 3", "(2", "2)", "1/0", "0^-1", "5 mod 0", "2^0.5", "9^9^9^9", "sqrt(-1)", "__import__('os')", "x",
     "(" * 200 + "1", "-" * 250 + "1", "1" * 301],
)  # fmt: skip
def test_what_cannot_be_worked_out_is_an_error(expression: str) -> None:
    with pytest.raises(CalculationError):
        calculate(expression)
    assert run_tool(call("calculator", {"expression": expression}), WORLD).startswith("error: ")


@given(st.text(max_size=60) | st.text("0123456789+-*/^()mod sqrt.", max_size=60))
def test_nothing_else_comes_of_any_text(expression: str) -> None:
    with contextlib.suppress(CalculationError):
        Fraction(calculate(expression))


@given(st.integers(-(10**9), 10**9), st.integers(-(10**6), 10**6), st.integers(1, 10**4))
def test_sums_agree_with_pythons(a: int, b: int, c: int) -> None:
    assert Fraction(calculate(f"({a} + {b}) * {c} - {b}")) == (a + b) * c - b


def test_lookup_and_clock_know_what_the_world_holds() -> None:
    assert run_tool(call("lookup", {"key": "height of THE tower "}), WORLD) == "67 m"
    assert run_tool(call("clock", ""), WORLD) == "2026-05-04T09:30:00"
    for wrong in (
        call("lookup", {"key": "width"}),
        call("lookup", {"what": "width"}),
        call("lookup", '{"key": '),
        call("lookup", "[]"),
    ):
        assert run_tool(wrong, WORLD).startswith("error: ")
    assert run_tool(call("clock", {}), World()).startswith("error: ")


def test_a_tool_of_the_users_with_the_same_name_is_not_ours() -> None:
    ours = BUNDLED_TOOLS["lookup"]
    assert is_bundled(json.loads(json.dumps(ours)))
    assert not is_bundled({**ours, "function": {**ours["function"], "description": "My own."}})


@pytest.mark.parametrize(
    ("made", "passed"),
    [
        ([("add", {"a": 2, "b": "x"}), ("now", {})], True),
        ([("now", ""), ("add", {"b": " x ", "a": 2.0})], True),
        ([("now", {}), ("now", {}), ("add", {"a": 2, "b": "x"})], True),
        ([("add", {"a": 2, "b": "x"})], False),
        ([("now", {}), ("add", {"a": True, "b": "x"})], False),
        ([("now", {}), ("add", {"a": "2", "b": "x"})], False),
        ([("now", {}), ("add", {"a": 2, "b": "x"}), ("more", {})], False),
        ([("now", {}), ("add", "{broken")], False),
        ([], False),
    ],
)
def test_calls_are_compared_by_name_and_arguments(made: list[tuple[str, object]], passed: bool) -> None:
    expected = [ExpectedCall(name="add", arguments={"a": 2, "b": "x"}), ExpectedCall(name="now")]
    assert check_tool_calls(expected, [call(*one) for one in made]).passed is passed


def test_a_verifier_of_calls_needs_them() -> None:
    with pytest.raises(ValueError, match="needs `calls`"):
        Verifier(kind="tool_calls")
    assert check_tool_calls([], []).passed
