"""Phrases that are looked for in every text, and that few texts hold: what is not there costs next to nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property

from aaa.text.required import required, stems

Needs = tuple[frozenset[str], ...]
"""Sets of stems of which a text must hold one each (see `required`)."""


class Phrases:
    """Regular expressions that hold in any case.

    A text is searched only for those whose words it holds: an alternation of phrases is tried at every letter of a
    text, while its words are told once for all of them.
    """

    def __init__(self, *patterns: str, flags: re.RegexFlag = re.DOTALL) -> None:
        """A pattern without a certain word is searched for in every text."""
        self.patterns, self._flags = patterns, flags | re.IGNORECASE

    @cached_property
    def needs(self) -> tuple[Needs, ...]:
        """Of each pattern."""
        return tuple(map(required, self.patterns))

    def possible(self, text: str) -> Iterator[int]:
        """Numbers of the patterns that the text may hold, by its words."""
        held = stems(text)
        found = {number for stem in self._index.keys() & held for number in self._index[stem]}
        for number in sorted(found.union(self._uncertain)):
            if not any(need.isdisjoint(held) for need in self.needs[number]):
                yield number

    def compiled(self, number: int) -> re.Pattern[str]:
        """A pattern, compiled when it is first searched for: that takes longer than the search."""
        return _compiled(self.patterns[number], self._flags)

    def first_matches(self, text: str) -> Iterator[re.Match[str]]:
        """The first match of each pattern that the text holds."""
        for number in self.possible(text):
            if (found := self.compiled(number).search(text)) is not None:
                yield found

    def held_by(self, text: str) -> bool:
        """Whether the text holds any of them."""
        return next(self.first_matches(text), None) is not None

    @cached_property
    def _index(self) -> dict[str, list[int]]:
        """Numbers of the patterns by the stems of the one of their needs that says most."""
        index: dict[str, list[int]] = {}
        for number, needs in enumerate(self.needs):
            for stem in max(needs, key=lambda need: (min(map(len, need)), -len(need)), default=()):
                index.setdefault(stem, []).append(number)
        return index

    @cached_property
    def _uncertain(self) -> Iterable[int]:
        return tuple(number for number, needs in enumerate(self.needs) if not needs)


_compiled = cache(re.compile)
