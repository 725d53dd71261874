"""What an analysis keeps of a prompt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aaa.curate.attributes import GIVEN, RULES, Labels, Rules, given
from aaa.scenario import PromptRow
from aaa.text import words


@dataclass(frozen=True, slots=True)
class Described:
    """A prompt as its analysis sees it."""

    id: str
    text: str = field(repr=False)
    """All its messages."""
    turns: int
    """Messages up to the one to be answered."""
    words: int
    said: Mapping[str, Labels]
    """What each source says of it, the first to be believed first: the row, taggers, rules."""


def describe(row: PromptRow, rules: Rules, taggers: Mapping[str, Labels]) -> Described:
    """`taggers`: what each of them said of the row."""
    text = "\n".join(message.text for message in row.messages)
    said = {GIVEN: given(row), **taggers, RULES: rules.labels(row.messages)}
    return Described(row.source_id, text, len(row.messages), len(words(text)), said)
