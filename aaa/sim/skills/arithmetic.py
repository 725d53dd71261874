"""Sums in words and signs: "84 × 37", "15 percent of 640", "take 48, halve it, add 17 and multiply the result by 3".

Spoken forms are rewritten, innermost first, into nodes of an expression; a text is a sum when nothing is left but one
node and words that sums are asked with.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from aaa.sim.skills.base import Sheet, Solution, worked
from aaa.sim.skills.expressions import (
    SIGNED,
    Draft,
    Node,
    Operation,
    Parser,
    binary,
    constant,
    mean,
    percent,
    power,
    product,
    root,
    series,
    total,
)
from aaa.sim.skills.numbers import NUMBER, decimal, figures, places_asked, ratio, rounded, without_places

SKILL = "arithmetic"
_O = rf"(@\d+|-?(?:{NUMBER}))"
_LIST = rf"((?:@\d+|{NUMBER})(?:(?:, and |,| and )\s*(?:@\d+|{NUMBER}))+)"
_IT = r"(?:it|that|this|the result)"
_LINK = r"\s*[,;.]?\s*(?:and then|then|and|next)?[, ]*"
_ASKING_WORDS = """
    a add an and answer are arrive as at away by calculate can come compute could do does end equal equals evaluate
    exact exactly final find first for form fraction from get gives give got have how i if in is it just know left
    lowest make makes me much my need now number numbers obtain of on only out over please quick reach remains
    result s see show simplest solve start steps sum take tell terms that the then there this to total up value want
    we what when where which with work working would write you your
