"""Hashed n-grams of words and characters. The hashes are the same in every process and on every machine."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from aaa.text.styles import words

Hashes = NDArray[np.uint64]
Vectors = NDArray[np.float32]
"""One row for each text, of length 1 (or 0 where the text has nothing to go by)."""

DIMENSIONS = 2048
"""Of hashed character n-grams (ours): two of a sentence's n-grams rarely meet."""
CHARACTERS = (3, 4, 5)
"""Lengths of character n-grams (ours, as fastText has them, arXiv 1607.04606, without its 6)."""
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio, odd (Knuth, TAOCP 6.4)


def normalised(text: str) -> str:
    """`text` in NFKC, case folded, with single spaces; punctuation stays, since `2+2` is not `2*2`."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def ngram_hashes(units: Hashes, n: int) -> Hashes:
    """One 64-bit hash for each run of `n` units, in order; empty where there are fewer."""
    count = max(0, len(units) - n + 1)
    hashes = np.full(count, n, dtype=np.uint64)
    for at in range(n):
        hashes = hashes * _MULTIPLIER + units[at : at + count]
    return _mixed(hashes)


class WordHasher:
    """Turns texts into the hashes of their words; remembers the words it has seen."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def __call__(self, text: str) -> list[int]:
        return [self._of(word) for word in words(text)]

    def _of(self, word: str) -> int:
        found = self._known.get(word)
        if found is None:
            digest = blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest()
            found = self._known[word] = int.from_bytes(digest)
        return found


def hashed_ngrams(texts: Sequence[str], dimensions: int = DIMENSIONS) -> Vectors:
    """Character n-grams of the normalised texts, counted (1 + log) under a signed hash (Weinberger 2009)."""
    vectors = np.zeros((len(texts), dimensions), dtype=np.float32)
    for row, text in enumerate(texts):
        units = np.frombuffer(f" {normalised(text)} ".encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        found = np.concatenate([ngram_hashes(units.astype(np.uint64), n) for n in CHARACTERS])
        hashes, counts = np.unique(found, return_counts=True)
        signs = np.where(hashes >> np.uint64(63), 1.0, -1.0)
        places = (hashes % np.uint64(dimensions)).astype(np.intp)
        vectors[row] = np.bincount(places, weights=signs * (1.0 + np.log(counts)), minlength=dimensions)
    return unit(vectors)


def unit(vectors: Vectors) -> Vectors:
    """The rows scaled to length 1; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths == 0.0, 1.0, lengths)).astype(np.float32)


def word_ngrams(text: str, n: int) -> list[tuple[str, ...]]:
    """Runs of `n` words, in order."""
    found = words(text)
    return [tuple(found[at : at + n]) for at in range(len(found) - n + 1)]


def flat(rows: Iterable[Sequence[int]]) -> tuple[Hashes, NDArray[np.intp]]:
    """All units of the rows one after another, and the length of each row."""
    kept = list(rows)
    lengths = np.fromiter((len(row) for row in kept), dtype=np.intp, count=len(kept))
    units = np.fromiter((unit for row in kept for unit in row), dtype=np.uint64, count=int(lengths.sum()))
    return units, lengths


def _mixed(hashes: Hashes) -> Hashes:
    """Every bit depends on every bit (the finaliser of SplitMix64, Steele 2014)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = hashes ^ (hashes >> np.uint64(31))
    return mixed
