"""Open tags brought to one vocabulary, in the steps of InsTag (arXiv 2308.07074) with means that need no model.

InsTag drops tags seen fewer than 20 times, then merges by rules and stemming, by the meaning of phrases (PhraseBERT and
DBSCAN), and by what always occurs together (FP-growth, support 40, confidence 99 %). Ours: case, hyphens and plurals
first, so that spellings of one tag are counted together; then rare tags join the frequent one that they look most like,
by hashed character n-grams, or are left out; then a tag that hardly ever comes without another, more frequent one joins
that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Annotated

from pydantic import Field

from aaa.curate.tags.spelling import spelled
from aaa.text import hashed_ngrams, nearest
from aaa.types import Value

LARGE = 10_000
"""Rows from which InsTag's least count holds (ours)."""


class TagRule(Value):
    """How tags are merged."""

    least: Annotated[int, Field(ge=1)] | None = None
    """Rows in which a tag must occur, else it is rare; default: 20 (InsTag's) from 10,000 rows on, below that 2."""
    similarity: Annotated[float, Field(gt=0.0, le=1.0)] = 0.6
    """Cosine of character n-grams from which a rare tag joins a frequent one (ours)."""
    support: Annotated[int, Field(ge=1)] = 40
    confidence: Annotated[float, Field(gt=0.0, le=1.0)] = 0.99
    """Rows that two tags share at least, and their share of those of the rarer one, for it to join the other."""

    def least_of(self, rows: int) -> int:
        """The least count in a set of this size."""
        return self.least if self.least is not None else 20 if rows >= LARGE else 2


@dataclass(frozen=True)
class Vocabulary:
    """What became of tags. A tag that is not in `names` is left out."""

    names: Mapping[str, str]
    """The tag that stands for each one that was written."""
    written: int
    """Different tags before any step."""
    spelled: int
    """After case, hyphens and plurals."""
    frequent: int
    """Without the rare ones."""
    final: int
    """Without those that always come with another."""
    dropped: int
    """Rare ones that looked like no other, as they were spelled."""

    def of(self, tags: Iterable[str]) -> tuple[str, ...]:
        """The tags of a row in the vocabulary, in order, each once."""
        return tuple(dict.fromkeys(self.names[tag] for tag in tags if tag in self.names))


def vocabulary(rows: Sequence[Sequence[str]], rule: TagRule | None = None, *, pool: Iterable[str] = ()) -> Vocabulary:
    """The vocabulary of all tags of these rows; whatever their order. Tags of the `pool` are never rare."""
    rule = rule or TagRule()
    kept = set(map(spelled, pool))
    spelling = {tag: spelled(tag) for row in rows for tag in row}
    counts = Counter(name for row in rows for name in {spelling[tag] for tag in row} if name)
    least = rule.least_of(len(rows))
    frequent = sorted(name for name, count in counts.items() if count >= least or name in kept)
    joined = {name: name for name in frequent} | _alike(sorted(set(counts) - set(frequent)), frequent, rule.similarity)
    together = _together([{joined[spelling[tag]] for tag in row if spelling[tag] in joined} for row in rows], rule)
    names = {tag: together.get(joined[name], joined[name]) for tag, name in spelling.items() if name in joined}
    return Vocabulary(
        names=names,
        written=len(spelling),
        spelled=len(counts),
        frequent=len(frequent),
        final=len(set(names.values())),
        dropped=len(counts) - len(joined),
    )


def _alike(rare: Sequence[str], frequent: Sequence[str], similarity: float) -> dict[str, str]:
    """For each rare tag the frequent one that looks most like it, where one looks like it at all."""
    if not rare or not frequent:
        return {}
    places, cosines = nearest(hashed_ngrams(rare), hashed_ngrams(frequent), 1)
    near = zip(rare, places[:, 0], cosines[:, 0], strict=True)
    return {name: frequent[int(at)] for name, at, cosine in near if cosine >= similarity}


def _together(rows: Sequence[set[str]], rule: TagRule) -> dict[str, str]:
    """Tags that come with a more frequent one nearly always, and that one; chains are followed to their end."""
    counts = Counter(tag for row in rows for tag in row)
    pairs = Counter(pair for row in rows for pair in permutations(sorted(row), 2))
    joins: dict[str, str] = {}
    for (tag, other), shared in sorted(pairs.items(), key=lambda one: (-one[1], one[0])):
        above = (counts[other], tag) > (counts[tag], other)  # of equals the first by name stays
        if shared >= rule.support and shared >= rule.confidence * counts[tag] and above:
            joins.setdefault(tag, other)
    for tag in joins:
        while joins[tag] in joins:
            joins[tag] = joins[joins[tag]]
    return joins
