"""Which vectors lie close to each other: exact, block by block, so that memory stays small."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from aaa.text.ngrams import Vectors

BLOCK = 2048
"""Rows compared at once (ours): a block of similarities takes 16 MiB."""


def close_pairs(vectors: Vectors, threshold: float) -> Iterator[tuple[int, int]]:
    """Pairs (i, j), i < j, whose cosine is at least `threshold`. Time grows with the square of the rows."""
    for top in range(0, len(vectors), BLOCK):
        for left in range(top, len(vectors), BLOCK):
            cosines = vectors[top : top + BLOCK] @ vectors[left : left + BLOCK].T
            for i, j in np.argwhere(cosines >= threshold):
                if top + i < left + j:
                    yield int(top + i), int(left + j)


def nearest(vectors: Vectors, base: Vectors, k: int) -> tuple[NDArray[np.intp], Vectors]:
    """For each of `vectors` the `k` rows of `base` of highest cosine, best first, and these cosines."""
    k = min(k, len(base))
    rows = np.empty((len(vectors), k), dtype=np.intp)
    found = np.empty((len(vectors), k), dtype=np.float32)
    for begin in range(0, len(vectors), BLOCK):
        cosines = vectors[begin : begin + BLOCK] @ base.T
        order = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
        rows[begin : begin + BLOCK] = order
        found[begin : begin + BLOCK] = np.take_along_axis(cosines, order, axis=1)
    return rows, found
