"""Arithmetic worked out exactly from text: a small grammar of our own, nothing of it is run as a program."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from math import isqrt

LONGEST = 300
"""Characters of an expression at most (ours)."""
DEEPEST = 50
"""Brackets and signs within each other at most (ours)."""
MOST_BITS = 4096
"""Of a number on the way at most (ours): powers grow fast."""
DIGITS = 12
"""Significant digits of a result that no finite decimal writes (ours)."""
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?|\.\d+)|(sqrt|mod|\*\*|[-+*/%^()]))")
_SIGNS = str.maketrans({"−": "-", "–": "-", "·": "*", "×": "*", "÷": "/", "√": " sqrt ", ",": None, "_": None})


class CalculationError(ValueError):
    """An expression that cannot be worked out; the message says why."""


def calculate(expression: str) -> str:
    """The value of an expression as a decimal, with at most `DIGITS` digits where it never ends.

    Numbers may hold commas between thousands. `mod` and `%` leave what a floored division leaves; `^` and `**` take
    whole powers. Raises `CalculationError`.
    """
    if len(expression) > LONGEST:
        raise CalculationError(f"longer than {LONGEST} characters")
    parser = _Parser(_tokens(expression.translate(_SIGNS)))
    value = parser.sum()
    if parser.peek() is not None:
        raise CalculationError(f"{parser.peek()!r} stands where nothing or an operation should")
    return _shown(value)


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise CalculationError(f"{text[at:].strip()[:20]!r} is no number or operation")
        found.append("^" if match[2] == "**" else "mod" if match[2] == "%" else match[1] or match[2])
        at = match.end()
    return found


class _Parser:
    """Recursive descent; `^` binds tighter than a sign, and to the right."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._at, self._depth = tokens, 0, 0

    def peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def sum(self) -> Fraction:
        value = self._product()
        while self.peek() in ("+", "-"):
            sign = 1 if self._take() == "+" else -1
            value = _bounded(value + sign * self._product())
        return value

    def _product(self) -> Fraction:
        value = self._signed()
        while (operation := self.peek()) in ("*", "/", "mod"):
            self._take()
            other = self._signed()
            if operation == "*":
                value = _bounded(value * other)
                continue
            if other == 0:
                raise CalculationError("division by zero")
            value = _bounded(value / other if operation == "/" else value % other)
        return value

    def _signed(self) -> Fraction:
        if self.peek() not in ("+", "-"):
            return self._power()
        sign = 1 if self._take() == "+" else -1
        return sign * self._deeper(self._signed)

    def _power(self) -> Fraction:
        base = self._atom()
        if self.peek() != "^":
            return base
        self._take()
        exponent = self._deeper(self._signed)
        if exponent.denominator != 1:
            raise CalculationError("only whole powers")
        if base == 0 and exponent < 0:
            raise CalculationError("division by zero")
        if abs(exponent) * max(_bits(base), 1) > MOST_BITS:
            raise CalculationError("the result is too large")
        return base ** int(exponent)

    def _atom(self) -> Fraction:
        token = self._take()
        if token == "(":
            value = self._deeper(self.sum)
            if self.peek() != ")":
                raise CalculationError("a bracket is not closed")
            self._take()
            return value
        if token == "sqrt":
            return _root(self._deeper(self._atom))
        if not token[0].isdigit() and token[0] != ".":
            raise CalculationError(f"{token!r} stands where a number should")
        return Fraction(token)

    def _deeper(self, part: Callable[[], Fraction]) -> Fraction:
        self._depth += 1
        if self._depth > DEEPEST:
            raise CalculationError("too many brackets within each other")
        value = part()
        self._depth -= 1
        return value

    def _take(self) -> str:
        if self._at >= len(self._tokens):
            raise CalculationError("it ends where a number should stand")
        self._at += 1
        return self._tokens[self._at - 1]


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _bounded(value: Fraction) -> Fraction:
    if _bits(value) > MOST_BITS:
        raise CalculationError("the result is too large")
    return value


def _root(value: Fraction) -> Fraction:
    """Exact where the root is rational, else to some more digits than are shown."""
    if value < 0:
        raise CalculationError("no root of a negative number")
    above, below = isqrt(value.numerator), isqrt(value.denominator)
    if above * above == value.numerator and below * below == value.denominator:
        return Fraction(above, below)
    scale = 10 ** (2 * DIGITS)
    return Fraction(isqrt(value.numerator * scale * scale // value.denominator), scale)


def _shown(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    sign, size = ("-" if value < 0 else ""), abs(value)
    places = DIGITS - (len(str(int(size))) if size >= 1 else -_zeros(size))
    if (exact := _finite(size)) is not None and exact <= max(places, DIGITS):
        places = exact
    places = max(places, 0)
    digits = str(round(size * 10**places)).rjust(places + 1, "0")
    whole, part = (digits[:-places], digits[-places:].rstrip("0")) if places else (digits, "")
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def _zeros(size: Fraction) -> int:
    """Zeros after the point before the first digit of a number below 1."""
    zeros = 0
    while size * 10 ** (zeros + 1) < 1:
        zeros += 1
    return zeros


def _finite(size: Fraction) -> int | None:
    """Decimal places with which the number ends; None where it never does."""
    rest, twos, fives = size.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None
