"""What the length of a text does: to the grades of answers, and to the sides of pairs."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aaa.types import PreferencePair, characters, content_hash

ROUNDS = 50
"""Rounds of taking means away in turn; two or three are enough where most members answered most prompts (ours)."""
FEWEST = 20
"""Graded answers beyond one for each prompt and member, without which nothing is fitted (ours)."""
BIN = 0.25
"""Width of a bin of lengths: pairs in one have ratios that differ by a factor of at most 2 ** BIN (ours)."""


@dataclass(frozen=True, slots=True)
class Graded:
    """An answer of `member` to `prompt`, of so many words, with its mean grade."""

    prompt: str
    member: str
    words: int
    grade: float


@dataclass(frozen=True, slots=True)
class LengthEffect:
    """`slope` points more for each factor e of words; `mean` is the usual logarithm of the number of words."""

    slope: float = 0.0
    mean: float = 0.0

    def without(self, grade: float, words: int) -> float:
        """The grade that an answer of usual length would have had."""
        return grade - self.slope * (math.log1p(words) - self.mean)


def length_effect(graded: Sequence[Graded]) -> LengthEffect:
    """How grades rise with the logarithm of length among answers to one prompt, beside what each member is worth.

    As the length-controlled AlpacaEval (arXiv 2404.04475) takes out what length adds beside the model and the task;
    least squares on grades in the place of its logistic regression is ours. Too few answers show no effect.
    """
    if not graded:
        return LengthEffect()
    words = np.log1p(np.array([one.words for one in graded], dtype=float))
    grades = np.array([one.grade for one in graded], dtype=float)
    groups = [_places([one.prompt for one in graded]), _places([one.member for one in graded])]
    free = len(graded) - sum(int(group.max()) + 1 for group in groups)
    x, y = (_within(column, groups) for column in (words, grades))
    spread = float(x @ x)
    if free < FEWEST or spread < 1e-9:
        return LengthEffect(mean=float(words.mean()))
    return LengthEffect(float(x @ y) / spread, float(words.mean()))


def _places(names: Sequence[str]) -> NDArray[np.intp]:
    """The names as numbers."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names])


def _within(column: NDArray[np.float64], groups: Sequence[NDArray[np.intp]]) -> NDArray[np.float64]:
    """What is left of a column when the means of all groups are taken away, prompt by prompt and member by member."""
    for _ in range(ROUNDS):
        for group in groups:
            column = column - (np.bincount(group, column) / np.bincount(group))[group]
    return column


@dataclass
class PairLengths:
    """How long the sides of pairs are, counted in characters as they pass by."""

    pairs: int = 0
    longer: int = 0
    difference: int = 0

    def add(self, chosen: int, rejected: int) -> None:
        self.pairs += 1
        self.longer += chosen > rejected
        self.difference += chosen - rejected

    @property
    def mean_difference(self) -> float | None:
        """Mean of chosen less rejected."""
        return self.difference / self.pairs if self.pairs else None

    @property
    def chosen_longer(self) -> float | None:
        """Share of the pairs whose chosen side is the longer one."""
        return self.longer / self.pairs if self.pairs else None


@dataclass(frozen=True, slots=True)
class SidedPair:
    """What matching needs to know of a pair."""

    id: str
    chosen: int
    rejected: int

    @classmethod
    def of(cls, pair: PreferencePair) -> SidedPair:
        return cls(pair.id, characters(pair.chosen), characters(pair.rejected))


def unmatched(pairs: Iterable[SidedPair], seed: int) -> set[str]:
    """Ids to leave out so that, in every bin of ratios, as many pairs have the longer side chosen as rejected."""
    bins: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for pair in pairs:
        ratio = math.log2((pair.chosen + 1) / (pair.rejected + 1))
        if ratio:
            bins[int(abs(ratio) / BIN)][ratio > 0].append(pair.id)
    left: set[str] = set()
    for sides in bins.values():
        size = min(map(len, sides))
        for ids in sides:
            left.update(sorted(ids, key=lambda id_: content_hash([seed, "lengths", id_]))[size:])
    return left
