"""Expressions: trees that are worked out on a sheet, operation by operation, and how signs are read into them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import isqrt

from aaa.sim.skills.base import Sheet
from aaa.sim.skills.numbers import NUMBER, decimal, fraction

Node = Callable[[Sheet], Fraction]
Operation = Callable[[Sheet, Fraction, Fraction], Fraction]
MAX_POWER = 64
"""Ours: beyond it a power is no longer a sum that anybody works out on paper."""


@dataclass
class Draft:
    """A text in which expressions that were read are replaced by `@index`."""

    text: str
    nodes: list[Node] = field(default_factory=list)

    def node(self, operand: str) -> Node:
        """The node of a number or of `@index`."""
        if operand.startswith("@"):
            return self.nodes[int(operand[1:])]
        value = -fraction(operand[1:]) if operand.startswith("-") else fraction(operand)
        return lambda _: value

    def listed(self, operands: str) -> list[Node]:
        """The nodes of a written list."""
        return [self.node(part) for part in re.findall(rf"@\d+|{NUMBER}", operands)]

    def put(self, node: Node) -> str:
        """Keep a node; what stands for it in the text."""
        self.nodes.append(node)
        return f"@{len(self.nodes) - 1}"


def binary(operation: Operation, left: Node, right: Node) -> Node:
    """An operation of the sheet on two nodes."""
    return lambda sheet: operation(sheet, left(sheet), right(sheet))


def power(base: Node, exponent: Node) -> Node:
    """A whole power. Working it out raises ValueError for an exponent outside 0..MAX_POWER."""

    def work(sheet: Sheet) -> Fraction:
        value, times = base(sheet), exponent(sheet)
        if times.denominator != 1 or not 0 <= times <= MAX_POWER:
            raise ValueError(f"power {times}")
        return sheet.fact(f"{decimal(value)}^{times}", value**times.numerator)

    return work


def root(of: Node) -> Node:
    """The square root of a square number. Working it out raises ValueError for any other."""

    def work(sheet: Sheet) -> Fraction:
        value = of(sheet)
        if value.denominator != 1 or value < 0 or isqrt(value.numerator) ** 2 != value:
            raise ValueError(f"root of {value}")
        return sheet.fact(f"√{decimal(value)}", Fraction(isqrt(value.numerator)))

    return work


def mean(parts: list[Node]) -> Node:
    """The sum of the parts, divided by their number."""
    return lambda sheet: sheet.over(sheet.total([part(sheet) for part in parts]), Fraction(len(parts)))


def product(parts: list[Node]) -> Node:
    """All parts multiplied, from the left."""
    first, *others = parts
    for other in others:
        first = binary(Sheet.times, first, other)
    return first


def constant(value: Fraction) -> Node:
    """A number."""
    return lambda _: value


def series(low: Node, high: Node) -> Node:
    """The sum of the whole numbers from low to high: pairs of equal sum."""

    def work(sheet: Sheet) -> Fraction:
        first, last = low(sheet), high(sheet)
        if first > last:
            raise ValueError("an empty series")
        count = sheet.plus(sheet.minus(last, first, "How many numbers"), Fraction(1))
        return sheet.over(sheet.times(sheet.plus(first, last), count), Fraction(2))

    return work


def total(parts: list[Node]) -> Node:
    """All parts added, from the left."""
    return lambda sheet: sheet.total([part(sheet) for part in parts])


def percent(share: Node, whole: Node) -> Node:
    """So many hundredths of the whole."""
    return lambda sheet: sheet.over(sheet.times(whole(sheet), share(sheet)), Fraction(100))


SIGNED = re.compile(rf"(?:\(\s*)*-?(?:@\d+|{NUMBER})(?:[\s()]*[-+*/^][\s()]*-?\s?(?:@\d+|{NUMBER}))+(?:\s*\))*")
_TOKEN = re.compile(rf"\s*(@\d+|{NUMBER}|[-+*/^()])")


class Parser:
    """Recursive descent over signs: sum, product, power, operand. Raises ValueError for what is no expression."""

    def __init__(self, text: Draft, expression: str) -> None:
        self._text, self._at = text, 0
        self._tokens = _TOKEN.findall(expression)

    def parse(self) -> Node:
        """The node of the whole expression."""
        node = self._sum()
        if self._at != len(self._tokens):
            raise ValueError("left over")
        return node

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._next()
        self._at += 1
        return token

    def _sum(self) -> Node:
        node = self._product()
        while (sign := self._next()) in ("+", "-"):
            self._at += 1
            node = binary(Sheet.plus if sign == "+" else Sheet.minus, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._power()
        while (sign := self._next()) in ("*", "/"):
            self._at += 1
            node = binary(Sheet.times if sign == "*" else Sheet.over, node, self._power())
        return node

    def _power(self) -> Node:
        base = self._operand()
        if self._next() != "^":
            return base
        self._at += 1
        return power(base, self._power())

    def _operand(self) -> Node:
        token = self._take()
        if token == "(":
            node = self._sum()
            if self._take() != ")":
                raise ValueError("unclosed")
            return node
        if token == "-":
            negated = self._operand()
            return lambda sheet: -negated(sheet)
        if not token or token in "+*/^)":
            raise ValueError(f"operand {token!r}")
        return self._text.node(token)
