"""What can be seen in a piece of open writing: stated limits kept or broken, specific points, empty phrases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from aaa.sim.skills.numbers import figures

_MAX_WORDS = re.compile(
    r"\b(?:at most|no more than|under|fewer than|less than|up to|within"
    r"|maximum of|in|about|around|not over|max\.?) (\d+) words\b"
)
_ITEMS = re.compile(
    r"\b(\d+)(?: [a-z-]+){0,2} (?:tips|ideas|points|reasons|steps|suggestions|bullet points"
    r"|bullets|ways|things|questions"
    r"|options|names|slogans|habits|examples|rules|signs)\b"
)
_SENTENCES = re.compile(r"\b(\d+)(?: [a-z]+)? sentences?\b")
_LINES = re.compile(r"\b(\d+)(?:-| )lines?\b")
_AVOID = re.compile(
    r"\b(?:without (?:using|mentioning)|do not use|avoid|not use|don't use)(?: the words?)? [\"“']([^\"”']+)[\"”']"
)
_END = re.compile(r"(?<=[.!?])\s+(?=[\"'A-ZÀ-Ý(\d])|\n+")
_ITEM_MARK = re.compile(r"^\s*(?:\d+[.)]|\(\d+\)|[-*•]|Step \d+:)\s+", re.MULTILINE)

_EMPTY = re.compile(
    r"\b(?:it is important to|many (?:things|people|ways|factors)|in general|it depends"
    r"|different ways|various|at the end of the day"
    r"|good balance|everybody is different|everyone is different"
    r"|and so on|as we all know|needless to say|generally speaking"
    r"|in today's world|one way or another|all in all|do your best|keep in mind that|plays? (?:a|an important) role)\b",
    re.IGNORECASE,
)
_STOP_WORDS = """
    about above after again against also always another anything around because been before being best better
    between both bring could describe does doing done down draft each email enough even ever every exactly explain
    first five four friendly from give gives good have help here however idea ideas into just keep kind know least
    less like list long make many mention message might more most much must name need never nice note only other
    over paragraph people phrase piece please poem point points polite really reasons sentence sentences short
    should simple slogan some someone something start steps still story such suggest take tell text than that their
    them then there these they thing things this those three through time tips under until using very want ways well
    were what when where which while will with without word words would write your yours
"""
_STOP = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True, slots=True)
class Limits:
    """What an instruction says about form; None where it says nothing."""

    words: int | None = None
    items: int | None = None
    sentences: int | None = None
    avoid: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is a limit at all."""
        return bool(self.words or self.items or self.sentences or self.avoid)


@dataclass(frozen=True, slots=True)
class Impression:
    """What a reader notices: `quality` in 0..1 sums it up."""

    quality: float
    specific: tuple[str, ...]
    empty: tuple[str, ...]
    missing: tuple[str, ...]
    """Words of the task that it does not take up."""
    broken: tuple[str, ...]
    """Stated limits that it breaks, as what to do about each."""


@lru_cache(maxsize=2048)
def limits_of(task: str) -> Limits:
    """The limits that an instruction states."""
    told = figures(task).lower()
    words, items, sentences = (
        _MAX_WORDS.search(told),
        _ITEMS.search(told),
        _SENTENCES.search(told) or _LINES.search(told),
    )
    return Limits(
        words=int(words[1]) if words else None,
        items=int(items[1]) if items and 0 < int(items[1]) <= 20 else None,
        sentences=int(sentences[1]) if sentences and 0 < int(sentences[1]) <= 20 else None,
        avoid=tuple(word.lower() for word in _AVOID.findall(told)),
    )


@lru_cache(maxsize=2048)
def terms_of(task: str) -> tuple[str, ...]:
    """The words that say what an instruction is about, at most six, in their order."""
    words = re.findall(r"[a-zà-ÿ]{4,}", task.lower())
    return tuple(dict.fromkeys(word for word in words if word not in _STOP))[:6]


def sentences_of(text: str) -> list[str]:
    """The sentences and list items of a text, without their marks."""
    return [part.strip() for part in _END.split(_ITEM_MARK.sub("", text)) if part.strip()]


def is_empty_phrase(sentence: str) -> bool:
    """Whether a sentence says nothing in particular."""
    return _EMPTY.search(sentence) is not None


def _broken(limits: Limits, text: str, sentences: int) -> tuple[str, ...]:
    found = []
    words, items = len(text.split()), len(_ITEM_MARK.findall(text))
    if limits.words is not None and words > limits.words * 1.1:
        found.append(f"Keep to {limits.words} words; it has {words}.")
    if limits.items is not None and items != limits.items and sentences != limits.items:
        found.append(f"Give {limits.items} points, as asked; it has {items or sentences}.")
    if limits.sentences is not None and sentences != limits.sentences:
        found.append(f"Write {limits.sentences} sentences, as asked; it has {sentences}.")
    found += [f'Leave out the word "{word}", which was not wanted.' for word in limits.avoid if word in text.lower()]
    return tuple(found)


@lru_cache(maxsize=4096)
def impression(task: str, text: str) -> Impression:
    """What a careful reader sees in an answer to an open task. Weights are ours."""
    limits, sentences = limits_of(task), sentences_of(text)
    empty = tuple(sentence for sentence in sentences if is_empty_phrase(sentence))
    specific = tuple(s for s in sentences if len(s.split()) >= 4 and not is_empty_phrase(s))
    lowered = text.lower()
    terms = terms_of(task)
    missing = tuple(term for term in terms if term[:5] not in lowered)
    broken = _broken(limits, text, len(sentences))
    wanted = limits.items or limits.sentences or 3
    quality = (
        0.5 * min(1.0, len(specific) / wanted)
        + 0.2 * (1.0 - len(empty) / max(1, len(sentences)))
        + 0.1 * (1.0 - len(missing) / len(terms) if terms else 1.0)
        + 0.2 * (1.0 if not broken else 0.0)
    )
    return Impression(quality, specific, empty, missing, broken)
