"""Which texts ask the same as one of a benchmark in other words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from aaa.llm.embedding import HASHED, LOCAL, Embed
from aaa.text import nearest, words

NEIGHBOURS: Final = 5
"""Texts of the benchmark that are looked at for each text (WizardCoder, arXiv 2306.08568, takes 5)."""
THRESHOLDS: Final[Mapping[str, float]] = {LOCAL: 0.5, HASHED: 0.3}
"""Cosines from which texts may ask the same, calibrated by bench/decontamination.py."""
NUMBERS: Final = 0.8
"""Ours: share of the numbers of the text with fewer that the other must name too. Tasks from one pattern lie close to
each other and differ in their numbers; a paraphrase keeps them. A text without a number contradicts none."""
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_NAMES: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_WORDS: Final = {word: str(number) for number, word in enumerate(_NAMES.split())}


class SemanticIndex:
    """A benchmark's texts as vectors."""

    def __init__(self, benchmark: Sequence[str], embed: Embed, threshold: float) -> None:
        self._embed, self._threshold = embed, threshold
        self._vectors, self._numbers = embed(benchmark), [numbers(text) for text in benchmark]

    def matches(self, texts: Sequence[str]) -> Iterator[tuple[int, int, float]]:
        """Position of a text, of the nearest of the benchmark that asks the same, and their cosine."""
        if not texts or not self._numbers:
            return
        rows, cosines = nearest(self._embed(texts), self._vectors, NEIGHBOURS)
        for at, text in enumerate(texts):
            mine = numbers(text)
            for row, cosine in zip(rows[at].tolist(), cosines[at].tolist(), strict=True):
                if cosine >= self._threshold and _agree(mine, self._numbers[row]):
                    yield at, row, min(1.0, round(cosine, 4))
                    break


def numbers(text: str) -> frozenset[str]:
    """The numbers that a text names, in digits or (in English, up to twenty) in words."""
    digits = (found.replace(",", "").lstrip("0") or "0" for found in _DIGITS.findall(text))
    return frozenset([*digits, *(_WORDS[word] for word in words(text) if word in _WORDS)])


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or len(one & other) >= NUMBERS * min(len(one), len(other))
