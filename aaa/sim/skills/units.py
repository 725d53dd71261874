"""Conversions between units, with the factors everybody uses or those that the text states."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from aaa.sim.skills.base import Sheet, Solution, Work, worked
from aaa.sim.skills.numbers import NUMBER, decimal, figures, fraction, places_asked, rounded, without_places

SKILL = "units"

_TABLE: dict[str, dict[str, str]] = {
    "length": {"mm": "0.001", "cm": "0.01", "dm": "0.1", "m": "1", "km": "1000"},
    "mass": {"mg": "0.001", "g": "1", "kg": "1000", "t": "1000000"},
    "volume": {"ml": "0.001", "cl": "0.01", "dl": "0.1", "l": "1"},
    "time": {"s": "1", "min": "60", "h": "3600", "day": "86400", "week": "604800"},
    "area": {"cm2": "0.0001", "m2": "1", "ha": "10000", "km2": "1000000"},
    "speed": {"m/s": "3.6", "km/h": "1"},
    "data": {"kB": "1", "MB": "1000", "GB": "1000000"},
}
_NAMES: dict[str, str] = {
    "mm": r"mm|millimet(?:re|er)s?",
    "cm2": r"cm²|square centimet(?:re|er)s?",
    "cm": r"cm|centimet(?:re|er)s?",
    "dm": r"dm|decimet(?:re|er)s?",
    "m/s": r"m/s|met(?:re|er)s (?:per|a) second",
    "km/h": r"km/h|kilomet(?:re|er)s (?:per|an) hour",
    "km2": r"km²|square kilomet(?:re|er)s?",
    "m2": r"m²|square met(?:re|er)s?",
    "km": r"km|kilomet(?:re|er)s?",
    "mg": r"mg|milligrams?",
    "kg": r"kg|kilos?|kilograms?",
    "g": r"g|grams?",
    "t": r"t|tonnes?|metric tons?",
    "ml": r"ml|millilit(?:re|er)s?",
    "cl": r"cl|centilit(?:re|er)s?",
    "dl": r"dl|decilit(?:re|er)s?",
    "l": r"l|lit(?:re|er)s?",
    "min": r"min|minutes?",
    "s": r"s|seconds?",
    "h": r"h|hours?",
    "day": r"days?",
    "week": r"weeks?",
    "ha": r"ha|hectares?",
    "kB": r"kb|kilobytes?",
    "MB": r"mb|megabytes?",
    "GB": r"gb|gigabytes?",
    "m": r"m|met(?:re|er)s?",
    "°F": r"°\s?f|degrees? fahrenheit|fahrenheit",
    "°C": r"°\s?c|degrees? celsius|celsius|centigrade",
    "inch": r"inch(?:es)?|in\b",
    "foot": r"foot|feet|ft",
    "yard": r"yards?",
    "mile": r"miles?",
    "pound": r"pounds?|lbs?",
    "ounce": r"ounces?|oz",
}
_KIND = {unit: kind for kind, units in _TABLE.items() for unit in units}
_LONGEST = sorted(_NAMES.items(), key=lambda item: -len(item[1]))
_UNIT = "(?:" + "|".join(f"(?:{pattern})" for _, pattern in _LONGEST) + r")(?![\w²/])"
_EACH = [(unit, re.compile(pattern, re.IGNORECASE)) for unit, pattern in _LONGEST]

_STATED = re.compile(
    rf"\b(?:if|taking|with|using|given that|when)?\s*(?:1|one|an?) ({_UNIT})"
    rf" (?:is|=|as|equals|has|to be) (?:about )?({NUMBER}) ?({_UNIT})",
    re.IGNORECASE,
)
_QUANTITY = re.compile(rf"(-?(?:{NUMBER})) ?({_UNIT})", re.IGNORECASE)
_TARGET = re.compile(rf"\b(?:how many|how much|into|in|to|as|what .{{0,20}}? in)(?: degrees)? ({_UNIT})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Question:
    amount: Fraction
    unit: str
    target: str
    factor: Fraction
    """How many of the target one of the unit is."""
    pieces: Fraction


def _name(text: str) -> str | None:
    return next((unit for unit, pattern in _EACH if pattern.fullmatch(text.strip())), None)


def solve(text: str) -> Solution | None:
    """The solution of a conversion of one quantity into one unit."""
    told = " ".join(figures(without_places(text)).split())
    if len(told) > 500:
        return None
    places = places_asked(text)
    show = decimal if places is None else lambda value: rounded(value, places)
    if (temperature := _temperature(told, show)) is not None:
        return temperature
    question = _read(told)
    return None if question is None else _answer(question, show)


def _read(text: str) -> _Question | None:
    stated = _STATED.search(text)
    rest = text if stated is None else f"{text[: stated.start()]} {text[stated.end() :]}"
    targets = [unit for found in _TARGET.finditer(rest) if (unit := _name(found[1])) is not None]
    quantities = [(fraction(found[1]), unit) for found in _QUANTITY.finditer(rest) if (unit := _name(found[2]))]
    if not targets or len(quantities) != 1:
        return None
    (amount, unit), target = quantities[0], targets[0] if len(set(targets)) == 1 else targets[-1]
    factor = _factor(unit, target, stated)
    if factor is None or unit == target:
        return None
    pieces = re.search(
        rf"\b(?:do|of|in|are|have) ({NUMBER}) (?:such|of these|of them|identical)\b", rest, re.IGNORECASE
    )
    return _Question(amount, unit, target, factor, fraction(pieces[1]) if pieces else Fraction(1))


def _factor(unit: str, target: str, stated: re.Match[str] | None) -> Fraction | None:
    if stated is not None and fraction(stated[2]) > 0:
        one, many = _name(stated[1]), _name(stated[3])
        if (one, many) == (unit, target):
            return fraction(stated[2])
        if (many, one) == (unit, target):
            return 1 / fraction(stated[2])
    kind = _KIND.get(unit)
    if kind is None or kind != _KIND.get(target):
        return None
    if kind == "speed":
        return Fraction("3.6") if unit == "m/s" else 1 / Fraction("3.6")
    return Fraction(_TABLE[kind][unit]) / Fraction(_TABLE[kind][target])


def _answer(question: _Question, show: Callable[[Fraction], str]) -> Solution:
    def by(factor: Fraction) -> Work:
        def work(sheet: Sheet) -> Fraction:
            amount = question.amount
            if question.pieces != 1:
                amount = sheet.times(question.pieces, amount, f"Together in {question.unit}")
            if factor >= 1:
                sheet.note(f"1 {question.unit} = {decimal(factor)} {question.target}")
                return sheet.times(amount, factor, f"In {question.target}")
            sheet.note(f"1 {question.target} = {decimal(1 / factor)} {question.unit}")
            return sheet.over(amount, 1 / factor, f"In {question.target}")

        return work

    ten = question.factor * 10 if question.factor > 1 else question.factor / 10
    return worked(SKILL, by(question.factor), by(1 / question.factor), by(ten), show=show)


def _temperature(text: str, show: Callable[[Fraction], str]) -> Solution | None:
    found = re.search(
        rf"(-?(?:{NUMBER})) ?(°\s?[CF]|degrees? (?:Celsius|Fahrenheit)|Celsius|Fahrenheit)\b", text, re.IGNORECASE
    )
    if found is None:
        return None
    value, unit = fraction(found[1]), _name(found[2])
    target = _TARGET.search(text[: found.start()]) or _TARGET.search(text[found.end() :])
    if target is None or _name(target[1]) not in ("°C", "°F") or _name(target[1]) == unit:
        return None
    five, nine, offset = Fraction(5), Fraction(9), Fraction(32)
    if unit == "°F":
        return worked(
            SKILL,
            lambda s: s.over(s.times(s.minus(value, offset), five), nine),
            lambda s: s.minus(s.over(s.times(value, five), nine), offset),
            lambda s: s.over(s.times(s.minus(value, offset), nine), five),
            show=show,
        )
    return worked(
        SKILL,
        lambda s: s.plus(s.over(s.times(value, nine), five), offset),
        lambda s: s.over(s.times(s.plus(value, offset), nine), five),
        lambda s: s.plus(s.over(s.times(value, five), nine), offset),
        show=show,
    )
