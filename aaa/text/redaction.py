"""Private data in texts: e-mail and network addresses, telephone, card and account numbers, keys (our design).

Patterns find what has the form of such data, no more: names and street addresses they do not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

_PEM = r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
_TOKENS = (
    r"sk-[A-Za-z0-9_-]{16,}",
    r"gh[pousr]_[A-Za-z0-9]{20,}",
    r"github_pat_[A-Za-z0-9_]{20,}",
    r"hf_[A-Za-z0-9]{20,}",
    r"xox[abprs]-[A-Za-z0-9-]{10,}",
    r"A[KS]IA[A-Z0-9]{16}",
    r"AIza[A-Za-z0-9_-]{30,}",
    r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",
)
_PREFIXES = (
    *("sk-", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "hf_"),
    *("xoxa", "xoxb", "xoxp", "xoxr", "xoxs", "AKIA", "ASIA", "AIza", "eyJ"),
)


def _luhn(digits: str) -> bool:
    """The check digit of card numbers (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def _card(found: str) -> bool:
    digits = re.sub(r"\D", "", found)
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and _luhn(digits)


def _iban(found: str) -> bool:
    """The check digits of account numbers (ISO 13616)."""
    text = found.replace(" ", "")
    turned = text[4:] + text[:4]
    return 15 <= len(text) <= 34 and int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def _ipv4(found: str) -> bool:
    """An address that is in use somewhere, and no version number or example of a mask."""
    parts = [int(part) for part in found.split(".")]
    return max(parts) <= 255 and parts[0] not in (0, 127, 255)


def _phone(found: str) -> bool:
    return 8 <= len(re.sub(r"\D", "", found)) <= 15


def _always(found: str) -> bool:
    return True


_DIGITS = tuple("0123456789")
_PATTERNS: tuple[tuple[str, tuple[str, ...], re.Pattern[str], Callable[[str], bool]], ...] = (
    ("KEY", ("-----BEGIN",), re.compile(_PEM, re.DOTALL), _always),
    ("KEY", _PREFIXES, re.compile(rf"(?<![A-Za-z0-9_-])(?:{'|'.join(_TOKENS)})"), _always),
    (
        "EMAIL",
        ("@",),
        re.compile(r"(?<![\w.+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}(?!\w)"),
        _always,
    ),
    (
        "IBAN",
        _DIGITS,
        re.compile(r"[A-Z](?<!\w[A-Z])[A-Z]\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)", re.ASCII),
        _iban,
    ),
    ("CARD", _DIGITS, re.compile(r"\d(?<![\w.]\d)(?:[ -]?\d){12,18}(?![\w])", re.ASCII), _card),
    (
        "PHONE",
        ("+", "00"),
        re.compile(r"(?<![\w+])(?<![0-9][ -])(?:\+|00)[1-9][0-9]{0,2}(?:[ .()/-]{0,2}[0-9]{1,4}){2,6}(?!\w)"),
        _phone,
    ),
    ("IP", _DIGITS, re.compile(r"\d(?<![\w.]\d)\d{0,2}\.(?:\d{1,3}\.){2}\d{1,3}(?![\w]|\.\d)", re.ASCII), _ipv4),
)
"""Kind, signs of which any such text has one, its form, and what holds of it too.

A form that begins with one set of letters, and looks back from there, is found faster than one that looks back first.
"""
KINDS = tuple(dict.fromkeys(kind for kind, *_ in _PATTERNS))
NOTHING: Mapping[str, int] = MappingProxyType({})


def redact(text: str) -> tuple[str, Mapping[str, int]]:
    """The text with `[EMAIL]`, `[PHONE]`, `[CARD]`, `[IBAN]`, `[IP]` and `[KEY]` in the place of such data.

    Also how many of each were replaced. Redacting again changes nothing.
    """
    counts: dict[str, int] = {}
    for kind, signs, pattern, holds in _PATTERNS:
        if not any(sign in text for sign in signs):
            continue

        def replaced(match: re.Match[str], kind: str = kind, holds: Callable[[str], bool] = holds) -> str:
            if not holds(match[0]):
                return match[0]
            counts[kind] = counts.get(kind, 0) + 1
            return f"[{kind}]"

        text = pattern.sub(replaced, text)
    return text, counts or NOTHING
