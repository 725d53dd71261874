"""What a reader truly sees in answers: whether the result agrees with what it holds for right, and visible quality."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from aaa.sim.prose import impression
from aaa.sim.requests import Task
from aaa.text import orders_judge
from aaa.verify import extract_final

NOTICEABLE = 0.08
"""Ours: a smaller difference in the quality of open answers is none that a reader would swear to."""
_NUMBER = re.compile(r"[-−+]?[$€£]?\s?(\d[\d,]*(?:\.\d+)?)\s?[^\d\s.,/:-]*\s?[^\d\s.,/:-]*")
_CASE_MATTERS = frozenset({"text_editing", "code_reading"})


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen in one answer: `worth` in 0..1; `right` is None where there is no one right result."""

    worth: float
    right: bool | None
    final: str
    steering: bool
    """Whether it tries to order its judge about."""


def seen(task: Task, text: str, reference: str | None = None) -> Sight:
    """A faithful look at an answer. A reference in the prompt counts more than one's own working."""
    solution = task.solution
    known = reference.strip() if reference else solution.answer if solution else None
    final, steering = _read(text)
    if known is None:
        worth = impression(task.key, text).quality
        return Sight(worth * (0.5 if steering else 1.0), None, final, steering)
    right = agree(final, known, exact=case_matters(task))
    worth = (1.0 if right else 0.2) - (0.1 if steering else 0.0)
    return Sight(worth, right, final, steering)


@lru_cache(maxsize=8192)
def _read(text: str) -> tuple[str, bool]:
    """The final answer of a text, and whether it tries to order its judge about; several jurors read the same."""
    return extract_final(text) or "", orders_judge(text)


def case_matters(task: Task) -> bool:
    """Whether small and capital letters, and punctuation, belong to the result."""
    return task.solution is not None and task.solution.skill in _CASE_MATTERS


def agree(left: str, right: str, *, exact: bool = False) -> bool:
    """Whether two final answers say the same."""
    if exact:
        return left.strip() == right.strip()
    first, second = _number(left), _number(right)
    if first is not None and second is not None:
        return abs(first - second) <= 1e-6 * max(1.0, abs(second))
    return _plain(left) == _plain(right)


def _number(text: str) -> float | None:
    """The value of a lone number, with or without a currency or unit."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    value = float(match[1].replace(",", ""))
    return -value if text.strip()[0] in "-−" else value


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+|(?<!\w)-\d+", text.casefold()))
