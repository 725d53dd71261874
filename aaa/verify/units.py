"""Units that an answer may carry."""

from __future__ import annotations

import re
from fractions import Fraction

_SPELLINGS = (
    "km kilometer kilometers kilometre kilometres",
    "m meter meters metre metres",
    "cm centimeter centimeters centimetre centimetres",
    "mm millimeter millimeters millimetre millimetres",
    "mi mile miles",
    "ft foot feet",
    "inch inches",
    "yd yard yards",
    "kg kilogram kilograms kilo kilos",
    "g gram grams",
    "mg milligram milligrams",
    "lb lbs pound pounds",
    "oz ounce ounces",
    "t ton tons tonne tonnes",
    "l liter liters litre litres",
    "ml milliliter milliliters millilitre millilitres",
    "s sec secs second seconds",
    "min mins minute minutes",
    "h hr hrs hour hours",
    "day days",
    "week weeks",
    "month months",
    "year years",
    "°c celsius",
    "°f fahrenheit",
    "% percent",
    "$ usd dollar dollars",
    "€ eur euro euros",
    "£ gbp",
    "cent cents",
    "km/h kmh kph",
    "m/s",
    "mph",
)
"""Spellings of one unit to a line; ours, the everyday ones. `in` is left out: it is a word before it is a unit."""
_SIZES: tuple[dict[str, str], ...] = (
    {
        "km": "1000", "m": "1", "cm": "0.01", "mm": "0.001", "mi": "1609.344", "yd": "0.9144", "ft": "0.3048",
        "inch": "0.0254",
    },
    {"t": "1000", "kg": "1", "g": "0.001", "mg": "0.000001", "lb": "0.45359237", "oz": "0.028349523125"},
    {"l": "1", "ml": "0.001"},
    {"week": "604800", "day": "86400", "h": "3600", "min": "60", "s": "1"},
    {"km/h": "5/18", "m/s": "1", "mph": "0.44704"},
    {"$": "1", "cent": "0.01"},
)  # fmt: skip
"""Units of one kind, each with its exact size (international yard and pound, 1959). Left out: months and years, which
vary, and temperatures, whose scales begin at different points; `t` is the tonne."""
_NAME = {spelling: line.split()[0] for line in _SPELLINGS for spelling in line.split()}
_POWERS = str.maketrans("²³", "23")
_AFTER = re.compile(r"\s*-?(%|°\s?[^\W\d_]|[^\W\d_]+(?:/[^\W\d_]+|\^?[23²³])?|[$€£])")
_BEFORE = re.compile(r"([$€£]|\b(?:USD|EUR|GBP))\s*$")


def factor_to(wanted: str, before: str, after: str) -> Fraction | None:
    """By what to multiply a number between `before` and `after` to have it in the unit `wanted`; None where it carries
    a unit that is no other size of the same thing.

    A number without a unit, or followed by a word that is no unit we know, is taken as it is: it may be `18 in total`.
    """
    name = _name(wanted)
    for match in (_BEFORE.search(before), _AFTER.match(after)):
        if match is not None:
            found = _name(match.group(1))
            base = re.split(r"[/23]", found)[0]
            if found != name and (found in _NAME.values() or base in _NAME):
                return _ratio(found, name)
    return Fraction(1)


def _ratio(of: str, to: str) -> Fraction | None:
    """How many of one unit make up one of the other; None where they measure different things."""
    for sizes in _SIZES:
        if of in sizes and to in sizes:
            return Fraction(sizes[of]) / Fraction(sizes[to])
    return None


def _name(unit: str) -> str:
    """One name for all spellings of a unit."""
    spelling = re.sub(r"[\s^]", "", unit.strip().rstrip(".")).translate(_POWERS).casefold()
    return _NAME.get(spelling, spelling)
