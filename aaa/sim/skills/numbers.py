"""Numbers in text: reading and writing them."""

from __future__ import annotations

import re
from fractions import Fraction
from math import floor

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
"""A number as English text writes it; use inside a group."""

_SMALL_NUMBERS = """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen
"""
_SMALL = _SMALL_NUMBERS.split()
_UNITS = {word: value for value, word in enumerate(_SMALL, start=2)} | {"one": 1}
_TENS = {
    word: value * 10
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_TEN = "|".join(_TENS)
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
# A lone "one" is more often a pronoun than a number.
_SPELT = re.compile(rf"\b(?:(?P<ten>{_TEN})(?:[- ](?P<unit>{_UNIT}))?|(?P<alone>{'|'.join(_SMALL)}))\b", re.IGNORECASE)
_SCALE = re.compile(r"\b(?:(\d+)|an?)(?: |-)(dozen|hundred|thousand)\b", re.IGNORECASE)
_FACTOR = {"dozen": 12, "hundred": 100, "thousand": 1000}


def fraction(text: str) -> Fraction:
    """The value of a number as `NUMBER` finds it."""
    return Fraction(text.replace(",", ""))


def figures(text: str) -> str:
    """The text with spelt-out numbers (two to ninety-nine, dozens, hundreds, thousands) in figures."""

    def value(match: re.Match[str]) -> str:
        if match["alone"]:
            return str(_UNITS[match["alone"].lower()])
        unit = _UNITS[match["unit"].lower()] if match["unit"] else 0
        return str(_TENS[match["ten"].lower()] + unit)

    def scaled(match: re.Match[str]) -> str:
        return str(int(match[1] or 1) * _FACTOR[match[2].lower()])

    return _SCALE.sub(scaled, _SPELT.sub(value, text))


def decimal(value: Fraction) -> str:
    """A number in figures: exact where it ends after at most six places, else rounded to four."""
    if value.denominator == 1:
        return str(value.numerator)
    if (value * 10**6).denominator == 1:
        return rounded(value, 6).rstrip("0")
    return rounded(value, 4)


def rounded(value: Fraction, places: int) -> str:
    """The number rounded half up (away from zero) to a number of places."""
    digits = str(floor(abs(value) * 10**places + Fraction(1, 2))).zfill(places + 1)
    sign = "-" if value < 0 and digits.strip("0") else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def money(value: Fraction) -> str:
    """An amount: whole, or with two places."""
    return str(value.numerator) if value.denominator == 1 else rounded(value, 2)


def ratio(value: Fraction) -> str:
    """A fraction in lowest terms."""
    return f"{value.numerator}/{value.denominator}" if value.denominator != 1 else str(value.numerator)


_PLACES = re.compile(
    r"\b(?:to|with) (\d+|one|two|three|four) (?:decimal places?|decimals?|places?)\b"
    r"|\bnearest (whole|tenth|hundredth|integer|degree|cent)\b",
    re.IGNORECASE,
)
_ROUNDING = re.compile(
    rf",? ?\b(?:and )?(?:round(?:ed)?|correct)?(?: (?:it|the result|your answer))?"
    rf" ?(?:to )?(?:the )?(?:{_PLACES.pattern})(?: number)?",
    re.IGNORECASE,
)
_NAMED_PLACES = {"whole": 0, "integer": 0, "degree": 0, "tenth": 1, "hundredth": 2, "cent": 2}
_SPELT_PLACES = {"one": 1, "two": 2, "three": 3, "four": 4}


def without_places(text: str) -> str:
    """The text without the words that say how to round."""
    return _ROUNDING.sub(" ", text)


def places_asked(text: str) -> int | None:
    """To how many places the text wants its result rounded, if it says so."""
    if (match := _PLACES.search(text)) is None:
        return None
    if match[2]:
        return _NAMED_PLACES[match[2].lower()]
    return _SPELT_PLACES.get(match[1].lower()) or int(match[1])
