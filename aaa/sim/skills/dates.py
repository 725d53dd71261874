"""Days and dates: weekdays, spans, leap years, ages."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

from aaa.sim.skills.base import Sheet, Solution, Working, finished, worked
from aaa.sim.skills.numbers import figures

SKILL = "dates"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_YEAR = "January February March April May June July August September October November December"
MONTHS = tuple(_YEAR.split())
_MONTH = "|".join(MONTHS)
_DAY = "|".join(WEEKDAYS)
_DATE = re.compile(
    rf"\b(?:(?P<y1>\d{{4}})-(?P<m1>\d\d)-(?P<d1>\d\d)"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m2>{_MONTH}),? (?P<y2>\d{{4}})"
    rf"|(?P<m3>{_MONTH}) (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y3>\d{{4}}))\b",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\b(\d+) (day|week)s?\b", re.IGNORECASE)
_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
DAY = timedelta(days=1)


def dates_in(text: str) -> list[date]:
    """All full dates that the text names, in order. Impossible ones (30 February) are left out."""
    found = []
    for match in _DATE.finditer(text):
        part = match.groupdict()
        year, month, day = (part[f"{k}1"] or part[f"{k}2"] or part[f"{k}3"] for k in "ymd")
        number = int(month) if month.isdigit() else [m.lower() for m in MONTHS].index(month.lower()) + 1
        try:
            found.append(date(int(year), number, int(day)))
        except ValueError:
            continue
    return found


def solve(text: str) -> Solution | None:
    """The solution of a question about days and dates."""
    told = " ".join(figures(text).split())
    if len(told) > 600:
        return None
    try:
        return next((found for solver in _SOLVERS if (found := solver(told)) is not None), None)
    except (OverflowError, ValueError):
        return None  # beyond the calendar


def _asks(text: str, pattern: str) -> re.Match[str] | None:
    return re.search(pattern, text, re.IGNORECASE)


def _weekday_of(text: str) -> Solution | None:
    if not _asks(text, r"\b(?:what|which) (?:day of the week|weekday)\b|\bwhat day was it\b"):
        return None
    if len(days := dates_in(text)) != 1:
        return None
    day = days[0]
    anchor = date(day.year, 1, 1)
    gone = (day - anchor).days

    def working(at: date, passed: int, weekday: int) -> Working:
        name = WEEKDAYS[weekday % 7]
        return Working(
            name,
            (
                f"1 January {at.year} was a {WEEKDAYS[at.weekday()]}.",
                f"{passed} days later, {passed} mod 7 = {passed % 7}, it is a {name}.",
            ),
        )

    right = working(anchor, gone, day.weekday())
    slips = [working(anchor, gone + off, day.weekday() + off) for off in (-1, 1, 2, -2)]
    return finished(SKILL, right, slips, difficulty=6.5)


def _weekday_after(text: str) -> Solution | None:
    start = _asks(text, rf"\b(?:today|it) is (?:a )?({_DAY})\b")
    span = _asks(text, r"\b(\d+) days (?:from now|from today|later|after|ago|before)|\bin (\d+) days")
    if start is None or span is None:
        return None
    days = int(span[1] or span[2])
    sign = -1 if _asks(span[0], r"ago|before") else 1
    begin = WEEKDAYS.index(start[1].capitalize())

    def working(rest: int) -> Working:
        name = WEEKDAYS[(begin + sign * rest) % 7]
        return Working(
            name, (f"{days} mod 7 = {rest}", f"{rest} days {'after' if sign > 0 else 'before'} {start[1]} is {name}.")
        )

    rest = days % 7
    return finished(SKILL, working(rest), [working((rest + off) % 7) for off in (1, 6, 2)], difficulty=4.5)


def _shifted(text: str) -> Solution | None:
    """A date some days or weeks after or before another."""
    days = dates_in(text)
    span = _SPAN.search(text)
    if len(days) != 1 or span is None or not _asks(text, r"\b(?:what|which|on which) date\b|\bwhen\b"):
        return None
    if not _asks(text, r"\b(?:after|from|later|before|earlier|valid for|runs? out|prior)\b"):
        return None
    sign = -1 if _asks(text, r"\b(?:before|earlier|prior)\b") else 1
    count = int(span[1]) * (7 if span[2].lower() == "week" else 1)

    def working(total: int) -> Working:
        steps = list(_month_steps(days[0], sign * total))
        return Working((days[0] + sign * total * DAY).isoformat(), tuple(steps))

    slips = [working(count + off) for off in (1, -1, 2)]
    if span[2].lower() == "week":
        slips.append(working(int(span[1])))
    return finished(SKILL, working(count), slips, difficulty=4 + count / 30)


def _month_steps(start: date, days: int) -> list[str]:
    """How one gets from a date to another, month by month."""
    end = start + days * DAY
    steps: list[str] = []
    at = start
    while days > 0 and (at.year, at.month) != (end.year, end.month) and len(steps) < 6:
        last = at.replace(day=monthrange(at.year, at.month)[1])
        steps.append(f"To the end of {MONTHS[at.month - 1]}: {(last - at).days} days.")
        at = last + DAY
        steps.append(f"The first of {MONTHS[at.month - 1]} is one day more.")
    return [*steps, f"{abs(days)} days {'after' if days >= 0 else 'before'} {start.isoformat()} is {end.isoformat()}."]


def _between(text: str) -> Solution | None:
    if (
        not _asks(text, r"\bhow many days\b.*\b(?:between|from|until|till|to|lie|pass)\b")
        or len(days := dates_in(text)) != 2
    ):
        return None
    first, last = sorted(days)

    def work(sheet: Sheet) -> Fraction:
        total, at = Fraction(0), first
        while (at.year, at.month) < (last.year, last.month) and (last - at).days < 800:
            after = at.replace(day=monthrange(at.year, at.month)[1]) + DAY
            total = sheet.plus(total, Fraction((after - at).days), f"Until 1 {MONTHS[after.month - 1]}")
            at = after
        return sheet.plus(total, Fraction((last - at).days), f"Until {last.day} {MONTHS[last.month - 1]}")

    return worked(SKILL, work, lambda s: s.plus(work(s), Fraction(1), "Both ends counted"))


def _leap_year(text: str) -> Solution | None:
    asked = _asks(text, r"\b(?:was|is|will)\b[^.?]*?\b(\d{4})\b[^.?]*\bleap year\b|\bleap year\b[^.?]*\b(\d{4})\b")
    if asked is None or _asks(text, r"\bhow many\b"):
        return None
    year = int(asked[1] or asked[2])
    if year % 100 == 0:
        reason = (
            f"{year} is divisible by 100, so it must be divisible by 400 too, and it is{' not' if year % 400 else ''}."
        )
    else:
        reason = f"{year} is {'not ' if year % 4 else ''}divisible by 4."
    right = Working("yes" if isleap(year) else "no", (reason,))
    wrong = (
        Working("no", (f"{year} does not fit the rule.",))
        if isleap(year)
        else Working("yes", (f"{year} is divisible by 4.",))
    )
    return finished(SKILL, right, [wrong], difficulty=3)


def _leap_years(text: str) -> Solution | None:
    asked = _asks(text, r"\bhow many leap years\b.*?\b(\d{4})\b.*?\b(\d{4})\b")
    if asked is None:
        return None
    low, high = sorted((int(asked[1]), int(asked[2])))
    years = [year for year in range(low, min(high, low + 2000) + 1) if isleap(year)]
    ends = f"{years[0]} to {years[-1]}" if years else "none"
    right = Working(
        str(len(years)), (f"The leap years run from {ends}, every fourth year.", f"That makes {len(years)}.")
    )
    slips = [Working(str(n), (f"({high} - {low}) / 4 gives about {n}.",)) for n in (len(years) - 1, len(years) + 1)]
    return finished(SKILL, right, slips, difficulty=5)


def _length_of_month(text: str) -> Solution | None:
    asked = _asks(text, rf"\bhow many days\b[^.?]*?\b({_MONTH})\b[^.?\d]*\b(\d{{4}})\b")
    if asked is None or dates_in(text) or not _asks(text, r"\b(?:have|has|had|does|did|in|are there)\b"):
        return None
    days = monthrange(int(asked[2]), MONTHS.index(asked[1].capitalize()) + 1)[1]

    def tell(count: int) -> Working:
        return Working(str(count), (f"{asked[1].capitalize()} {asked[2]} has {count} days.",))

    wrong = {28: (29, 30), 29: (28, 30), 30: (31, 29), 31: (30, 28)}[days]
    return finished(SKILL, tell(days), map(tell, wrong), difficulty=2.5)


def _age(text: str) -> Solution | None:
    days = dates_in(text)
    if len(days) != 2 or not _asks(text, r"\bborn\b") or not _asks(text, r"\bhow old\b"):
        return None
    born, then = sorted(days)
    had = (then.month, then.day) >= (born.month, born.day)
    years = then.year - born.year

    def working(birthday_past: bool) -> Working:
        age = years if birthday_past else years - 1
        when = "had already passed" if birthday_past else "was still to come"
        return Working(
            str(age), (f"{then.year} - {born.year} = {years}", f"The birthday of that year {when}, so {age}.")
        )

    extra = Working(str(years + 1), (f"Counting both {born.year} and {then.year} gives {years + 1}.",))
    return finished(SKILL, working(had), [working(not had), extra], difficulty=4)


def _place_in_year(text: str) -> Solution | None:
    days = dates_in(text)
    if len(days) != 1:
        return None
    day = days[0]
    left = _asks(text, r"\bhow many days\b.*\b(?:left|remain)\w*\b.*\byear\b")
    if not left and not _asks(text, r"\bwhich day of the year\b|\bwhat number\b.*\bday of the year\b|\bday number\b"):
        return None
    months = range(day.month + 1, 13) if left else range(1, day.month)

    def work(sheet: Sheet) -> Fraction:
        own = monthrange(day.year, day.month)[1] - day.day if left else day.day
        total = Fraction(own)
        for month in months:
            total = sheet.plus(total, Fraction(monthrange(day.year, month)[1]), MONTHS[month - 1])
        return total if months else sheet.fact(f"Days in {MONTHS[day.month - 1]}", total)

    return worked(SKILL, work, lambda s: s.plus(work(s), Fraction(1), "That day too"))


def _nth_weekday(text: str) -> Solution | None:
    asked = _asks(text, rf"\b({'|'.join(_ORDINAL)}) ({_DAY}) (?:of|in) ({_MONTH}),? (\d{{4}})\b")
    if asked is None:
        return None
    number, weekday = _ORDINAL[asked[1].lower()], WEEKDAYS.index(asked[2].capitalize())
    first = date(int(asked[4]), MONTHS.index(asked[3].capitalize()) + 1, 1)
    earliest = first + DAY * ((weekday - first.weekday()) % 7)

    def working(begin: date, count: int) -> Working:
        answer = (begin + timedelta(weeks=count - 1)).isoformat()
        return Working(
            answer, (f"The first {asked[2]} of the month is {begin.isoformat()}.", f"The {asked[1]} one is {answer}.")
        )

    slips = [working(earliest, number + 1), working(earliest, number - 1), working(earliest + DAY, number)]
    return finished(SKILL, working(earliest, number), slips, difficulty=5)


_SOLVERS: tuple[Callable[[str], Solution | None], ...] = (
    _nth_weekday,
    _weekday_after,
    _weekday_of,
    _age,
    _place_in_year,
    _between,
    _shifted,
    _leap_years,
    _leap_year,
    _length_of_month,
)
