"""Number sequences: the next number, or the one that is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

from aaa.sim.skills.base import Solution, Working, finished
from aaa.sim.skills.numbers import decimal

_ASKED = re.compile(r"\b(?:next|continue|missing|follows|comes after|sequence|pattern|series)\b", re.IGNORECASE)
_ROW = re.compile(r"(?:-?\d+(?:\.\d+)?|\?|_+)(?:\s*,\s*(?:-?\d+(?:\.\d+)?|\?|_+|\.\.\.|…)){3,}")
Rule = Callable[[int], Fraction]


def continue_sequence(text: str) -> Solution | None:
    """The next number of a sequence of a simple rule, or the one marked by a question mark or a blank."""
    row = _ROW.search(text)
    if row is None or not _ASKED.search(text):
        return None
    cells = [cell for cell in re.split(r"\s*,\s*", row[0]) if cell not in ("...", "…")]
    gaps = [i for i, cell in enumerate(cells) if not re.fullmatch(r"-?\d+(?:\.\d+)?", cell)]
    if len(gaps) > 1 or len(cells) < 4:
        return None
    at = gaps[0] if gaps else len(cells)
    known = {i: Fraction(cell) for i, cell in enumerate(cells) if i not in gaps}
    for name, fit in (("add", _arithmetic), ("multiply by", _geometric), ("squares", _quadratic), ("sum", _fibonacci)):
        rule = fit(known)
        if rule is not None and all(rule[0](i) == value for i, value in known.items()):
            return _told(name, rule, at, known)
    return None


Fit = tuple[Rule, str]


def _arithmetic(known: dict[int, Fraction]) -> Fit | None:
    (i, a), (j, b), *_ = known.items()
    step = (b - a) / (j - i)
    return (lambda n: a + step * (n - i)), f"Each number differs from the one before by {decimal(step)}."


def _geometric(known: dict[int, Fraction]) -> Fit | None:
    pairs = list(known.items())
    neighbours = [(a, b) for (i, a), (j, b) in pairwise(pairs) if j == i + 1]
    if not neighbours or neighbours[0][0] == 0 or neighbours[0][1] == 0:
        return None
    factor = neighbours[0][1] / neighbours[0][0]
    i, a = pairs[0]
    return (lambda n: a * factor ** (n - i)), f"Each number is {decimal(factor)} times the one before."


def _quadratic(known: dict[int, Fraction]) -> Fit | None:
    (x0, y0), (x1, y1), (x2, y2), *_ = known.items()

    def rule(n: int) -> Fraction:  # Lagrange through three points
        return (
            y0 * Fraction((n - x1) * (n - x2), (x0 - x1) * (x0 - x2))
            + y1 * Fraction((n - x0) * (n - x2), (x1 - x0) * (x1 - x2))
            + y2 * Fraction((n - x0) * (n - x1), (x2 - x0) * (x2 - x1))
        )

    # Three points always fit: the rule needs a fourth to be believed.
    return (rule, "The differences grow by the same amount each time.") if len(known) > 3 else None


def _fibonacci(known: dict[int, Fraction]) -> Fit | None:
    if 0 not in known or 1 not in known:
        return None
    row = [known[0], known[1]]
    while len(row) < 60:
        row.append(row[-1] + row[-2])
    return (lambda n: row[n] if n < len(row) else Fraction(0)), "Each number is the sum of the two before it."


def _told(name: str, rule: Fit, at: int, known: dict[int, Fraction]) -> Solution:
    value, reason = rule[0](at), rule[1]

    def working(number: Fraction) -> Working:
        return Working(decimal(number), (reason, f"That gives {decimal(number)}."))

    before = known.get(at - 1, value)
    wrong: Sequence[Fraction] = [value + 1, before + 1, value + (value - before), value - 1, value + 2]
    return finished(
        "logic", working(value), map(working, wrong), difficulty={"add": 2.5, "multiply by": 3.5}.get(name, 5)
    )
