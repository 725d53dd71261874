"""What a solver returns, and the worksheet on which numbers are worked out, with or without a slip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from aaa.sim.skills.numbers import decimal

LAST_OPERATIONS = 6
"""Ours: slips of the pen are looked for among the last steps, so that long sums take no longer."""
MAX_SLIPS = 8
"""Ours: enough that two weak models seldom agree on a wrong answer by chance."""


@dataclass(frozen=True, slots=True)
class Working:
    """One way through a task: what it comes to, and the steps that lead there."""

    answer: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """The right working of a task, and plausible wrong ones, each consistent in itself."""

    skill: str
    right: Working
    slips: tuple[Working, ...]
    difficulty: float
    """1 (trivial) to 10, judged from the text alone."""
    language: str = "en"

    @property
    def answer(self) -> str:
        """The right answer."""
        return self.right.answer


@dataclass(frozen=True, slots=True)
class Blunder:
    """A slip of the pen: the result of operation `at` (counted from 1) is spoiled."""

    at: int
    spoil: Callable[[Fraction], Fraction]


class Sheet:
    """A worksheet: each operation is written down as a line, and its result carried on, right or wrong."""

    def __init__(self, blunder: Blunder | None = None, show: Callable[[Fraction], str] = decimal) -> None:
        self.lines: list[str] = []
        self.operations = 0
        self._blunder, self._show = blunder, show

    def plus(self, left: Fraction, right: Fraction, note: str = "") -> Fraction:
        return self._enter(left, "+", right, left + right, note)

    def minus(self, left: Fraction, right: Fraction, note: str = "") -> Fraction:
        return self._enter(left, "-", right, left - right, note)

    def times(self, left: Fraction, right: Fraction, note: str = "") -> Fraction:
        return self._enter(left, "×", right, left * right, note)

    def over(self, left: Fraction, right: Fraction, note: str = "") -> Fraction:
        """Raises ZeroDivisionError."""
        return self._enter(left, "÷", right, left / right, note)

    def whole(self, left: Fraction, right: Fraction, note: str = "") -> Fraction:
        """How often `right` fits into `left`. Raises ZeroDivisionError."""
        return self._enter(left, "÷", right, Fraction(left // right), note, "(whole part)")

    def rest(self, left: Fraction, right: Fraction, note: str = "") -> Fraction:
        """What is left after dividing. Raises ZeroDivisionError."""
        return self._enter(left, "mod", right, left % right, note)

    def total(self, parts: Iterable[Fraction], note: str = "") -> Fraction:
        """The sum of several parts, entered one by one."""
        first, *others = parts
        for part in others:
            first = self.plus(first, part, note)
        return first

    def note(self, line: str) -> None:
        """A line without an operation."""
        self.lines.append(line)

    def fact(self, line: str, value: Fraction) -> Fraction:
        """A value that is looked up or counted rather than reckoned; it can be spoiled like a result."""
        value = self._spoiled(value)
        self.lines.append(f"{line} = {self._show(value)}")
        return value

    def _enter(
        self, left: Fraction, sign: str, right: Fraction, value: Fraction, note: str, remark: str = ""
    ) -> Fraction:
        value = self._spoiled(value)
        line = f"{self._operand(left)} {sign} {self._operand(right)} = {self._show(value)}"
        self.lines.append(" ".join(filter(None, [f"{note}:" if note else "", line, remark])))
        return value

    def _spoiled(self, value: Fraction) -> Fraction:
        self.operations += 1
        if self._blunder is not None and self._blunder.at == self.operations:
            return self._blunder.spoil(value)
        return value

    def _operand(self, value: Fraction) -> str:
        return f"({self._show(value)})" if value < 0 else self._show(value)


def carry_lost(value: Fraction) -> Fraction:
    """A ten not carried."""
    return value - 10 if value > 10 else value - 1


def carry_twice(value: Fraction) -> Fraction:
    """A ten carried twice."""
    return value + 10 if value > 10 else value + 1


def one_too_many(value: Fraction) -> Fraction:
    """Off by one, in the last place that is shown."""
    places = len(decimal(value).partition(".")[2])
    return value + Fraction(1, 10**places)


def digits_swapped(value: Fraction) -> Fraction:
    """The last two digits the wrong way round; a number without two different ones is off by two."""
    text = decimal(value)
    digits = [i for i, char in enumerate(text) if char.isdigit()][-2:]
    if len(digits) < 2 or text[digits[0]] == text[digits[1]]:
        return value + 2
    chars = list(text)
    chars[digits[0]], chars[digits[1]] = chars[digits[1]], chars[digits[0]]
    return Fraction("".join(chars))


SPOILS = (carry_lost, carry_twice, one_too_many, digits_swapped)
Work = Callable[[Sheet], Fraction]


def worked(
    skill: str,
    work: Work,
    *misreadings: Work,
    difficulty: float | None = None,
    show: Callable[[Fraction], str] = decimal,
    lines: Callable[[Fraction], str] = decimal,
) -> Solution:
    """The solution of a task that is worked out on a sheet.

    Its slips are the misreadings (other workings that a hasty reader might do), then the same working with one
    operation spoiled, later steps following from the spoiled result. `show` writes the answer, `lines` the steps.
    Raises ZeroDivisionError where the right working divides by zero.
    """
    sheet = Sheet(show=lines)
    right = Working(show(work(sheet)), tuple(sheet.lines))
    slips = _slips(work, misreadings, sheet.operations, show, lines)
    return finished(skill, right, slips, difficulty=difficulty or _difficulty(sheet))


def _slips(
    work: Work,
    misreadings: Iterable[Work],
    operations: int,
    show: Callable[[Fraction], str],
    lines: Callable[[Fraction], str],
) -> Iterator[Working]:
    spoiled = (
        (work, Blunder(at, spoil))
        for spoil in SPOILS
        for at in range(operations, max(0, operations - LAST_OPERATIONS), -1)
    )
    for attempt, blunder in (*((misreading, None) for misreading in misreadings), *spoiled):
        sheet = Sheet(blunder, lines)
        try:
            answer = show(attempt(sheet))
        except (ZeroDivisionError, ValueError):
            continue  # a slip that leads nowhere is none that a model would hand in
        yield Working(answer, tuple(sheet.lines))


def _difficulty(sheet: Sheet) -> float:
    """Ours: operations and digits make a sum hard."""
    digits = sum(char.isdigit() for line in sheet.lines for char in line)
    return min(10.0, 1.5 + sheet.operations + digits / 8)


def finished(skill: str, right: Working, slips: Iterable[Working], *, difficulty: float) -> Solution:
    """A solution with distinct slips, none of which comes to the right answer."""
    distinct: dict[str, Working] = {}
    for slip in slips:
        if slip.answer != right.answer and slip.answer:
            distinct.setdefault(slip.answer, slip)
        if len(distinct) == MAX_SLIPS:
            break
    return Solution(skill, right, tuple(distinct.values()), round(min(10.0, max(1.0, difficulty)), 1))


def retold(solution: Solution, *, skill: str, language: str, word: Callable[[str], str]) -> Solution:
    """The same solution in another language: `word` translates answers; only steps without prose remain."""

    def tell(working: Working) -> Working:
        steps = tuple(
            step for step in working.steps if not any(part.isalpha() and len(part) > 3 for part in step.split())
        )
        return Working(word(working.answer), steps)

    return replace(
        solution, skill=skill, language=language, right=tell(solution.right), slips=tuple(map(tell, solution.slips))
    )
