"""Whether a text stands alone, or betrays that it was written under a hint, a critique, or as a revision."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from aaa.text.required import required, stems

_QUOTED = re.compile(r"[\"“„][^\"“”„\n]{0,300}[\"”“]|«[^«»\n]{0,300}»|^[ \t]*>.*$", re.MULTILINE)
"""Words of others: speech in a story, examples, quotations."""
_NAMED = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that betrays a text, as a pattern."""

    pattern: str
    excuses: frozenset[str]
    """Topics of an instruction that excuse it."""
    needs: tuple[frozenset[str], ...]
    """See `required`."""

    @property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, ready to search in a line."""
        return _compiled(self.pattern)


@dataclass(frozen=True, slots=True)
class Phrases:
    """What leaks.toml holds."""

    topics: Mapping[str, str]
    """Pattern by topic."""
    cues: tuple[Cue, ...]
    index: Mapping[str, Sequence[int]]
    """Numbers of the cues by the stems of the one of their `needs` that says most."""

    def possible(self, line: str) -> Iterator[Cue]:
        """The cues that may be found in a line, by its words: searching for all takes some thirty times as long."""
        held = stems(line)
        for number in sorted({number for stem in held for number in self.index.get(stem, ())}):
            if not any(need.isdisjoint(held) for need in self.cues[number].needs):
                yield self.cues[number]


def find_leak(text: str, instruction: str = "") -> str | None:
    """The words by which `text` refers to a hint, a critique or an earlier version; None where it stands alone.

    `instruction` is the text of all turns that the reader has seen. What it brings up by itself does not count: a
    letter may thank for a suggestion, a story may have a teacher, a correction may be called one. Words in quotation
    marks do not count either. Knows English, German, French and Spanish, and the basics of Italian, Portuguese, Dutch
    and Chinese.
    """
    prose = _QUOTED.sub(lambda quote: " " * len(quote.group()), text)
    phrases, asked = known_phrases(), instruction.casefold()

    @cache
    def excused(topic: str) -> bool:
        return _compiled(phrases.topics[topic]).search(instruction) is not None

    for line in prose.split("\n"):
        for cue in phrases.possible(line):
            found = (match.group() for match in cue.compiled.finditer(line))
            said = next((words for words in found if words.casefold() not in asked), None)
            if said is not None and not any(map(excused, cue.excuses)):
                return said.strip()
    return None


@cache
def known_phrases() -> Phrases:
    """The phrases, read when they are first asked for."""
    table = tomllib.loads(files("aaa.text").joinpath("leaks.toml").read_text("utf-8"))
    words = {name: one if isinstance(one, str) else f"(?:{'|'.join(one)})" for name, one in table["words"].items()}
    topics = {topic: _filled("|".join(patterns), words) for topic, patterns in table["topics"].items()}
    cues, index = tuple(_cues(table["cue"], words)), dict[str, list[int]]()
    for number, cue in enumerate(cues):
        for stem in max(cue.needs, key=lambda need: (min(map(len, need)), -len(need))):
            index.setdefault(stem, []).append(number)
    return Phrases(topics, cues, index)


def _cues(table: Sequence[Mapping[str, Sequence[str]]], words: Mapping[str, str]) -> Iterator[Cue]:
    for rows in table:
        for phrase in rows["phrases"]:
            pattern = _filled(phrase, words)
            if not (needs := required(pattern)):
                raise ValueError(f"no word is certain in the phrase {phrase!r}: it would be searched for in every text")
            yield Cue(pattern, frozenset(rows["excuses"]), needs)


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    return _NAMED.sub(lambda name: words[name[1]], pattern)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Not compiled before it is needed: that takes longer than the search."""
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)