"""
_ASKING = frozenset(_ASKING_WORDS.split())
"""Words that sums are asked with; any other word makes the text something else than a sum."""
_SIGNS = str.maketrans({"−": "-", "–": "-", "·": "*", "×": "*", "÷": "/", "√": " square root of ", "?": " ", "!": " "})
_WORDS = (
    (re.compile(r"\bplus\b", re.IGNORECASE), "+"),
    (re.compile(r",?\s*\bminus\b", re.IGNORECASE), " -"),
    (re.compile(r"\b(?:times|multiplied by)\b", re.IGNORECASE), "*"),
    (re.compile(r"\bdivided by\b(?=\s*[-(@\d])", re.IGNORECASE), "/"),
    (re.compile(r"\b(?:to the power of|raised to)\b", re.IGNORECASE), "^"),
    (re.compile(r"(?<=\d) x (?=\d)"), " * "),
    (re.compile(r"\*\*"), "^"),
)
MAX_LENGTH = 400
"""Ours, in characters: longer texts are no sums."""

_PARTS = {
    **dict.fromkeys(("half", "one half"), (1, 2)),
    **dict.fromkeys(("a third", "one third"), (1, 3)),
    **dict.fromkeys(("two thirds", "2 thirds"), (2, 3)),
    **dict.fromkeys(("a quarter", "one quarter"), (1, 4)),
    **dict.fromkeys(("three quarters", "3 quarters"), (3, 4)),
    **dict.fromkeys(("a fifth", "one fifth"), (1, 5)),
    "a tenth": (1, 10),
}
"""Spoken shares; a text whose numbers were put in figures says "2 thirds"."""
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))


def _part(text: Draft, match: re.Match[str]) -> Node:
    above, below = _PARTS[match[1].lower()]
    whole = text.node(match[2])
    if above == 1:
        return binary(Sheet.over, whole, constant(Fraction(below)))
    return lambda sheet: sheet.times(sheet.over(whole(sheet), Fraction(below)), Fraction(above))


Form = tuple[re.Pattern[str], Callable[[Draft, re.Match[str]], Node]]


def _form(pattern: str, build: Callable[[Draft, re.Match[str]], Node]) -> Form:
    return re.compile(pattern, re.IGNORECASE), build


def _two(operation: Operation, *, swap: bool = False) -> Callable[..., Node]:
    def build(text: Draft, match: re.Match[str]) -> Node:
        left, right = text.node(match[1]), text.node(match[2])
        return binary(operation, right, left) if swap else binary(operation, left, right)

    return build


def _times(factor: Fraction) -> Callable[[Draft, re.Match[str]], Node]:
    return lambda text, match: binary(Sheet.times, text.node(match[1]), constant(factor))


def _halved(text: Draft, match: re.Match[str]) -> Node:
    return binary(Sheet.over, text.node(match[1]), constant(Fraction(2)))


def _squared(text: Draft, match: re.Match[str]) -> Node:
    return power(text.node(match[1]), constant(Fraction(2)))


FORMS: tuple[Form, ...] = (
    _form(
        rf"(?:sum of )?(?:all )?(?:the )?(?:whole|natural) numbers from {_O} (?:up )?to {_O}",
        lambda t, m: series(t.node(m[1]), t.node(m[2])),
    ),
    _form(rf"(?:the )?square root of {_O}", lambda t, m: root(t.node(m[1]))),
    _form(rf"{_O} squared", _squared),
    _form(rf"{_O} cubed", lambda t, m: power(t.node(m[1]), constant(Fraction(3)))),
    _form(rf"(?:the )?(?:average|mean) of {_LIST}", lambda t, m: mean(t.listed(m[1]))),
    _form(rf"(?:the )?sum of {_LIST}", lambda t, m: total(t.listed(m[1]))),
    _form(rf"(?:the )?product of {_LIST}", lambda t, m: product(t.listed(m[1]))),
    _form(rf"(?:the )?difference (?:between|of) {_O} and {_O}", _two(Sheet.minus)),
    _form(rf"{_O} ?(?:percent|per cent|%) of {_O}", lambda t, m: percent(t.node(m[1]), t.node(m[2]))),
    _form(rf"\b({_PART}) of {_O}", _part),
    _form(rf"\b(?:double|twice) {_O}", _times(Fraction(2))),
    _form(rf"\bhalve {_O}", _halved),
    _form(
        rf"remainder (?:is left )?(?:when|if|of) {_O} (?:is |divided )?(?:divided )?(?:by|/) ?{_O}", _two(Sheet.rest)
    ),
    _form(rf"{_O} (?:mod|modulo) {_O}", _two(Sheet.rest)),
    _form(rf"\b(?:divide|share) {_O} by {_O}", _two(Sheet.over)),
    _form(rf"\bmultiply {_O} (?:by|with|and) {_O}", _two(Sheet.times)),
    _form(rf"\b(?:subtract|take(?: away)?) {_O} (?:away )?from {_O}", _two(Sheet.minus, swap=True)),
    _form(rf"\badd {_O} (?:and|to) {_O}", _two(Sheet.plus)),
)
CHAIN: tuple[Form, ...] = (
    _form(rf"{_O}{_LINK}(?:add|plus) {_O}", _two(Sheet.plus)),
    _form(rf"{_O}{_LINK}(?:subtract|take away|minus) {_O}", _two(Sheet.minus)),
    _form(rf"{_O}{_LINK}multiply (?:{_IT} )?by {_O}", _two(Sheet.times)),
    _form(rf"{_O}{_LINK}divide (?:{_IT} )?by {_O}", _two(Sheet.over)),
    _form(rf"{_O}{_LINK}double {_IT}", _times(Fraction(2))),
    _form(rf"{_O}{_LINK}triple {_IT}", _times(Fraction(3))),
    _form(rf"{_O}{_LINK}halve {_IT}", _halved),
    _form(rf"{_O}{_LINK}square {_IT}", _squared),
)


def solve(text: str) -> Solution | None:
    """The solution of a text that is nothing but a sum."""
    if len(text) > MAX_LENGTH or "@" in text:  # which stands for what was read already, and for nothing in a sum
        return None
    spoken = figures(without_places(text).translate(_SIGNS))
    for pattern, sign in _WORDS:
        spoken = pattern.sub(sign, spoken)
    try:
        node = _read(Draft(spoken))
        if node is None:
            return None
        places = places_asked(text)
        exact = ratio if re.search(r"\bfraction\b", text, re.IGNORECASE) else decimal
        show = exact if places is None else lambda value: rounded(value, places)
        return worked(SKILL, node, show=show, lines=exact)
    except (ValueError, ZeroDivisionError, RecursionError):
        return None


def _read(text: Draft) -> Node | None:
    while (found := _rewrite(text)) is not None:
        text.text = found
    words = re.findall(r"[a-z]+", re.sub(r"@\d+", " ", text.text.lower()))
    numbers = re.findall(r"@\d+|\d+", text.text)
    if len(numbers) == 1 and numbers[0].startswith("@") and set(words) <= _ASKING:
        return text.node(numbers[0])
    return None


def _rewrite(text: Draft) -> str | None:
    """The text with one more expression read, or None where none is left. Signs bind closer than words."""
    if match := SIGNED.search(text.text):
        return _replaced(text, match, Parser(text, match[0]).parse())
    for pattern, build in FORMS:
        if match := pattern.search(text.text):
            return _replaced(text, match, build(text, match))
    # What is done one after the other is read from the left.
    links = [(match.start(), match, build) for pattern, build in CHAIN if (match := pattern.search(text.text))]
    if not links:
        return None
    _, match, build = min(links, key=lambda link: link[0])
    return _replaced(text, match, build(text, match))


def _replaced(text: Draft, match: re.Match[str], node: Node) -> str:
    return " ".join(f"{text.text[: match.start()]} {text.put(node)} {text.text[match.end() :]}".split())
