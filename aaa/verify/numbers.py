"""Numbers as people write them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

_LONGEST = 300
"""Characters of a number that is still read; ours."""
_SPACES = " \u00a0\u2009\u202f"
_CURRENCY = r"(?:US\$|R\$|[$€£¥₹₩₽]|\b(?:USD|EUR|GBP|CHF|Rs\.?)(?![^\W\d_]))"
_DIGITS = (
    r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?(?![,.]?\d)"  # 1,234.5
    r"|[1-9]\d{0,2}(?:\.\d{3})+,\d+(?![,.]?\d)"  # 1.234,5
    r"|[1-9]\d{0,2}(?:\.\d{3}){2,}(?![,.]?\d)"  # 1.234.567
    r"|[1-9]\d{0,2}(?:['’]\d{3})+(?:[.,]\d+)?(?!\d)"  # 1'234.5
    rf"|[1-9]\d{{0,2}}(?:[{_SPACES}]\d{{3}})+(?:[.,]\d+)?(?![\d/])"  # 1 234,5
    r"|\d+[.,]\d+(?![.,]?\d)"
    r"|\d+"
    r"|(?<!\d)\.\d+"
)
_NUMBER = re.compile(
    rf"(?<![^\W_])(?P<sign>[-−–](?:{_CURRENCY}\s?)?(?=[.\d]))?"
    rf"(?:(?P<whole>\d+)[{_SPACES}]+(?=\d+\s?/))?"
    rf"(?:(?P<over>\d+)\s?/\s?(?P<under>\d+)(?!\d|/\d)|(?P<digits>{_DIGITS}))"
    r"(?:[eE](?P<exponent>[-+−]?\d{1,3})(?!\w|\.\d))?"
    r"(?P<percent>\s?%)?"
)
_PREFIX = re.compile(r"(?:\W|\b(?:US|R|Rs|USD|EUR|GBP|CHF)\b)*")
_TEX_FRACTION = re.compile(r"(\d?)\s?\\[dt]?frac\s*\{\s*(\d+)\s*\}\s*\{\s*(\d+)\s*\}")
_VULGAR_FRACTION = re.compile(r"(\d?)([¼-¾⅐-⅞])")
_ASIDE = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Quantity:
    """A number in a text, with what stands around it."""

    value: Fraction
    percent: bool
    """Whether a percent sign follows; `value` is the number before it."""
    before: str
    after: str


def extract_number(text: str) -> Fraction | None:
    """The number that a final answer states, exactly; None where it states none. `25%` gives 25.

    Of several, the one after the last `=`; else the one the text begins with; else the last. Reads thousands
    separators (`1,234.5`, `1 234`, `1'234`, `1.234,5`), fractions (`3/4`, `1 3/4`, `½`, TeX), signs, exponents, and
    numbers between currency signs and units. `1,234` is a thousand, `1.234` and `3,5` are decimals.
    """
    found = find_quantity(text)
    return None if found is None else found.value


def find_quantity(text: str) -> Quantity | None:
    """The number that `extract_number` reads, with its surroundings."""
    tail = _plain(text).rsplit("=", 1)[-1]
    return _stated(_ASIDE.sub(" ", tail)) or _stated(tail) or _stated(_plain(text))


def _stated(text: str) -> Quantity | None:
    """The number `text` begins with, else its last one."""
    numbers = [match for match in _NUMBER.finditer(text) if len(match.group()) <= _LONGEST]
    if not numbers:
        return None
    first = numbers[0]
    chosen = first if _PREFIX.fullmatch(text, 0, first.start()) else numbers[-1]
    value = _value(chosen)
    if value is None:
        return None
    return Quantity(value, chosen["percent"] is not None, text[: chosen.start()], text[chosen.end() :])


def _plain(text: str) -> str:
    """`text` without the TeX that people put into numbers, and with `1½` written as `1 1/2`."""
    text = text.replace("{,}", ",").replace(r"\$", "$").replace(r"\%", "%").replace(r"\!", "").replace(r"\,", "\u2009")
    text = _TEX_FRACTION.sub(lambda match: _fraction(match[1], f"{match[2]}/{match[3]}"), text)
    return _VULGAR_FRACTION.sub(lambda match: _fraction(match[1], unicodedata.normalize("NFKC", match[2])), text)


def _fraction(whole: str, fraction: str) -> str:
    return (f"{whole} " if whole else "") + fraction.replace("\N{FRACTION SLASH}", "/")


def _value(match: re.Match[str]) -> Fraction | None:
    """The exact value; None for a division by zero."""
    if match["over"] is not None:
        if int(match["under"]) == 0:
            return None
        value = Fraction(int(match["over"]), int(match["under"])) + int(match["whole"] or 0)
    else:
        value = Fraction(_decimal(match["digits"]))
    if match["exponent"] is not None:
        value *= Fraction(10) ** int(match["exponent"].replace("−", "-"))
    return -value if match["sign"] else value


def _decimal(digits: str) -> str:
    """Digits with thousands separators removed, and a point for the decimals."""
    digits = re.sub(rf"['’{_SPACES}]", "", digits)
    comma, point = digits.rfind(","), digits.rfind(".")
    if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", digits):
        return digits.replace(",", "")
    if comma > point:
        return digits.replace(".", "").replace(",", ".")
    return digits.replace(".", "") if digits.count(".") > 1 else digits
