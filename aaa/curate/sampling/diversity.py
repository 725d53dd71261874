"""Rows that cover many tags: the complexity-first diverse sampling of InsTag (Lu et al. 2023, arXiv 2308.07074)."""

from __future__ import annotations

from collections.abc import Iterable

from aaa.curate.sampling.drawing import priority


def by_diversity(tagged: Iterable[tuple[str, frozenset[str]]], size: int, *, seed: int) -> list[str]:
    """Ids of `size` rows: those with most tags first, each only if it adds a tag; once none does, begin anew.

    Rows without tags come last. Rows with as many tags are ordered by seed; the draw is the head of a larger one.
    """
    left = sorted(tagged, key=lambda row: (-len(row[1]), -priority(seed, row[0]), row[0]))
    taken: list[str] = []
    while left and len(taken) < size:
        covered: set[str] = set()
        rest: list[tuple[str, frozenset[str]]] = []
        for id_, tags in left:
            if tags <= covered and (tags or covered):
                rest.append((id_, tags))
            else:
                covered |= tags
                taken.append(id_)
        left = rest
    return taken[:size]
