"""Finding what a passage says: addresses, numbers of orders, years, prices, fields of a record."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from aaa.sim.skills.base import Solution, Working, finished
from aaa.sim.skills.dates import MONTHS, WEEKDAYS
from aaa.sim.skills.passages import outside, passage

SKILL = "extraction"
MAX_PASSAGE = 3000
_COLOUR_WORDS = "red orange yellow green blue purple violet pink brown black white grey gray turquoise silver gold"
_COLOURS = _COLOUR_WORDS.split()


def _named(names: Sequence[str]) -> Callable[[str], list[str]]:
    pattern = re.compile(rf"\b(?:{'|'.join(names)})\b", re.IGNORECASE)
    return pattern.findall


def _found(pattern: str) -> Callable[[str], list[str]]:
    return re.compile(pattern).findall


Kind = tuple[re.Pattern[str], Callable[[str], list[str]], Callable[[str], list[str]]]
"""What the task calls it, how it is found, and what a hasty reader might take instead."""


def _kind(asked: str, find: Callable[[str], list[str]], mistaken: Callable[[str], list[str]]) -> Kind:
    return re.compile(asked, re.IGNORECASE), find, mistaken


_ANY_NUMBER = _found(r"\d[\d.,:-]*\d|\d")
KINDS: tuple[Kind, ...] = (
    _kind(r"\be-?mail", _found(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), _found(r"\b[\w-]+(?:\.[\w-]+)+\b")),
    _kind(
        r"\b(?:web address|url|link|website)",
        _found(r"https?://[^\s,;\"')]+(?<![.])"),
        _found(r"\b[\w-]+(?:\.[\w-]+)+\b"),
    ),
    _kind(r"\bhash ?tags?\b", _found(r"#\w+"), _found(r"\b[a-z]{6,}\b")),
    _kind(r"\b(?:phone|telephone) number", _found(r"\+?\d[\d -]{5,}\d"), _ANY_NUMBER),
    _kind(
        r"\b(?:order|invoice|ticket|booking|reference|tracking|parcel|serial|flight) (?:number|code|id)",
        _found(r"\b[A-Z]{1,4}-?\d{2,}\b"),
        _ANY_NUMBER,
    ),
    _kind(r"\byears?\b", _found(r"\b(?:1[5-9]|20)\d\d\b"), _ANY_NUMBER),
    _kind(r"\b(?:times?|hour)\b(?!s?\b.*\bhow\b)", _found(r"\b\d{1,2}:\d\d\b"), _ANY_NUMBER),
    _kind(r"\bweekdays?\b|\bdays of the week\b", _named(WEEKDAYS), _named(MONTHS)),
    _kind(r"\bmonths?\b", _named(MONTHS), _named(WEEKDAYS)),
    _kind(r"\bcolou?rs?\b", _named(_COLOURS), _found(r"\b(?:the|a) (\w+)")),
    _kind(
        r"\bprices?\b|\bamounts?\b",
        _found(r"(?:[$€£] ?)(\d+(?:\.\d\d)?)|(\d+(?:\.\d\d)?)(?= ?(?:euros?|dollars?|pounds?|[€$£]))"),
        _ANY_NUMBER,
    ),
    _kind(r"\bpercentages?\b", _found(r"\d+(?:\.\d+)? ?%"), _ANY_NUMBER),
    _kind(r"\bpostcode|\bpostal code|\bzip\b", _found(r"\b\d{5}\b"), _ANY_NUMBER),
)
_ASKED = re.compile(
    r"\b(?:which|what|who|list|find|extract|give|pick|name|where|how is|copy|return|tell|quote|get|when)\b",
    re.IGNORECASE,
)
_FIELD = re.compile(r"(?:^|[.;,\n|]\s*)([A-Za-z][A-Za-z -]{1,20}?)(?::\s*| (?=\d))([^.;,\n|]+(?:\.\d+)?)")
_FROM_TO = re.compile(r"\bfrom ([A-Z]\w+) to ([A-Z]\w+)\b")


def solve(text: str) -> Solution | None:
    """The solution of a task to take something out of a passage that stands in quotation marks or after a colon."""
    task, about = outside(text), passage(text)
    if about is None or len(about) > MAX_PASSAGE or not _ASKED.search(task):
        return None
    task = task.replace(about, " ") if "_" not in task else task
    return _by_kind(task, about) or _row(task, about) or _by_field(task, about) or _destination(task, about)


def _flat(hits: Sequence[str | tuple[str, ...]]) -> list[str]:
    return [hit if isinstance(hit, str) else next(filter(None, hit), "") for hit in hits]


def _by_kind(task: str, about: str) -> Solution | None:
    # The kind that the task names last is the one it asks for: "the phone number, not the e-mail" is rare.
    named = [(match.start(), find, mistaken) for asked, find, mistaken in KINDS if (match := asked.search(task))]
    for _, find, mistaken in sorted(named, key=lambda kind: kind[0]):
        if hits := _flat(find(about)):
            others = [
                hit
                for hit in _flat(mistaken(about))
                if hit not in " ".join(hits) or (len(hits) == 1 and hit != hits[0])
            ]
            return _taken(hits, others)
    return None


def _taken(hits: Sequence[str], others: Sequence[str]) -> Solution:
    def working(found: Sequence[str]) -> Working:
        return Working(", ".join(found), ("Going through the text, I find " + " and then ".join(found) + ".",))

    slips = []
    if len(hits) > 1:
        slips = [working(hits[:-1]), working(hits[1:]), working([*hits[:1], *hits[2:]])]
        slips += [working([*hits, other]) for other in others[:2]]
    else:
        slips = [working([other]) for other in others[:3]] or [working([hits[0][:-1]]), working([hits[0][1:]])]
    return finished(SKILL, working(hits), slips, difficulty=2.5 + len(hits) / 2)


def _by_field(task: str, about: str) -> Solution | None:
    """A field of a record such as `name: Ilse; city: Graz`."""
    fields = {name.strip().lower(): value.strip(" .") for name, value in _FIELD.findall(about)}
    if len(fields) < 2:
        return None
    asked = [name for name in fields if re.search(rf"\b{re.escape(name)}\b", task, re.IGNORECASE)]
    if len(asked) != 1:
        return None
    others = [value for name, value in fields.items() if name != asked[0]]

    def tell(name: str, value: str) -> Working:
        return Working(value, (f"The record says {name}: {value}.",))

    slips = [tell(asked[0], value) for value in others]
    return finished(SKILL, tell(asked[0], fields[asked[0]]), slips, difficulty=2)


def _row(task: str, about: str) -> Solution | None:
    """Rows parted by `|`, cells by commas: whose row holds the value that the task names?"""
    rows = [[cell.strip() for cell in row.split(",")] for row in about.split("|")]
    if len(rows) < 2 or len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
        return None
    holding = [row for row in rows if any(re.search(rf"\b{re.escape(cell)}\b", task) for cell in row[1:])]
    if len(holding) != 1 or not re.search(r"\b[Ww]ho\b", task):
        return None

    def tell(row: Sequence[str]) -> Working:
        return Working(row[0], (f"The row is {', '.join(row)}.",))

    return finished(SKILL, tell(holding[0]), [tell(row) for row in rows if row is not holding[0]], difficulty=2.5)


def _destination(task: str, about: str) -> Solution | None:
    route = _FROM_TO.search(about)
    if route is None or not re.search(
        r"\b(?:go|goes|going|sent|destination|arrive|come|comes|start|from|leave)\b", task
    ):
        return None
    backwards = re.search(r"\b(?:come|comes|start|from|leave)\b", task.replace("from the", ""))
    hit, miss = (route[1], route[2]) if backwards else (route[2], route[1])

    def tell(place: str) -> Working:
        return Working(place, (f"It says: {route[0]}.",))

    return finished(SKILL, tell(hit), [tell(miss)], difficulty=2)
