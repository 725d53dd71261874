"""Phrases that are looked for in every text, and that few texts hold: what is not there costs next to nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import product


class Phrase:
    """A regular expression that holds in any case, with its keys: whatever it matches has at least one of them.

    A text without any key is not searched: an alternation of phrases is tried at every letter of a text, while a key
    is found, or not, at the speed at which memory is read.
    """

    def __init__(self, keys: tuple[str, ...], *patterns: str, flags: re.RegexFlag = re.DOTALL) -> None:
        """`patterns` are alternatives, each of which needs one of the keys; letter case counts in neither."""
        self.keys = tuple(key.casefold() for key in keys)
        self.patterns, self._flags = patterns, flags | re.IGNORECASE

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """Not before the first text that has a key."""
        return re.compile("|".join(self.patterns), self._flags)


def phrases_in(text: str, phrases: tuple[Phrase, ...]) -> Iterator[re.Match[str]]:
    """The first match of each phrase that `text` holds."""
    folded = text.casefold()
    for phrase in phrases:
        if any(key in folded for key in phrase.keys) and (found := phrase.compiled.search(text)) is not None:
            yield found


def pairs(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """Keys of two words."""
    return tuple(f"{one} {other}" for one, other in product(first, second))
