"""How a simulated tagger labels instructions: it looks faithfully, and each label errs at its declared rate.

What it perceives follows from the text and the options of the prompt alone: a skill that it can compute is known for
sure where it is among the options; for the rest it goes by the words that text and options share.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from aaa.sim.chance import Chance
from aaa.sim.evolving import hardness
from aaa.sim.mind import Mind
from aaa.sim.requests import Tagging
from aaa.sim.skills import open_skill, solve
from aaa.text import language_of, words

NEAR: Final = (-2, -1, 1, 2)
"""By how much a misread difficulty is off (ours)."""
LANGUAGES: Final = ("en", "de", "fr", "es")
LEAST_LETTERS: Final = 5
"""Shorter words say too little (ours)."""
MOST_TAGS: Final = 3
_STEM: Final = 5
"""Letters by which two words are taken for the same (ours): `translate` and `translation`."""
_COMPUTED: Final[Mapping[str, str]] = {
    "writing": "writing",
    "text_editing": "rewriting",
    "extraction": "extraction",
    "sorting": "classification",
    "advice": "advice",
    "code_reading": "coding",
}
"""Tasks that follow from a skill, where they are among the options; a computed skill is else a `problem`."""
_WORRYING: Final = re.compile(r"\b(?:bomb|kill|weapon|malware|steal|suicide|poison)\w*", re.IGNORECASE)
NOT_JSON: Final = "Some of these are quite easy to place and others are not, all things considered."


def label(mind: Mind, request: Tagging, voice: Chance, *, again: int) -> str:
    """A reply to the prompt that wants instructions labelled."""
    rates, luck = mind.profile.tag, voice.about("tagging", again)
    if luck.happens("malformed", rates.malformed):
        return NOT_JSON
    labels = {
        str(number): _labels(mind, text, request)
        for number, text in enumerate(request.texts, 1)
        if not luck.happens(f"skips {number}", rates.skips)
    }
    return json.dumps(labels, ensure_ascii=False)


def _labels(mind: Mind, text: str, request: Tagging) -> dict[str, object]:
    """What it says of a text; each label is misread at the declared rate, whatever stands beside it in the prompt."""
    luck, rate = mind.chance("label", text), mind.profile.tag.errors
    seen: dict[str, object] = {}
    for key in request.keys:
        if key in request.choices:
            true = perceived(key, text, request.choices[key])
            others = [option for option in request.choices[key] if option != true]
            seen[key] = luck.pick(f"other {key}", others) if others and luck.happens(key, rate) else true
        elif key == "difficulty":
            off = luck.pick("off", NEAR) if luck.happens(key, rate) else 0
            seen[key] = min(10, max(1, round(hardness(text)) + off))
        elif key == "language":
            true = spoken(text)
            foreign = [other for other in LANGUAGES if other != true]
            seen[key] = luck.pick("foreign", foreign) if luck.happens(key, rate) else true
        elif key == "tags":
            seen[key] = tags_of(text)
    return seen


def perceived(key: str, text: str, options: Mapping[str, str]) -> str:
    """The option that fits a text, seen faithfully."""
    solution = solve(text)
    skill = solution.skill if solution is not None else open_skill(text)
    task = _COMPUTED.get(skill, "problem" if solution is not None else "")
    if key == "safety":
        return list(options)[-1 if _WORRYING.search(text) else 0]
    if (known := task if key == "task" else skill) in options and (solution is not None or known != "general"):
        return known
    own = _stems(text)
    overlap = {option: len(own & _stems(f"{option} {meaning}")) for option, meaning in options.items()}
    best = max(overlap, key=lambda option: overlap[option])
    return best if overlap[best] else list(options)[-1]


def spoken(text: str) -> str:
    """The language of a text."""
    solution = solve(text)
    return language_of(text) or (solution.language if solution is not None else "en")


def tags_of(text: str) -> list[str]:
    """Its skill, and the longest words of its first sentence."""
    solution = solve(text)
    topic = (solution.skill if solution is not None else open_skill(text)).replace("_", " ")
    first = dict.fromkeys(word for word in words(text[:300]) if word.isalpha() and len(word) >= LEAST_LETTERS)
    longest = sorted(first, key=lambda word: (-len(word), word))[: MOST_TAGS - 1]
    return [topic, *(word for word in longest if word != topic)]


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in words(text.replace("_", " ")) if len(word) >= LEAST_LETTERS}
