"""Sums in words and signs: "84 × 37", "15 percent of 640", "take 48, halve it, add 17 and multiply the result by 3".

Spoken forms are rewritten, innermost first, into nodes of an expression; a text is a sum when nothing is left but one
node and words that sums are asked with.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import isqrt

from aaa.sim.skills.base import Sheet, Solution, worked
from aaa.sim.skills.numbers import NUMBER, decimal, figures, fraction, places_asked, ratio, rounded, without_places

SKILL = "arithmetic"
Node = Callable[[Sheet], Fraction]
_O = rf"(@\d+|-?(?:{NUMBER}))"
_LIST = rf"((?:@\d+|{NUMBER})(?:(?:, and |,| and )\s*(?:@\d+|{NUMBER}))+)"
_IT = r"(?:it|that|this|the result)"
_LINK = r"\s*[,;.]?\s*(?:and then|then|and|next)?[, ]*"
_ASKING = frozenset(
    [
        "a",
        "add",
        "an",
        "and",
        "answer",
        "are",
        "arrive",
        "as",
        "at",
        "away",
        "by",
        "calculate",
        "can",
        "come",
        "compute",
        "could",
        "do",
        "does",
        "end",
        "equal",
        "equals",
        "evaluate",
        "exact",
        "exactly",
        "final",
        "find",
        "first",
        "for",
        "form",
        "fraction",
        "from",
        "get",
        "gives",
        "give",
        "got",
        "have",
        "how",
        "i",
        "if",
        "in",
        "is",
        "it",
        "just",
        "know",
        "left",
        "lowest",
        "make",
        "makes",
        "me",
        "much",
        "my",
        "need",
        "now",
        "number",
        "numbers",
        "obtain",
        "of",
        "on",
        "only",
        "out",
        "over",
        "please",
        "quick",
        "reach",
        "remains",
        "result",
        "s",
        "see",
        "show",
        "simplest",
        "solve",
        "start",
        "steps",
        "sum",
        "take",
        "tell",
        "terms",
        "that",
        "the",
        "then",
        "there",
        "this",
        "to",
        "total",
        "up",
        "value",
        "want",
        "we",
        "what",
        "when",
        "where",
        "which",
        "with",
        "work",
        "working",
        "would",
        "write",
        "you",
        "your",
    ]
)
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
MAX_POWER = 64
"""Ours: beyond it a power is no longer a sum that anybody works out on paper."""


@dataclass
class _Text:
    """A text in which expressions that were read are replaced by `@index`."""

    text: str
    nodes: list[Node] = field(default_factory=list)

    def node(self, operand: str) -> Node:
        if operand.startswith("@"):
            return self.nodes[int(operand[1:])]
        value = -fraction(operand[1:]) if operand.startswith("-") else fraction(operand)
        return lambda _: value

    def listed(self, operands: str) -> list[Node]:
        return [self.node(part) for part in re.findall(rf"@\d+|{NUMBER}", operands)]

    def put(self, node: Node) -> str:
        self.nodes.append(node)
        return f"@{len(self.nodes) - 1}"


def _binary(operation: Callable[[Sheet, Fraction, Fraction], Fraction], left: Node, right: Node) -> Node:
    return lambda sheet: operation(sheet, left(sheet), right(sheet))


def _power(base: Node, exponent: Node) -> Node:
    def work(sheet: Sheet) -> Fraction:
        value, times = base(sheet), exponent(sheet)
        if times.denominator != 1 or not 0 <= times <= MAX_POWER:
            raise ValueError(f"power {times}")
        return sheet.fact(f"{decimal(value)}^{times}", value**times.numerator)

    return work


def _root(of: Node) -> Node:
    def work(sheet: Sheet) -> Fraction:
        value = of(sheet)
        if value.denominator != 1 or value < 0 or isqrt(value.numerator) ** 2 != value:
            raise ValueError(f"root of {value}")
        return sheet.fact(f"√{decimal(value)}", Fraction(isqrt(value.numerator)))

    return work


def _mean(parts: list[Node]) -> Node:
    return lambda sheet: sheet.over(sheet.total([part(sheet) for part in parts]), Fraction(len(parts)))


def _product(parts: list[Node]) -> Node:
    first, *others = parts
    for other in others:
        first = _binary(Sheet.times, first, other)
    return first


def _constant(value: Fraction) -> Node:
    return lambda _: value


def _series(low: Node, high: Node) -> Node:
    """The sum of the whole numbers from low to high: pairs of equal sum."""

    def work(sheet: Sheet) -> Fraction:
        first, last = low(sheet), high(sheet)
        count = sheet.plus(sheet.minus(last, first, "How many numbers"), Fraction(1))
        return sheet.over(sheet.times(sheet.plus(first, last), count), Fraction(2))

    return work


def _sum(parts: list[Node]) -> Node:
    return lambda sheet: sheet.total([part(sheet) for part in parts])


def _percent(share: Node, whole: Node) -> Node:
    return lambda sheet: sheet.over(sheet.times(whole(sheet), share(sheet)), Fraction(100))


_PARTS = {"half": (1, 2), "a third": (1, 3), "one third": (1, 3), "two thirds": (2, 3), "a quarter": (1, 4)}
_PARTS |= {"2 thirds": (2, 3), "three quarters": (3, 4), "3 quarters": (3, 4), "a fifth": (1, 5), "a tenth": (1, 10)}
_PARTS |= {"one quarter": (1, 4), "one half": (1, 2), "one fifth": (1, 5)}
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))


def _part(text: _Text, match: re.Match[str]) -> Node:
    above, below = _PARTS[match[1].lower()]
    whole = text.node(match[2])
    if above == 1:
        return _binary(Sheet.over, whole, _constant(Fraction(below)))
    return lambda sheet: sheet.times(sheet.over(whole(sheet), Fraction(below)), Fraction(above))


Form = tuple[re.Pattern[str], Callable[[_Text, re.Match[str]], Node]]


def _form(pattern: str, build: Callable[[_Text, re.Match[str]], Node]) -> Form:
    return re.compile(pattern, re.IGNORECASE), build


def _two(operation: Callable[[Sheet, Fraction, Fraction], Fraction], *, swap: bool = False) -> Callable[..., Node]:
    def build(text: _Text, match: re.Match[str]) -> Node:
        left, right = text.node(match[1]), text.node(match[2])
        return _binary(operation, right, left) if swap else _binary(operation, left, right)

    return build


def _times(factor: Fraction) -> Callable[[_Text, re.Match[str]], Node]:
    return lambda text, match: _binary(Sheet.times, text.node(match[1]), _constant(factor))


def _halved(text: _Text, match: re.Match[str]) -> Node:
    return _binary(Sheet.over, text.node(match[1]), _constant(Fraction(2)))


def _squared(text: _Text, match: re.Match[str]) -> Node:
    return _power(text.node(match[1]), _constant(Fraction(2)))


FORMS: tuple[Form, ...] = (
    _form(
        rf"(?:sum of )?(?:all )?(?:the )?(?:whole|natural) numbers from {_O} (?:up )?to {_O}",
        lambda t, m: _series(t.node(m[1]), t.node(m[2])),
    ),
    _form(rf"(?:the )?square root of {_O}", lambda t, m: _root(t.node(m[1]))),
    _form(rf"{_O} squared", _squared),
    _form(rf"{_O} cubed", lambda t, m: _power(t.node(m[1]), _constant(Fraction(3)))),
    _form(rf"(?:the )?(?:average|mean) of {_LIST}", lambda t, m: _mean(t.listed(m[1]))),
    _form(rf"(?:the )?sum of {_LIST}", lambda t, m: _sum(t.listed(m[1]))),
    _form(rf"(?:the )?product of {_LIST}", lambda t, m: _product(t.listed(m[1]))),
    _form(rf"(?:the )?difference (?:between|of) {_O} and {_O}", _two(Sheet.minus)),
    _form(rf"{_O} ?(?:percent|per cent|%) of {_O}", lambda t, m: _percent(t.node(m[1]), t.node(m[2]))),
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
_SIGNED = re.compile(rf"(?:\(\s*)*-?(?:@\d+|{NUMBER})(?:[\s()]*[-+*/^][\s()]*-?\s?(?:@\d+|{NUMBER}))+(?:\s*\))*")
_TOKEN = re.compile(rf"\s*(@\d+|{NUMBER}|[-+*/^()])")


class _Parser:
    """Recursive descent over signs: sum, product, power, operand. Raises ValueError for what is no expression."""

    def __init__(self, text: _Text, expression: str) -> None:
        self._text, self._at = text, 0
        self._tokens = _TOKEN.findall(expression)

    def parse(self) -> Node:
        node = self._sum()
        if self._at != len(self._tokens):
            raise ValueError("left over")
        return node

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._next()
        self._at += 1
        return token

    def _sum(self) -> Node:
        node = self._product()
        while (sign := self._next()) in ("+", "-"):
            self._at += 1
            node = _binary(Sheet.plus if sign == "+" else Sheet.minus, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._power()
        while (sign := self._next()) in ("*", "/"):
            self._at += 1
            node = _binary(Sheet.times if sign == "*" else Sheet.over, node, self._power())
        return node

    def _power(self) -> Node:
        base = self._operand()
        if self._next() != "^":
            return base
        self._at += 1
        return _power(base, self._power())

    def _operand(self) -> Node:
        token = self._take()
        if token == "(":
            node = self._sum()
            if self._take() != ")":
                raise ValueError("unclosed")
            return node
        if token == "-":
            negated = self._operand()
            return lambda sheet: -negated(sheet)
        if not token or token in "+*/^)":
            raise ValueError(f"operand {token!r}")
        return self._text.node(token)


def solve(text: str) -> Solution | None:
    """The solution of a text that is nothing but a sum."""
    if len(text) > MAX_LENGTH:
        return None
    spoken = figures(without_places(text).translate(_SIGNS))
    for pattern, sign in _WORDS:
        spoken = pattern.sub(sign, spoken)
    try:
        node = _read(_Text(spoken))
        if node is None:
            return None
        places = places_asked(text)
        exact = ratio if re.search(r"\bfraction\b", text, re.IGNORECASE) else decimal
        show = exact if places is None else lambda value: rounded(value, places)
        return worked(SKILL, node, show=show, lines=exact)
    except (ValueError, ZeroDivisionError, RecursionError):
        return None


def _read(text: _Text) -> Node | None:
    while (found := _rewrite(text)) is not None:
        text.text = found
    words = re.findall(r"[a-z]+", re.sub(r"@\d+", " ", text.text.lower()))
    numbers = re.findall(r"@\d+|\d+", text.text)
    if len(numbers) == 1 and numbers[0].startswith("@") and set(words) <= _ASKING:
        return text.node(numbers[0])
    return None


def _rewrite(text: _Text) -> str | None:
    """The text with one more expression read, or None where none is left. Signs bind closer than words."""
    if match := _SIGNED.search(text.text):
        return _replaced(text, match, _Parser(text, match[0]).parse())
    for pattern, build in FORMS:
        if match := pattern.search(text.text):
            return _replaced(text, match, build(text, match))
    # What is done one after the other is read from the left.
    links = [(match.start(), match, build) for pattern, build in CHAIN if (match := pattern.search(text.text))]
    if not links:
        return None
    _, match, build = min(links, key=lambda link: link[0])
    return _replaced(text, match, build(text, match))


def _replaced(text: _Text, match: re.Match[str], node: Node) -> str:
    return " ".join(f"{text.text[: match.start()]} {text.put(node)} {text.text[match.end() :]}".split())
