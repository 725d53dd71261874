"""Clock times: when something ends, and how long it takes."""

from __future__ import annotations

import re
from fractions import Fraction

from aaa.sim.skills.base import Sheet, Solution, Working, finished, worked
from aaa.sim.skills.dates import SKILL
from aaa.sim.skills.numbers import figures

_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\b")
_LENGTH = re.compile(r"\b(?:(\d+) ?(?:hours?|h)\b)?(?:,? and)? ?(?:(\d+) ?(?:minutes?|min)\b)?", re.IGNORECASE)


def solve(text: str) -> Solution | None:
    """The solution of a question about clock times."""
    told = " ".join(figures(text).split())
    return (_closing_time(told) or _duration(told)) if len(told) <= 600 else None


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _closing_time(text: str) -> Solution | None:
    """A start and a length: when does it end?"""
    clocks = _CLOCK.findall(text)
    lengths = [m for m in _LENGTH.finditer(text) if m[1] or m[2]]
    if (
        len(clocks) != 1
        or len(lengths) != 1
        or not re.search(r"\b(?:end|finish|over|arrive|ready|done|stop)\w*\b", text, re.IGNORECASE)
    ):
        return None
    hours, minutes = int(lengths[0][1] or 0), int(lengths[0][2] or 0)
    start = int(clocks[0][0]) * 60 + int(clocks[0][1])

    def working(end: int) -> Working:
        middle = start + hours * 60
        return Working(
            _clock(end),
            (f"{_clock(start)} + {hours} h = {_clock(middle)}", f"{_clock(middle)} + {minutes} min = {_clock(end)}"),
        )

    end = start + hours * 60 + minutes
    # 100 minutes to the hour, an hour too much or too little, ten minutes off.
    slips = [working(end + off) for off in (40, -60, 60, 10)]
    return finished(SKILL, working(end), slips, difficulty=4)


def _duration(text: str) -> Solution | None:
    """From one clock time to another, in minutes."""
    clocks = _CLOCK.findall(text)
    if len(clocks) != 2 or not re.search(r"\bhow (?:many minutes|long)\b", text, re.IGNORECASE):
        return None
    start, end = (int(h) * 60 + int(m) for h, m in clocks)
    if end < start:
        end += 24 * 60

    def work(sheet: Sheet) -> Fraction:
        hours = sheet.whole(Fraction(end - start), Fraction(60), f"From {_clock(start)} to {_clock(end)}, full hours")
        return sheet.plus(sheet.times(hours, Fraction(60)), Fraction((end - start) % 60), "Minutes")

    return worked(SKILL, work, difficulty=4.5)
