"""Personal data in texts, by rules: addresses, numbers with their checksums, keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Literal

PersonalData = Literal["email", "phone", "iban", "credit_card", "ip", "key"]

_EMAIL = re.compile(r"\b[\w.+-]{1,64}@(?!example\.)[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b")
_PHONE = re.compile(
    r"(?<![\w.+-])(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?(?:\d[ .-]?){6,12}\d|\(\d{3}\) ?\d{3}[-.]\d{4}|"
    r"\d{3}[-.]\d{3}[-.]\d{4})(?![\w-])"
)
_IBAN = re.compile(r"[A-Z](?<!\w[A-Z])[A-Z]\d{2}(?: ?[A-Z0-9]){11,30}\b")
_CARD = re.compile(r"\d(?<![\d.-]\d)[ -]?(?:\d[ -]?){11,17}\d(?![\d.-])")
_IP = re.compile(r"\d(?<![\w.]\d)\d{0,2}\.(?:\d{1,3}\.){2}\d{1,3}(?![\w.]*\d)")
_KEY = re.compile(
    r"\b(?:sk-[A-Za-z0-9_-]{20,}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,}|AIza[\w-]{35}|xox[baprs]-[\w-]{10,}|"
    r"hf_[A-Za-z0-9]{30,})|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
_KEY_SIGNS = ("sk-", "AKIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "AIza", "xox", "hf_", "-----BEGIN")
"""Any key has one of them."""
_DIGIT = re.compile(r"\d")
"""All else has one. A form that begins with one set of letters, and looks back from there, is found faster than one
that looks back first."""


def personal_data(text: str) -> Iterator[tuple[PersonalData, str]]:
    """Each find with its kind. Card numbers must pass Luhn's check and IBANs theirs (ISO 13616); private, loopback and
    documentation addresses are nobody's, and neither are mail addresses at `example.*`.
    """
    if "@" in text:
        yield from (("email", found) for found in _EMAIL.findall(text))
    if any(sign in text for sign in _KEY_SIGNS):
        yield from (("key", found) for found in _KEY.findall(text))
    if _DIGIT.search(text) is None:
        return
    yield from (("iban", found) for found in _IBAN.findall(text) if _is_iban(found.replace(" ", "")))
    yield from (("credit_card", found) for found in _CARD.findall(text) if _is_card(found))
    yield from (("ip", found) for found in _IP.findall(text) if _is_public(found))
    yield from (("phone", found) for found in _PHONE.findall(text))


def _is_iban(text: str) -> bool:
    return 15 <= len(text) <= 34 and int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1


def _is_card(text: str) -> bool:
    digits = [int(sign) for sign in text if sign.isdigit()]
    doubled = (digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2])
    return digits[0] in (2, 3, 4, 5, 6) and len(set(digits)) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_public(text: str) -> bool:
    try:
        return ip_address(text).is_global
    except ValueError:
        return False
