"""Units that an answer may carry."""

from __future__ import annotations

import re

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
_NAME = {spelling: line.split()[0] for line in _SPELLINGS for spelling in line.split()}
_POWERS = str.maketrans("²³", "23")
_AFTER = re.compile(r"\s*-?(%|°\s?[^\W\d_]|[^\W\d_]+(?:/[^\W\d_]+|\^?[23²³])?|[$€£])")
_BEFORE = re.compile(r"([$€£]|\b(?:USD|EUR|GBP))\s*$")


def is_other_unit(before: str, after: str, wanted: str) -> bool:
    """Whether a number between `before` and `after` carries a unit other than `wanted`.

    A number without a unit, or followed by a word that is no unit we know, passes: it may be `18 in total`.
    """
    name = _name(wanted)
    for match in (_BEFORE.search(before), _AFTER.match(after)):
        if match is not None:
            found = _name(match.group(1))
            base = re.split(r"[/23]", found)[0]
            if found != name and (found in _NAME.values() or base in _NAME):
                return True
    return False


def _name(unit: str) -> str:
    """One name for all spellings of a unit."""
    spelling = re.sub(r"[\s^]", "", unit.strip().rstrip(".")).translate(_POWERS).casefold()
    return _NAME.get(spelling, spelling)
