"""Small deductions: who is tallest, what follows from all and some, if and then, knights and knaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import permutations, product

from aaa.sim.skills.base import Solution, Working, finished
from aaa.sim.skills.numbers import figures
from aaa.sim.skills.sequences import continue_sequence

SKILL = "logic"
MAX_NAMES = 6
"""Ours: all orders of the people are tried, and 6! = 720."""

_MORE_WORDS = "taller older heavier faster richer stronger bigger longer higher warmer earlier louder"
_MORE = _MORE_WORDS.split()
_LESS_WORDS = "shorter younger lighter slower poorer weaker smaller briefer lower colder later quieter"
_LESS = _LESS_WORDS.split()
_BEFORE = r"before|in front of|ahead of|left of|to the left of|above"
_AFTER = r"after|behind|right of|to the right of|below"
_NAME = r"[A-Z][a-z]+"
_COMPARED = re.compile(rf"\b({_NAME})(?: is| was| are)?(?: \w+ly)? ({'|'.join(_MORE + _LESS)}) than ({_NAME})\b")
_PLACED = re.compile(
    rf"\b({_NAME})(?: (?:is|was|stands|sits|finished|came|arrived|lives))?"
    rf"(?: \w+ly| right)? ({_BEFORE}|{_AFTER}) ({_NAME})\b"
)
_FIRST = re.compile(
    r"\bwho\b[^?]*\b(?:tallest|oldest|heaviest|fastest|richest|strongest|biggest|first|front|leftmost|warmest|loudest|top|won|wins)\b",
    re.IGNORECASE,
)
_LAST = re.compile(
    r"\bwho\b[^?]*\b(?:shortest|youngest|lightest|slowest|poorest|weakest|smallest|last|back|rightmost|coldest|quietest|bottom)\b",
    re.IGNORECASE,
)


def solve(text: str) -> Solution | None:
    """The solution of a small puzzle."""
    if len(text) > 900:
        return None
    told = " ".join(text.replace("’", "'").split())
    for solver in (continue_sequence, _order, _knights, _conditional, _syllogism):
        if (found := solver(told)) is not None:
            return found
    return None


def _answer(right: str, reason: str, wrong: Iterable[tuple[str, str]], difficulty: float) -> Solution:
    slips = [Working(answer, (why,)) for answer, why in wrong]
    return finished(SKILL, Working(right, (reason,)), slips, difficulty=difficulty)


def _relations(text: str) -> list[tuple[str, str]]:
    """Pairs (greater or earlier, smaller or later) that the text states."""
    pairs = []
    for left, relation, right in _COMPARED.findall(text):
        pairs.append((left, right) if relation in _MORE else (right, left))
    for left, relation, right in _PLACED.findall(text):
        pairs.append((left, right) if re.fullmatch(_BEFORE, relation) else (right, left))
    return pairs


def _order(text: str) -> Solution | None:
    """Comparisons of people: who is at an end of the order?"""
    pairs = _relations(text)
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    first, last = _FIRST.search(text), _LAST.search(text)
    if not 3 <= len(names) <= MAX_NAMES or (first is None) == (last is None):
        return None
    fitting = [
        order
        for order in permutations(names)
        if all(order.index(before) < order.index(after) for before, after in pairs)
    ]
    at = 0 if first else -1
    if len({order[at] for order in fitting}) != 1:
        return None
    order = fitting[0]
    reason = f"Putting them in order gives {', '.join(order)}."
    wrong = [
        (name, f"Putting them in order gives {', '.join(_moved(order, name, at))}.")
        for name in (order[-1 - at], *order)
    ]
    return _answer(order[at], reason, wrong, 2 + len(names))


def _moved(order: Sequence[str], name: str, at: int) -> list[str]:
    others = [other for other in order if other != name]
    return [name, *others] if at == 0 else [*others, name]


_SAYS = re.compile(rf"\b({_NAME}) (?:says|claims|states)[:,]? [\"“]([^\"“”]+)[\"”]")
_ASKED_ABOUT = re.compile(rf"\b(?:what is|is) ({_NAME})\b(?: a knight| a knave)?", re.IGNORECASE)
World = dict[str, bool]


def _claim(text: str, speaker: str) -> Callable[[World], bool] | None:
    """A statement about who is a knight, as a test of a world (True: knight)."""
    said = text.strip(" .'\"")
    if match := re.search(rf"\b({_NAME}) is an? (knight|knave|liar)\b", said):
        name, knight = match[1], match[2] == "knight"
        return lambda world: world.get(name) is knight
    if re.search(r"\bwe are both knaves\b|\bboth of us are knaves\b", said, re.IGNORECASE):
        return lambda world: not any(world.values())
    if re.search(r"\bwe are both knights\b|\bboth of us are knights\b", said, re.IGNORECASE):
        return lambda world: all(world.values())
    if re.search(r"\bat least 1 of us is a knave\b|\bone of us is a knave\b", said, re.IGNORECASE):
        return lambda world: not all(world.values())
    if match := re.search(rf"\b({_NAME}) and I are (?:of )?(?:the )?(same|different)\b", said):
        other, same = match[1], match[2] == "same"
        return lambda world: (world.get(other) is world[speaker]) is same
    return None


def _knights(text: str) -> Solution | None:
    if "knave" not in text.lower():
        return None
    spoken = [(speaker, _claim(figures(said), speaker)) for speaker, said in _SAYS.findall(text)]
    asked = _ASKED_ABOUT.search(text.rpartition(".")[2]) or _ASKED_ABOUT.search(text)
    if not spoken or asked is None or any(claim is None for _, claim in spoken):
        return None
    people = list(
        dict.fromkeys([*(speaker for speaker, _ in spoken), *re.findall(rf"\b({_NAME}) is an? kn", text), asked[1]])
    )
    if len(people) > MAX_NAMES:
        return None
    worlds = [dict(zip(people, kinds, strict=True)) for kinds in product((True, False), repeat=len(people))]
    fitting = [w for w in worlds if all(claim is not None and claim(w) == w[speaker] for speaker, claim in spoken)]
    if len({world.get(asked[1]) for world in fitting}) != 1:
        return None
    kind = {True: "knight", False: "knave"}
    found = ", ".join(f"{name} is a {kind[is_knight]}" for name, is_knight in fitting[0].items())
    right, wrong = kind[fitting[0][asked[1]]], kind[not fitting[0][asked[1]]]
    mistaken = f"If {asked[1]} were a {right}, one of the statements would not fit, so {asked[1]} is a {wrong}."
    return _answer(right, f"The only assignment that fits every statement: {found}.", [(wrong, mistaken)], 7)


_IF = re.compile(
    r"\bif (?P<cause>[^,.]+),(?: then)? (?P<effect>[^.]+)\. (?P<fact>[^.?]+)\. (?P<asked>[^?]+)\?", re.IGNORECASE
)
_NOT = re.compile(r"\b(?:not|n't|never|no)\b|n't\b", re.IGNORECASE)
_SMALL_WORD_LIST = "the a an is are was were did does do not it then certainly surely today of to on in has have had be"
_SMALL_WORDS = frozenset(_SMALL_WORD_LIST.split())


def _core(clause: str) -> set[str]:
    """Stems of the content words of a clause."""
    words = re.findall(r"[a-z]+", re.sub(r"n't\b", " not", clause.lower()))
    return {word[:4] for word in words if word not in _SMALL_WORDS}


def _conditional(text: str) -> Solution | None:
    """If A then B; a fact about A or B; a question about the other."""
    match = _IF.search(text)
    if match is None:
        return None
    cause, effect, fact, asked = (_core(match[name]) for name in ("cause", "effect", "fact", "asked"))
    about_effect = len(fact & effect) > len(fact & cause)
    asks_cause = len(asked & cause) >= len(asked & effect)
    denied = _NOT.search(match["fact"]) is not None
    if not fact & (cause | effect) or about_effect != asks_cause:
        return None
    certain = (
        re.search(r"\b(?:certain|sure|follow|must|conclude|definitely|necessarily)", text, re.IGNORECASE) is not None
    )
    if not about_effect and not denied:
        return _answer(
            "yes",
            "The condition holds, so what follows from it holds too.",
            [("no", "The rule need not apply here.")],
            3,
        )
    if about_effect and denied:
        reason = "Had the condition held, the consequence would have held too, and it did not."
        return _answer("no", reason, [("yes", "The rule links the two, so the condition held.")], 4.5)
    if not certain:
        return None
    reason = "The rule says nothing about this direction: the same can come about in another way."
    return _answer("no", reason, [("yes", "The rule links the two, so one follows from the other.")], 5.5)


_KIND_OF_THING = r"[a-z]+(?: (?!and\b|but\b|or\b)[a-z]+)?"
_QUANTIFIED = re.compile(rf"\b(all|no|some) ({_KIND_OF_THING}) (?:are|is) ({_KIND_OF_THING})\b", re.IGNORECASE)
_QUESTION = re.compile(
    r"\b(?:follow\w*(?: from this)? that|are|is it (?:certain|true) that|must|can we conclude that|can) "
    r"(all|no|some|an?) ([^?.]+)[?.]",
    re.IGNORECASE,
)


def _term(text: str) -> str:
    """The stem of a kind's name, the same for one and for many."""
    return re.sub(r"(?:ies|es|e|s|y)$", "", text.lower().strip())


