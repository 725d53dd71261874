"""Everyday sums told as a story: buying, travelling, sharing, saving, rates, ages, areas.

Each kind of story is a pattern over the text with spelt-out numbers in figures, and a working over what it caught.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from aaa.sim.skills.base import Sheet, Solution, Work, worked
from aaa.sim.skills.numbers import NUMBER, decimal, figures, fraction, money

SKILL = "word_problems"
HUNDRED = Fraction(100)
MAX_LENGTH = 800
"""Ours, in characters; it bounds the search for patterns, as does the next."""
MAX_NUMBERS = 12
_NUMBERS = re.compile(NUMBER)
Caught = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Story:
    """A kind of story. In a pattern `{a}` stands for a number named a, `{$a}` for an amount, `…` for any words."""

    pattern: re.Pattern[str]
    work: Callable[[Caught], Work]
    misreadings: tuple[Callable[[Caught], Work], ...] = ()


def _story(
    pattern: str, work: Callable[[Sheet, Caught], Fraction], *misread: Callable[[Sheet, Caught], Fraction]
) -> Story:
    spelt = re.sub(r"\{\$([a-z])\}", r"[$€£]?\\s?{\1}(?: (?:dollars?|euros?|pounds?)\\b)?", pattern)
    spelt = re.sub(r"\{([a-z])\}", lambda name: f"(?P<{name[1]}>{NUMBER})", spelt).replace("…", ".*?")

    def bind(function: Callable[[Sheet, Caught], Fraction]) -> Callable[[Caught], Work]:
        return lambda caught: lambda sheet: function(sheet, caught)

    return Story(re.compile(spelt, re.IGNORECASE), bind(work), tuple(map(bind, misread)))


def _change(s: Sheet, n: Caught) -> Fraction:
    return s.minus(n["c"], s.times(n["a"], n["b"], "Cost"), "Change")


def _mixed_cost(s: Sheet, n: Caught) -> Fraction:
    first = s.times(n["c"], n["a"], "First kind")
    return s.plus(first, s.times(n["d"], n["b"], "Second kind"), "Together")


def _vehicles(s: Sheet, n: Caught) -> Fraction:
    full = s.whole(n["b"], n["a"], "Full ones")
    left = s.minus(n["b"], s.times(full, n["a"], "Seated"), "Left over")
    return s.plus(full, Fraction(1), "One more for the rest") if left > 0 else full


def _discounted(s: Sheet, n: Caught) -> Fraction:
    off = s.over(s.times(n["a"], n["b"]), HUNDRED, "Discount")
    return s.minus(n["a"], off, "Price")


def _discount_only(s: Sheet, n: Caught) -> Fraction:
    return s.over(s.times(n["a"], n["b"]), HUNDRED, "Discount")


def _taxed(s: Sheet, n: Caught) -> Fraction:
    return s.plus(n["a"], s.over(s.times(n["a"], n["b"]), HUNDRED, "Tax"), "Price with tax")


def _interest(s: Sheet, n: Caught) -> Fraction:
    yearly = s.over(s.times(n["b"], n["a"]), HUNDRED, "Interest of one year")
    return s.times(yearly, n["c"], "All years")


def _machines(s: Sheet, n: Caught) -> Fraction:
    rate = s.over(s.over(n["b"], n["a"], "One machine"), n["c"], "One machine in one hour")
    return s.times(s.times(rate, n["d"]), n["e"])


def _needed_score(s: Sheet, n: Caught) -> Fraction:
    have = s.total([n["a"], n["b"], n["c"]], "So far")
    return s.minus(s.times(n["d"], Fraction(4), "Needed in all"), have, "Still to get")


def _scaled(s: Sheet, n: Caught) -> Fraction:
    return s.times(s.over(n["b"], n["a"], "For one"), n["c"], "For all")


def _saving(s: Sheet, n: Caught) -> Fraction:
    return s.over(s.minus(n["c"], n["b"], "Still missing"), n["a"], "Weeks")


def _around(s: Sheet, n: Caught) -> Fraction:
    return s.times(Fraction(2), s.plus(n["a"], n["b"], "Length and width"))


def _covered(s: Sheet, n: Caught) -> Fraction:
    return s.times(s.times(n["a"], n["b"], "Area"), n["c"], "Cost")


STORIES: tuple[Story, ...] = (
    _story(r"{a} [a-z ]+? (?:at|for) {$b} (?:each|apiece|a piece)…(?:pays|paid|hands over|gives)…{$c}…change", _change),
    _story(
        r"{$a}[^.]*? for adults? and {$b}[^.]*? for (?:children|kids|a child)…{c} adults? and {d} (?:children|kids)",
        _mixed_cost,
    ),
    _story(
        r"(?:costs?|is) {$a},? (?:and|while) [a-z ]+?(?:costs? )?{$b}\.…(?:for|cost|buys?|pay for) {c} [a-z]+ and {d} ",
        _mixed_cost,
    ),
    _story(
        r"{a} (?:km/h|kilomet\w+ (?:an|per) hour|mph|miles (?:an|per) hour) for {b} hours?…how (?:many|far)",
        lambda s, n: s.times(n["a"], n["b"], "Distance"),
        lambda s, n: s.plus(n["a"], n["b"]),
    ),
    _story(
        r"{a} (?:km|kilomet\w+|miles)\b[^.]*? {b} (?:km/h|kilomet\w+ (?:an|per) hour|mph)…(?:how many hours|how long)",
        lambda s, n: s.over(n["a"], n["b"], "Time"),
        lambda s, n: s.minus(n["a"], n["b"]),
    ),
    _story(
        r"{a} [a-z]+ share {b} [a-z ]+?(?:equally|evenly|fairly)…(?:stay|left|remain)",
        lambda s, n: s.rest(n["b"], n["a"], "Left over"),
        lambda s, n: s.whole(n["b"], n["a"], "Each gets"),
    ),
    _story(
        r"(?:marked|priced|costs?|sold) (?:at )?{$a}…{b} ?(?:%|percent) (?:off|discount|less)",
        _discounted,
        _discount_only,
    ),
    _story(r"costs? {$a} (?:before|without|plus) tax…{b} ?(?:%|percent)", _taxed, _discount_only),
    _story(
        r"{a} years? older than…(?:is|has just turned) {b}\.…how old…in {c} years",
        lambda s, n: s.plus(s.plus(n["b"], n["a"], "Today"), n["c"], "Later"),
        lambda s, n: s.plus(s.minus(n["b"], n["a"], "Today"), n["c"], "Later"),
        lambda s, n: s.plus(n["b"], n["a"], "Age"),
    ),
    _story(
        r"{a} rows (?:of|with) {b} [a-z]+…{c} [a-z ]+(?:broken|taken|missing|reserved|out of order)",
        lambda s, n: s.minus(s.times(n["a"], n["b"], "All"), n["c"], "Left"),
        lambda s, n: s.times(n["a"], n["b"], "All"),
    ),
    _story(
        r"(?:each|every|a|one) \w+ (?:holds?|takes|carries|seats|fits)"
        r" (?:up to )?{a} [a-z]+\.?…how many…(?:needed|necessary|required)[^.?]*? {b}",
        _vehicles,
        lambda s, n: s.whole(n["b"], n["a"], "Rounded down"),
    ),
    _story(
        r"(?:each|every|a|one) \w+ (?:holds?|takes|carries|seats|fits)"
        r" {a} [a-z]+\.?…how many [a-z]+ (?:are|fit|go)[^.?]*? in {b} ",
        lambda s, n: s.times(n["b"], n["a"], "Together"),
        lambda s, n: s.plus(n["b"], n["a"]),
    ),
    _story(
        r"for {a} (?:people|persons|servings|guests)[^.]*? {b}"
        r" ?(?:g|grams|ml|cups)\b…for {c} (?:people|persons|servings|guests)",
        _scaled,
    ),
    _story(r"saves {$a} (?:a|each|every|per) week…(?:has|saved) {$b}…(?:costs?|price of) {$c}…how many weeks", _saving),
    _story(
        r"{a} ?(?:m|metres?|meters?|feet) long"
        r" and {b} ?(?:m|metres?|meters?|feet) wide…(?:fence|round it|perimeter|around)",
        _around,
        lambda s, n: s.times(n["a"], n["b"], "Area"),
        lambda s, n: s.plus(n["a"], n["b"]),
    ),
    _story(
        r"{a} ?(?:m|metres?|meters?) by {b} ?(?:m|metres?|meters?)…{$c} (?:per|a) square…(?:cost|pay|price)",
        _covered,
        lambda s, n: s.times(_around(s, n), n["c"]),
    ),
    _story(
        r"{a} (?:\w+ )?(?:machines|presses|printers|workers) [a-z]+ {b} [a-z]+ in {c} hours?…{d} [a-z ]+ in {e} hours?",
        _machines,
    ),
    _story(
        r"{a} ?(?:%|percent) simple interest…{$b}…{c} years",
        _interest,
        lambda s, n: s.over(s.times(n["b"], n["a"]), HUNDRED),
    ),
    _story(r"scored {a}, {b},? and {c}…fourth…average (?:of )?{d}", _needed_score, lambda s, n: n["d"]),
    _story(
        r"{a} \w+ with {b} \w+ (?:each|on each)…sells {c} [a-z]+\.…left",
        lambda s, n: s.minus(s.times(n["a"], n["b"], "In all"), n["c"], "Left"),
    ),
    _story(
        r"holds {a} litres…{b} litres a minute…(?:loses|leaks) {c} litres a minute",
        lambda s, n: s.over(n["a"], s.minus(n["b"], n["c"], "Gain in a minute"), "Minutes"),
        lambda s, n: s.over(n["a"], s.plus(n["b"], n["c"], "In a minute"), "Minutes"),
    ),
    _story(
        r"sum of 2 numbers is {a} and their difference is {b}\.…larger",
        lambda s, n: s.over(s.plus(n["a"], n["b"]), Fraction(2)),
        lambda s, n: s.over(s.minus(n["a"], n["b"]), Fraction(2)),
    ),
)

_GAIN = (
    r"bought|buys|gets|got|received|receives|found|finds|earns|earned|adds|added|won|wins|picked up|collects|collected"
)
_LOSS = r"gave|gives|lost|loses|sold|sells|spent|spends|ate|eats|used|uses|lends|lent|threw|donated|broke"
_START = re.compile(rf"\b(?:had|has|starts with|started with|owned|owns) [$€£]?({NUMBER})\b", re.IGNORECASE)
_EVENT = re.compile(
    rf"\b({_GAIN}|{_LOSS})(?: away| back| up)?(?: another| a further| him| her| them)? [$€£]?({NUMBER})\b",
    re.IGNORECASE,
)
_NOW = re.compile(r"\bhow (?:many|much)\b[^?]*\b(?:now|left|have|remain)\b", re.IGNORECASE)
_IS_LOSS = re.compile(_LOSS, re.IGNORECASE)


def solve(text: str) -> Solution | None:
    """The solution of a story of a known kind."""
    told = " ".join(figures(text).split())
    if len(told) > MAX_LENGTH or not 2 <= len(_NUMBERS.findall(told)) <= MAX_NUMBERS:
        return None
    show = money if re.search(r"[$€£]", text) else decimal
    for story in STORIES:
        if match := story.pattern.search(told):
            caught = {name: fraction(value) for name, value in match.groupdict().items()}
            try:
                wrong = [misread(caught) for misread in story.misreadings]
                return worked(SKILL, story.work(caught), *wrong, show=show)
            except ZeroDivisionError:
                return None
    return _gains_and_losses(told, show)


def _gains_and_losses(told: str, show: Callable[[Fraction], str]) -> Solution | None:
    """Somebody has some, gets some, loses some: how many now?"""
    start, asked = _START.search(told), _NOW.search(told)
    if start is None or asked is None:
        return None
    events = [(found[1], fraction(found[2])) for found in _EVENT.finditer(told, start.end(), asked.start())]
    if not events:
        return None

    def account(sheet: Sheet, *, forget: int = -1) -> Fraction:
        now = fraction(start[1])
        for index, (verb, count) in enumerate(events):
            if index != forget:
                operation = sheet.minus if _IS_LOSS.fullmatch(verb) else sheet.plus
                now = operation(now, count, verb.capitalize())
        return now

    forgetful = [lambda sheet, i=i: account(sheet, forget=i) for i in range(len(events))] if len(events) > 1 else []
    return worked(SKILL, account, *forgetful, show=show)
