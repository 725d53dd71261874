"""Putting things in order, and picking one by its rank."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from aaa.sim.skills.base import Solution, Working, finished
from aaa.sim.skills.passages import after_colon, listed

SKILL = "sorting"
Key = Callable[[str], Fraction | str]

_SORT = re.compile(
    r"\b(?:sort|order|arrange|rank|alphabeti[sz]e|put|list|write|line up|in ascending|in descending|from \w+ to)\b",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"\b(?:smallest|largest|lowest|highest|least|greatest|ascending|descending|alphabetical\w*|alphabeti[sz]e|chronological\w*"
    r"|shortest|longest|fastest|slowest|earliest|latest|oldest|newest|small|big|high|low|sort|cheapest|dearest|lightest|heaviest)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:descending|reverse|(?:highest|largest|greatest|biggest|longest|slowest|latest|newest|heaviest|dearest|high|big|large)"
    r"(?: \w+)? (?:first|to (?:lowest|smallest|least|shortest|fastest|earliest|low|small))"
    r"|from (?:the )?(?:highest|largest|greatest|biggest|longest|high|big|large|heaviest|latest))\b",
    re.IGNORECASE,
)
_RANK = re.compile(
    r"\b(?:(second|third|fourth|2nd|3rd|4th)[- ])?(largest|highest|biggest|greatest|smallest|lowest|median)\b",
    re.IGNORECASE,
)
_WHICH = re.compile(r"\b(?:what|which|find|give|name|tell|pick)\b", re.IGNORECASE)
_PLACE = {"": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_RATIO = re.compile(r"(-?\d+)/(\d+)")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_TAGGED = re.compile(r"([^\d(]+?)\s*\(\s*(-?\d+(?:\.\d+)?)[^)]*\)")
_SIZED = re.compile(r"(\d+(?:\.\d+)?) ?(b|kb|mb|gb|tb|mg|g|kg|t|mm|cm|m|km|ml|l)", re.IGNORECASE)
_SIZE = {"b": "1e-6", "kb": "1e-3", "mb": "1", "gb": "1e3", "tb": "1e6"}
_SIZE |= {"mg": "1e-3", "g": "1", "kg": "1e3", "t": "1e6", "mm": "1e-3", "cm": "1e-2", "m": "1", "km": "1e3"}
_SIZE |= {"ml": "1e-3", "l": "1"}


def solve(text: str) -> Solution | None:
    """The solution of a task to order a list, or to pick its n-th largest or its median."""
    found = _items(text)
    if found is None:
        return None
    task, items = found
    if (rank := _RANK.search(task)) and _WHICH.search(task) and not _SORT.search(task.replace("in order", "")):
        return _pick(items, rank)
    if not _SORT.search(task) or not _ORDERED.search(task):
        return None
    keys = [_length] if re.search(r"\b(?:length|shortest|longest)\b", task, re.IGNORECASE) and _wordy(items) else _KEYS
    for key in keys:
        try:
            values = [key(item) for item in items]
        except ValueError:
            continue
        return _ordered(items, values, down=_DOWN.search(task) is not None)
    return None


def _items(text: str) -> tuple[str, list[str]] | None:
    """The words of the task, and the list it is about: after the colon, or at the end after "of" or "in"."""
    rest = after_colon(text)
    if rest is not None:
        items = listed(rest)
        task = text.replace(rest, " ")
        task += " " + rest.partition(". ")[2]
    else:
        tail = re.search(r"\bof(?: the numbers| these numbers)? ((?:-?\d+(?:\.\d+)?(?:, and |, | and )?){3,})", text)
        if tail is None:
            return None
        items, task = listed(tail[1]), text
    if not 3 <= len(items) <= 40 or any(len(item) > 40 for item in items) or len(set(items)) != len(items):
        return None
    return task, items


def _wordy(items: Sequence[str]) -> bool:
    return all(item.replace(" ", "").isalpha() for item in items)


def _as_number(item: str) -> Fraction:
    if not _NUMBER.fullmatch(item):
        raise ValueError(item)
    return Fraction(item)


def _as_ratio(item: str) -> Fraction:
    if (match := _RATIO.fullmatch(item)) is None or match[2].strip("0") == "":
        raise ValueError(item)
    return Fraction(int(match[1]), int(match[2]))


def _as_date(item: str) -> str:
    if not _ISO.fullmatch(item):
        raise ValueError(item)
    return item


def _as_tag(item: str) -> Fraction:
    if (match := _TAGGED.fullmatch(item)) is None:
        raise ValueError(item)
    return Fraction(match[2])


def _as_size(item: str) -> Fraction:
    if (match := _SIZED.fullmatch(item)) is None:
        raise ValueError(item)
    return Fraction(match[1]) * Fraction(_SIZE[match[2].lower()])


def _as_word(item: str) -> str:
    if not _wordy([item]):
        raise ValueError(item)
    return item.casefold()


def _length(item: str) -> Fraction:
    return Fraction(len(item))


_KEYS: tuple[Key, ...] = (_as_number, _as_ratio, _as_date, _as_tag, _as_size, _as_word)


def _shown(item: str) -> str:
    """What stands for an item in the answer: a tagged one by its name."""
    match = _TAGGED.fullmatch(item)
    return match[1].strip() if match else item


def _ordered(items: Sequence[str], values: Sequence[Fraction | str], *, down: bool) -> Solution:
    pairs = sorted(zip(values, items, strict=True), key=lambda pair: pair[0], reverse=down)
    right = [_shown(item) for _, item in pairs]
    slips = [[*right[:i], right[i + 1], right[i], *right[i + 2 :]] for i in range(len(right) - 1)]
    slips.insert(1, right[::-1])
    slips.insert(2, [item for i, item in enumerate(right) if i != len(right) // 2])
    by_letters = [_shown(item) for item in sorted(items, reverse=down)]
    slips.insert(0, by_letters)
    return finished(SKILL, _told(right), map(_told, slips), difficulty=2 + len(items) / 2)


def _told(order: Sequence[str]) -> Working:
    return Working(", ".join(order), (f"First comes {order[0]}, then {order[1]}.", f"The last one is {order[-1]}."))


def _pick(items: Sequence[str], rank: re.Match[str]) -> Solution | None:
    try:
        values = sorted(items, key=_as_number)
    except ValueError:
        return None
    kind = rank[2].lower()
    if kind == "median":
        if len(values) % 2 == 0:
            return None
        at, row = len(values) // 2, values
    else:
        row = values if kind in ("smallest", "lowest") else values[::-1]
        at = _PLACE[(rank[1] or "").lower()] - 1
    if at >= len(row):
        return None

    def working(index: int) -> Working:
        return Working(row[index], (f"In order: {', '.join(row)}", f"Number {index + 1} of these is {row[index]}."))

    others = [at + off for off in (1, -1, 2, -2) if 0 <= at + off < len(row)]
    unsorted = Working(items[len(items) // 2], ("The one in the middle of the list as it stands.",))
    return finished(SKILL, working(at), [*map(working, others), unsorted], difficulty=2 + len(items) / 3)
