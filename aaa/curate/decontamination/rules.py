"""Published rules by which a training text contains a benchmark's text, word for word or nearly."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final

from aaa.scenario import NgramRule
from aaa.text import word_ngrams, words

SUBSTRING: Final = 50
"""Characters of GPT-4's substrings (GPT-4 Technical Report, arXiv 2303.08774, appendix C)."""
SHORTEST: Final = 12
"""Characters that a shorter benchmark text must have to be looked for as a whole (ours): "Why?" is everywhere."""
Found = tuple[int, float]
"""Position of the benchmark's text, and the score."""


class Index(ABC):
    """A benchmark prepared for one rule."""

    @abstractmethod
    def matches(self, text: str) -> Iterator[Found]:
        """Texts of the benchmark that the training text contains, with scores in 0..1."""


class NgramIndex(Index):
    """Any common run of `n` words, of which the score is the share of the benchmark's words that they cover.

    GPT-3 (arXiv 2005.14165, appendix C) takes runs of 13, datatrove 12. Tulu 3 (arXiv 2411.15124) takes 8 and asks
    that more than half of the benchmark's words are covered. A text of fewer words has no run and is never found.
    """

    def __init__(self, benchmark: Sequence[str], n: int, above: float = 0.0) -> None:
        self._n, self._above = n, above
        self._sizes = [len(words(text)) for text in benchmark]
        self._places: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        for number, text in enumerate(benchmark):
            for at, ngram in enumerate(word_ngrams(text, n)):
                self._places[ngram].append((number, at))

    def matches(self, text: str) -> Iterator[Found]:
        covered: dict[int, set[int]] = defaultdict(set)
        for ngram in set(word_ngrams(text, self._n)):
            for number, at in self._places.get(ngram, ()):
                covered[number].update(range(at, at + self._n))
        for number, places in covered.items():
            share = len(places) / self._sizes[number]
            if share > self._above:
                yield number, share


class SubstringIndex(Index):
    """Substrings of 50 letters and digits, all else removed; a shorter text as a whole. The score is 1.

    GPT-4 draws three from each text of the benchmark; here they are its beginning, middle and end.
    """

    def __init__(self, benchmark: Sequence[str]) -> None:
        self._parts: list[set[str]] = []
        for text in map(_squeezed, benchmark):
            middle = max(0, (len(text) - SUBSTRING) // 2)
            starts = (0, middle, max(0, len(text) - SUBSTRING))
            self._parts.append({text[at : at + SUBSTRING] for at in starts} if len(text) >= SHORTEST else set())

    def matches(self, text: str) -> Iterator[Found]:
        whole = _squeezed(text)
        yield from ((number, 1.0) for number, parts in enumerate(self._parts) if any(part in whole for part in parts))


class SequenceIndex(Index):
    """A common run of 8 words, then a Ratcliff-Obershelp similarity above 0.5, which is the score (Apertus)."""

    def __init__(self, benchmark: Sequence[str]) -> None:
        self._texts, self._first = [words(text) for text in benchmark], NgramIndex(benchmark, 8)

    def matches(self, text: str) -> Iterator[Found]:
        said = words(text)
        for number, _ in self._first.matches(text):
            ratio = SequenceMatcher(None, said, self._texts[number], autojunk=False).ratio()
            if ratio > 0.5:
                yield number, ratio


def index_of(rule: NgramRule, benchmark: Sequence[str]) -> Index:
    """The benchmark prepared for a rule."""
    match rule:
        case "tulu-3":
            return NgramIndex(benchmark, 8, above=0.5)
        case "gpt-4":
            return SubstringIndex(benchmark)
        case "apertus":
            return SequenceIndex(benchmark)
    return NgramIndex(benchmark, SIZES[rule])


SIZES: Final[Mapping[str, int]] = {"gpt-3": 13, "datatrove": 12}
_OTHER = re.compile(r"[\W_]+")


def _squeezed(text: str) -> str:
    return _OTHER.sub("", text.casefold())
