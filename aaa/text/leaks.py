"""Whether a text stands alone, or betrays that it was written under a hint, a critique, or as a revision."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from aaa.text.phrases import Phrases

_QUOTED = re.compile(r"[\"“„][^\"“”„\n]{0,300}[\"”“]|«[^«»\n]{0,300}»|^[ \t]*>.*$", re.MULTILINE)
"""Words of others: speech in a story, examples, quotations."""
_NAMED = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True)
class LeakTable:
    """What leaks.toml holds."""

    topics: Mapping[str, re.Pattern[str]]
    phrases: Phrases
    excuses: Sequence[frozenset[str]]
    """Of each phrase, the topics of an instruction that excuse it."""


def find_leak(text: str, instruction: str = "") -> str | None:
    """The words by which `text` refers to a hint, a critique or an earlier version; None where it stands alone.

    `instruction` is the text of all turns that the reader has seen. What it brings up by itself does not count: a
    letter may thank for a suggestion, a story may have a teacher, a correction may be called one. Words in quotation
    marks do not count either. Knows English, German, French and Spanish, and the basics of Italian, Portuguese, Dutch
    and Chinese.
    """
    prose = _QUOTED.sub(lambda quote: " " * len(quote.group()), text)
    table, asked = leak_table(), instruction.casefold()

    @cache
    def excused(topic: str) -> bool:
        return table.topics[topic].search(instruction) is not None

    for line in prose.split("\n"):
        for number in table.phrases.possible(line):
            found = (match.group() for match in table.phrases.compiled(number).finditer(line))
            said = next((words for words in found if words.casefold() not in asked), None)
            if said is not None and not any(map(excused, table.excuses[number])):
                return said.strip()
    return None


@cache
def leak_table() -> LeakTable:
    """The phrases, read when they are first asked for."""
    table = tomllib.loads(files("aaa.text").joinpath("leaks.toml").read_text("utf-8"))
    words = {name: one if isinstance(one, str) else f"(?:{'|'.join(one)})" for name, one in table["words"].items()}
    topics = {
        topic: re.compile(_filled("|".join(patterns), words), re.IGNORECASE | re.MULTILINE)
        for topic, patterns in table["topics"].items()
    }
    rows = [(phrase, frozenset(row["excuses"])) for row in table["cue"] for phrase in row["phrases"]]
    phrases = Phrases(*(_filled(phrase, words) for phrase, _ in rows), flags=re.MULTILINE)
    return LeakTable(topics, phrases, [excuses for _, excuses in rows])


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    return _NAMED.sub(lambda name: words[name[1]], pattern)
