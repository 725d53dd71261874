"""What is kept of texts that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aaa.graphs import clusters
from aaa.text import normalised


@dataclass(frozen=True, slots=True)
class Entry:
    """A text among others."""

    id: str
    text: str = field(repr=False)
    grade: float | None = None


@dataclass(frozen=True)
class Deduplicated:
    """Positions of the entries: each is kept, or removed for one that is kept."""

    kept: tuple[int, ...]
    removed: Mapping[int, int]
    """Who was removed, and who was kept in its place."""
    clusters: int
    """Groups of two or more."""


def equal_pairs(texts: Sequence[str]) -> list[tuple[int, int]]:
    """The first position of each normalised text, with each later one; texts without a character are like nothing."""
    first: dict[str, int] = {}
    found = [(first.setdefault(text, at), at) for at, text in enumerate(map(normalised, texts)) if text]
    return [pair for pair in found if pair[0] != pair[1]]


def keep_best(entries: Sequence[Entry], pairs: Iterable[tuple[int, int]]) -> Deduplicated:
    """One entry of each cluster that the pairs join, whatever the order of the entries.

    The best by grade (one without a grade is the least); of equals the longest, then the smallest id.
    """
    joined = clusters(pairs)
    best: dict[int, int] = {}
    for members in joined:
        winner = min(members, key=lambda at: _worse(entries[at]))
        best |= dict.fromkeys((at for at in members if at != winner), winner)
    kept = tuple(at for at in range(len(entries)) if at not in best)
    return Deduplicated(kept, {at: best[at] for at in sorted(best)}, len(joined))


def _worse(entry: Entry) -> tuple[bool, float, int, str]:
    return (entry.grade is None, -(entry.grade or 0.0), -len(entry.text), entry.id)
