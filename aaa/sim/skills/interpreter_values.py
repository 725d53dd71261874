"""What programs of reading exercises may use: operators, functions and methods, and how large a value may grow."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

MAX_STEPS = 20_000
MAX_SIZE = 10_000
"""Ours: longest text or list, and largest number of digits of an integer."""
MAX_DEPTH = 40


class NotRunnableError(Exception):
    """The program uses what the interpreter does not know, fails, or runs too long."""


_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "len": len,
    "sum": sum,
    "max": max,
    "min": min,
    "abs": abs,
    "sorted": sorted,
    "str": str,
    "int": int,
    "list": list,
    "reversed": lambda items: list(reversed(items)),
    "enumerate": lambda items: list(enumerate(items)),
    "zip": lambda *items: list(zip(*items, strict=False)),
    "round": lambda number, places=0: round(number, max(-20, min(20, places))) if places else round(number),
    "bool": bool,
}
_TEXT_METHODS = "upper lower title strip split join replace count find startswith endswith isdigit isalpha capitalize"
_LIST_METHODS = "append pop sort reverse index count insert remove extend"
_MAPPING_METHODS = "get keys values items pop"
_METHODS: Mapping[type, frozenset[str]] = {
    str: frozenset(_TEXT_METHODS.split()),
    list: frozenset(_LIST_METHODS.split()),
    dict: frozenset(_MAPPING_METHODS.split()),
}


def _size(value: Any) -> int:
    """Characters, bits or items of a value, inner ones included; counting stops beyond `MAX_SIZE`."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, int):
        return value.bit_length()
    if isinstance(value, dict):
        value = [part for pair in value.items() for part in pair]
    if not isinstance(value, (list, tuple)):
        return 1
    total = len(value)
    for part in value:
        total += _size(part)
        if total > MAX_SIZE:
            break
    return total


def bounded(value: Any) -> Any:
    """The value itself. Raises NotRunnableError where it is too large."""
    if _size(value) > MAX_SIZE:
        raise NotRunnableError("too large a value")
    return value


def operate(op: ast.operator, left: Any, right: Any) -> Any:
    """The result of an operator. Raises NotRunnableError for what is unknown or grows too large."""
    function = _BINARY.get(type(op))
    if function is None:
        raise NotRunnableError(f"unknown operator {type(op).__name__}")
    # What could grow without bound is looked at before it is worked out.
    sizes = _size(left), _size(right)
    if isinstance(op, ast.Pow) and (not isinstance(right, int) or abs(right) > 64 or sizes[0] > 64):
        raise NotRunnableError("too large a power")
    if isinstance(op, ast.Mult) and not isinstance(left, (int, float)):
        sizes = sizes[0] * max(int(right), 0), 0
    if isinstance(op, ast.Mult) and not isinstance(right, (int, float)):
        sizes = sizes[1] * max(int(left), 0), 0
    if sum(sizes) > MAX_SIZE or (isinstance(op, ast.Mod) and isinstance(left, str)):
        raise NotRunnableError("too large a value")
    return function(left, right)


def call_method(owner: Any, name: str, arguments: list[Any], named: dict[str, Any]) -> Any:
    """The result of a method. Raises NotRunnableError for what is unknown or could grow too large."""
    if name not in _METHODS.get(type(owner), frozenset()):
        raise NotRunnableError(f"unknown method {name}")
    # A join or replacement may repeat each argument at most once for every piece of the others.
    repeats = max(_size(owner), 1) * max([1, *map(_size, arguments)])
    if repeats > MAX_SIZE or _size(owner) + sum(map(_size, arguments)) > MAX_SIZE:
        raise NotRunnableError("too large a value")
    return getattr(owner, name)(*arguments, **named)
