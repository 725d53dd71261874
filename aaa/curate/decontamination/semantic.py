"""Which texts ask the same as one of a benchmark in other words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aaa.llm.embedding import HASHED, LOCAL
from aaa.text import Vectors, nearest, words

NEIGHBOURS: Final = 5
"""Texts of the benchmark that are looked at for each text (WizardCoder, arXiv 2306.08568, takes 5)."""
ASKED: Final[Mapping[str, float]] = {LOCAL: 0.4, HASHED: 0.2}
"""The same where a judge decides and no rule, so that more may be looked at (ours)."""
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


@dataclass(frozen=True, slots=True)
class Suspect:
    """A text of the benchmark, by position, that lies close to a text."""

    match: int
    cosine: float


class SemanticIndex:
    """A benchmark's texts and their vectors."""

    def __init__(self, benchmark: Sequence[str], vectors: Vectors, threshold: float) -> None:
        self._vectors, self._threshold = vectors, threshold
        self._numbers = [numbers(text) for text in benchmark]

    def suspects(self, vectors: Vectors) -> list[list[Suspect]]:
        """For each text those that its vector lies close enough to, the closest first."""
        if not len(vectors) or not self._numbers:
            return [[] for _ in vectors]
        rows, cosines = nearest(vectors, self._vectors, NEIGHBOURS)
        return [
            [Suspect(row, min(1.0, round(cosine, 4))) for row, cosine in near if cosine >= self._threshold]
            for near in (zip(*pair, strict=True) for pair in zip(rows.tolist(), cosines.tolist(), strict=True))
        ]

    def same(self, text: str, suspects: Sequence[Suspect]) -> Suspect | None:
        """The closest that the rule of numbers takes for the same task in other words."""
        mine = numbers(text)
        return next((one for one in suspects if _agree(mine, self._numbers[one.match])), None)


def threshold_of(embedding: str, *, judged: bool) -> float | None:
    """Cosine from which texts are looked at; None for an embedding that nobody calibrated."""
    return (ASKED if judged else THRESHOLDS).get(embedding)


def numbers(text: str) -> frozenset[str]:
    """The numbers that a text names, in digits or (in English, up to twenty) in words."""
    digits = (found.replace(",", "").lstrip("0") or "0" for found in _DIGITS.findall(text))
    return frozenset([*digits, *(_WORDS[word] for word in words(text) if word in _WORDS)])


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or len(one & other) >= NUMBERS * min(len(one), len(other))
