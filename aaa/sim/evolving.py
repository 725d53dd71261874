"""A simulated evolver: it truly makes instructions harder, simpler or new, and fails in each known way as declared.

Sums are carried on by a step, so that they stay solvable; everything else gets one more demand. What is hard is
perceived from the text alone: by the skill that solves it, and by the demands it makes.
"""

from __future__ import annotations

import itertools
import re
from typing import Final

from aaa.sim.chance import Chance
from aaa.sim.demands import COURTESY, DEMANDS, EASIER, FOREIGN, FOREIGN_TO_GERMAN, NEW, PADDING
from aaa.sim.mind import Mind
from aaa.sim.requests import Checking, Evolving, RatingVersions
from aaa.sim.skills import solve
from aaa.text import language_of

ALL_DEMANDS: Final = tuple(demand for demands in DEMANDS.values() for demand in demands)
STEP: Final = " Then multiply the result by {a} and subtract {b}."
_PIECE: Final = re.compile(r"(?s)```.*?```|[\"“][^\"”]{12,}[\"”]|(?m:^[ \t]*\|.*\|[ \t]*$)|:\s*\S+ \S+ \S.*\Z")
_FIGURE: Final = re.compile(r"(?<![\d.,-])\d{1,6}(?![\d.,-]*\d)")
_WORD: Final = re.compile(r"\w+")
_END: Final = re.compile(r"(?<=[.?!])\s+")


def hardness(text: str) -> float:
    """How hard an instruction is, from 1 to 10: by its solution, else middling; and by the demands it makes."""
    plain = text
    for demand in ALL_DEMANDS:
        plain = plain.replace(demand, "")
    solution = solve(plain.strip())
    base = solution.difficulty / 2 if solution is not None else 3.0
    return min(10.0, max(1.0, base + sum(demand in text for demand in ALL_DEMANDS)))


def evolve(mind: Mind, request: Evolving, voice: Chance) -> str:
    """A reply to the prompt that wants an instruction made anew by an operation."""
    text, rates = request.task.text, mind.profile.evolve
    made = _made(request, voice)
    for name, spoiled in _spoilt(text, made, request.direction):
        if voice.happens(name, getattr(rates, name)):
            made = spoiled
            break
    return f"I change one thing.\n[[instruction]]\n{made}"


def _made(request: Evolving, voice: Chance) -> str:
    text = request.task.text
    if request.direction == "up":
        return _harder(text, voice)
    if request.direction == "down":
        return _simpler(text, voice)
    if request.direction == "near":
        return _nearby(text, voice)
    return voice.pick("new", NEW[_language(text)]).format(n=2 + int(voice.unit("number") * 90))


def _harder(text: str, voice: Chance) -> str:
    """One more step where it can be computed, else one more demand. Given input stays where it is."""
    step = STEP.format(a=12 + int(voice.unit("a") * 80), b=11 + int(voice.unit("b") * 400))
    before, after = solve(text), solve(text + step)
    if before is not None and after is not None and after.difficulty > before.difficulty and hardness(text) < 5.0:
        return f"{text}{step} Show every step."
    fresh = [demand for demand in voice.shuffled("demand", DEMANDS[_language(text)]) if demand not in text]
    return f"{fresh[0]} {text}" if fresh else text


def _nearby(text: str, voice: Chance) -> str:
    """The same with other figures, where that can still be solved; else another instruction of its language."""
    figures = itertools.count()
    near = _FIGURE.sub(lambda old: _other_figure(old[0], voice.unit(f"figure {next(figures)}")), text)
    before, after = solve(text), solve(near)
    if before is not None and after is not None and after.right.answer != before.right.answer:
        return near
    return voice.pick("new", NEW[_language(text)]).format(n=2 + int(voice.unit("number") * 90))


def _other_figure(old: str, luck: float) -> str:
    """Another number of as many digits."""
    low = 10 ** (len(old) - 1)
    return str(low + int(luck * 9 * low))


def _simpler(text: str, voice: Chance) -> str:
    """Without one of its demands, or one of its sentences; at last a sum for beginners."""
    demand = next((demand for demand in ALL_DEMANDS if demand in text), None)
    if demand is not None:
        return text.replace(demand, "").strip()
    sentences = _END.split(text)
    if solve(text) is not None and hardness(sentences[0]) < hardness(text):
        return sentences[0]
    return EASIER[_language(text)].format(a=1 + int(voice.unit("a") * 9), b=1 + int(voice.unit("b") * 9))


def _language(text: str) -> str:
    """The language to evolve a text in: its own, where the evolver speaks it, else English."""
    found = language_of(text, least=1)
    return found if found in DEMANDS else "en"


def _spoilt(text: str, made: str, direction: str) -> list[tuple[str, str]]:
    """What each declared fault does to a rewriting, where it can happen at all."""
    found = [
        ("answers", "Answer: it depends on the case, but on the whole the first of them is right."),
        ("chatter", f"Sure, here is the instruction you asked for: {made}"),
        ("copies", f"#Rewritten Prompt#: {made}"),
        ("translates", FOREIGN_TO_GERMAN if _language(text) == "de" else FOREIGN),
        ("repeats", text),
        ("pads", f"{PADDING}{made}"),
        ("refuses", "I'm sorry, but I can't help with that."),
        ("empties", "..."),
    ]
    if direction == "up":
        found.append(("rewords", f"{text.rstrip('.?! ')}, {COURTESY}"))
        if _PIECE.search(text):
            found.append(("loses_input", f"{DEMANDS[_language(text)][0]} {_PIECE.sub('it', text)}"))
    return found


def check(mind: Mind, request: Checking, voice: Chance) -> str:
    """A reply to the prompt that wants to know whether two instructions ask for the same."""
    before, after = request.before, request.after
    same = hardness(before) == hardness(after) and _overlap(before, after) > 0.3
    same = same or _wanted(before) == _wanted(after)
    if not voice.happens("right", mind.profile.judge.accuracy):
        same = not same
    return f"I compared what they ask.\n[[{'equal' if same else 'different'}]]"


def _wanted(text: str) -> set[str]:
    """The words of a text but for those of courtesy."""
    return set(_WORD.findall(text.casefold())) - set(_WORD.findall(COURTESY))


def _overlap(one: str, other: str) -> float:
    left, right = set(one.casefold().split()), set(other.casefold().split())
    return len(left & right) / max(1, len(left | right))


def rate(mind: Mind, request: RatingVersions, voice: Chance) -> str:
    """A reply to the prompt that wants versions graded: the harder the higher, misread at the juror's rate."""
    lines = ["I compared them with each other."]
    for seat, text in enumerate(request.versions, 1):
        exact = voice.happens(f"exact {text}", mind.profile.judge.accuracy)
        off = 0 if exact else (1 if voice.unit(f"off {text}") < 0.5 else -1)
        grades = {"difficulty": round(hardness(text)) + off, "definition": 7 + off, "precision": 6 + off}
        grades["integrity"] = 8 + off
        lines += [
            f"version {seat} {aspect}: [[{min(10, max(1, grades.get(aspect, 5)))}]]" for aspect in request.aspects
        ]
    return "\n".join(lines)
