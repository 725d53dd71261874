"""How many: letters, words, numbers of a kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from aaa.sim.skills.base import Solution, Working, finished
from aaa.sim.skills.numbers import figures
from aaa.sim.skills.passages import listed, outside, passage, quoted, words

SKILL = "counting"
VOWELS = frozenset("aeiou")
MAX_RANGE = 100_000
_ASKED = re.compile(r"\bhow (?:many|often)\b|\bcount\b|\bnumber of\b", re.IGNORECASE)


def solve(text: str) -> Solution | None:
    """The solution of a question for the number of something in a passage, a list or a range."""
    task = outside(text)
    if not _ASKED.search(task):
        return None
    for solver in (_in_range, _of_list, _occurrences, _in_passage):
        if (hits := solver(text, " ".join(figures(task).lower().split()))) is not None:
            return _counted(*hits)
    return None


Hits = tuple[str, Sequence[str]]
"""What was counted, and each thing that counts."""


def _counted(what: str, hits: Sequence[str]) -> Solution:
    def working(count: int, shown: Sequence[str]) -> Working:
        if not shown:
            return Working(str(count), (f"None counts as {what}.",))
        seen = ", ".join(shown[:20]) + (", ..." if len(shown) > 20 else "")
        return Working(str(count), (f"Counting {what}: {seen}", f"That makes {count}."))

    count = len(hits)
    missed = [hit for i, hit in enumerate(hits) if i != count // 2]
    slips = [working(count - 1, missed)] if count else []
    slips += [working(count + 1, [*hits, hits[-1]])] if count else [working(1, ["one"])]
    slips += [working(count - 2, missed[1:])] if count > 2 else []
    slips += [working(count + 2, [*hits, *hits[-2:]])] if count > 1 else []
    return finished(SKILL, working(count, hits), slips, difficulty=2.5 + count / 4)


def _occurrences(text: str, task: str) -> Hits | None:
    """How often a letter or word occurs in a passage: both are quoted, or the letter stands by itself."""
    parts = quoted(text)
    letter = re.search(r"\bletters? _", task)
    if len(parts) == 2 and re.search(
        r"\b(?:appear|occur|come up|contain|be found|times|is there|are there|often)\w*\b", task
    ):
        small, large = sorted(parts, key=len)
        if letter or len(small) == 1:
            return f'the letter "{small}"', [char for char in large if char.lower() == small.lower()]
        if "word" in task:
            return f'the word "{small}"', [word for word in words(large) if word.lower() == small.lower()]
        return None
    single = re.search(r"\bletter ([a-z])\b", task)
    if single and len(parts) == 1:
        return f"the letter {single[1]}", [char for char in parts[0] if char.lower() == single[1]]
    return None


_KINDS: tuple[tuple[str, Callable[[str], Sequence[str]]], ...] = (
    (r"\b(?:different|distinct|unique) letters\b", lambda p: sorted({c.lower() for c in p if c.isalpha()})),
    (r"\b(?:different|distinct|unique) words\b", lambda p: sorted({w.lower() for w in words(p)})),
    (r"\bvowels?\b", lambda p: [c for c in p if c.lower() in VOWELS]),
    (r"\bconsonants?\b", lambda p: [c for c in p if c.isalpha() and c.lower() not in VOWELS]),
    (r"\b(?:capital|upper-?case) letters\b|\bcapitals\b", lambda p: [c for c in p if c.isupper()]),
    (r"\bcommas\b", lambda p: re.findall(r"\w+,", p)),
    (r"\bdigits\b", lambda p: [c for c in p if c.isdigit()]),
    (r"\bsentences\b", lambda p: re.findall(r"[^.!?]+[.!?]", p)),
    (r"\bletters\b.*\blongest word\b", lambda p: list(_longest(words(p)))),
    (r"\bletters\b", lambda p: [c for c in p if c.isalpha()]),
    (r"\bwords\b", words),
)


def _longest(found: Sequence[str]) -> str:
    return max(found, key=len, default="")


_STARTS = re.compile(
    r"\bwords?\b.*\b(begin|start|end)s?(?:ning|ing)? (?:with|in) (?:the letter |an? )?_?[\"']?([a-z])?\b"
)
_LONGER = re.compile(r"\bwords? .*\b(?:more than|longer than) (\d+) letters\b")


def _in_passage(text: str, task: str) -> Hits | None:
    about = passage(text)
    if about is None or len(about) > 2000:
        return None
    if (match := _STARTS.search(task)) is not None:
        letter = match[2] or min(quoted(text), key=len, default="")
        if len(letter) != 1:
            return None
        if match[1] == "end":
            return f"words that end with {letter}", [w for w in words(about) if w.lower().endswith(letter.lower())]
        return f"words that begin with {letter}", [w for w in words(about) if w.lower().startswith(letter.lower())]
    if (longer := _LONGER.search(task)) is not None:
        return f"words of more than {longer[1]} letters", [w for w in words(about) if len(w) > int(longer[1])]
    for pattern, find in _KINDS:
        if (match := re.search(pattern, task)) is not None:
            return match[0], find(about)
    return None


def _prime(number: int) -> bool:
    return number > 1 and all(number % k for k in range(2, int(number**0.5) + 1))


def _property(task: str) -> tuple[str, Callable[[Fraction], bool]] | None:
    """The kind of number that is asked for."""
    if match := re.search(r"\b(?:divisible by|multiples? of) (\d+)\b", task):
        by = int(match[1])
        return (f"multiples of {by}", lambda n: n % by == 0) if by else None
    if match := re.search(
        r"\b(?:greater|larger|bigger|higher|more) than (\d+(?:\.\d+)?)\b|\b(?:above|over) (\d+)\b", task
    ):
        low = Fraction(match[1] or match[2])
        return f"numbers above {low}", lambda n: n > low
    if match := re.search(r"\b(?:less|smaller|lower) than (\d+(?:\.\d+)?)\b", task):
        high = Fraction(match[1])
        return f"numbers below {high}", lambda n: n < high
    for word, test in (
        ("even", lambda n: n % 2 == 0),
        ("odd", lambda n: n % 2 == 1),
        ("negative", lambda n: n < 0),
        ("prime", lambda n: n.denominator == 1 and _prime(int(n))),
    ):
        if re.search(rf"\b{word}s?\b", task):
            return f"{word} numbers", test
    return None


_RANGE = re.compile(
    r"\b(?:from|between) (\d+) (?:to|and|up to) (\d+)\b|\b(?:below|under|smaller than|less than) (\d+)\b"
)


def _in_range(text: str, task: str) -> Hits | None:
    limits = _RANGE.search(task)
    if limits is None or ":" in task or "_" in task:
        return None
    asked = _property(task.replace(limits[0], " "))
    if asked is None:
        return None
    low, high = (int(limits[1]), int(limits[2])) if limits[1] else (1, int(limits[3]) - 1)
    if high - low > MAX_RANGE:
        return None
    return asked[0], [str(n) for n in range(low, high + 1) if asked[1](Fraction(n))]


def _of_list(text: str, task: str) -> Hits | None:
    head, colon, tail = text.partition(":")
    if not colon or quoted(text) or (asked := _property(" ".join(figures(head).lower().split()))) is None:
        return None
    items = listed(tail)
    if len(items) < 2 or not all(re.fullmatch(r"-?\d+(?:\.\d+)?", item) for item in items):
        return None
    return asked[0], [item for item in items if asked[1](Fraction(item))]
