"""How much likelier a text is in a target set than in the pool: DSIR (Xie et al. 2023, arXiv 2302.03169)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aaa.text import words

BUCKETS = 10_000
"""As published."""
SMOOTHING = 1e-8
"""Probability mass beside the counted (as published)."""


@dataclass(frozen=True)
class Likeness:
    """Log-probability ratio of each bucket of hashed word uni- and bigrams, target over pool."""

    ratios: NDArray[np.float64]

    @classmethod
    def fit(cls, target: Iterable[str], pool: Iterable[str]) -> Likeness:
        """From the texts that are wanted and those that are there, each read once. Raises `ValueError` for none."""
        wanted, there = _counts(target), _counts(pool)
        if not wanted.sum() or not there.sum():
            raise ValueError("both the target and the pool must hold words")
        return cls(np.log(wanted / wanted.sum() + SMOOTHING) - np.log(there / there.sum() + SMOOTHING))

    def log_weight(self, text: str) -> float:
        """Logarithm of the importance weight, a sum over all n-grams: 0 for a text without words."""
        return float(self.ratios[_buckets(text)].sum())


def _counts(texts: Iterable[str]) -> NDArray[np.int64]:
    counts = np.zeros(BUCKETS, dtype=np.int64)
    for text in texts:
        np.add.at(counts, _buckets(text), 1)
    return counts


def _buckets(text: str) -> NDArray[np.int64]:
    found = words(text)
    grams = [*found, *map(" ".join, pairwise(found))]
    return np.array([zlib.crc32(gram.encode()) % BUCKETS for gram in grams], dtype=np.int64)