def _syllogism(text: str) -> Solution | None:
    """All, no and some: whether a sentence follows, tried over every way in which three kinds may overlap."""
    question = _QUESTION.search(text)
    if question is None:
        return None
    premises = [(q.lower(), _term(a), _term(b)) for q, a, b in _QUANTIFIED.findall(text[: question.start()])]
    terms = list(dict.fromkeys(term for _, left, right in premises for term in (left, right)))
    asked = sorted(
        (at.start(), t)
        for t in terms
        if (at := re.search(rf"\b{re.escape(t)}(?:ies|es|e|s|y)?\b", question[2].lower()))
    )
    if not 2 <= len(terms) <= 3 or len(asked) != 2:
        return None
    (_, left), (_, right) = asked
    quantity = question[1].lower()
    possible = quantity in ("a", "an")
    models = [model for model in _models(terms) if all(_holds(model, *premise) for premise in premises)]
    claim = ("some" if possible else quantity, left, right)
    holding = [_holds(model, *claim) for model in models]
    answer = any(holding) if possible else all(holding)
    said = f"{quantity} {question[2]}"
    yes = f"Every case that fits the statements fits this one too: {said}."
    no = f"One can think of a case that fits the statements but not this one: {said}."
    pair = (("yes", yes), ("no", no)) if answer else (("no", no), ("yes", yes))
    return _answer(*pair[0], [pair[1]], 3 + len(premises))


Model = list[frozenset[str]]
"""Kinds of things that exist, each named by the terms it falls under."""


def _models(terms: Sequence[str]) -> list[Model]:
    """All worlds: each combination of terms is either empty or not; every term has at least one thing."""
    cells = [
        frozenset(t for t, inside in zip(terms, bits, strict=True) if inside)
        for bits in product((1, 0), repeat=len(terms))
    ]
    cells = [cell for cell in cells if cell]
    worlds = (
        [cell for cell, there in zip(cells, bits, strict=True) if there] for bits in product((1, 0), repeat=len(cells))
    )
    return [world for world in worlds if all(any(term in cell for cell in world) for term in terms)]


def _holds(model: Model, quantity: str, left: str, right: str) -> bool:
    both = any(left in cell and right in cell for cell in model)
    if quantity == "some":
        return both
    if quantity == "no":
        return not both
    return all(right in cell for cell in model if left in cell)
