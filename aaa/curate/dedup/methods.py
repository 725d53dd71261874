"""Deduplication by each of its methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from aaa.curate.dedup.clusters import Deduplicated, Entry, equal_pairs, keep_best
from aaa.curate.dedup.minhash import MinHash, near_pairs
from aaa.scenario import DedupMethod
from aaa.text import Vectors, close_pairs, normalised
from aaa.types import Value


class Dedup(Value):
    """What counts as a duplicate."""

    method: DedupMethod = "minhash"
    """`exact`: equal but for case and white space; `minhash`: overlapping word n-grams; `embedding`: vectors that lie
    close to each other. The last two find the exact ones too."""
    minhash: MinHash = MinHash()
    threshold: Annotated[float, Field(gt=0.0, le=1.0)] = 0.9
    """embedding: cosine from which two texts are duplicates (DEITA, arXiv 2312.15685)."""


def deduplicate(entries: Sequence[Entry], rule: Dedup, vectors: Vectors | None = None) -> Deduplicated:
    """Keep the best of each cluster of duplicates; `vectors`, one for each entry, are what method `embedding` compares.

    Clusters are connected components, so two of a cluster may be joined through others only. Method `embedding` takes
    time with the square of the texts, the others do not.
    """
    texts = [entry.text for entry in entries]
    pairs = equal_pairs(texts)
    if rule.method != "exact":
        copies = {copy for _, copy in pairs}
        single = [at for at, text in enumerate(texts) if at not in copies and normalised(text)]
        pairs += [(single[i], single[j]) for i, j in _alike(texts, single, rule, vectors)]
    return keep_best(entries, pairs)


def _alike(
    texts: Sequence[str], places: Sequence[int], rule: Dedup, vectors: Vectors | None
) -> Sequence[tuple[int, int]]:
    if rule.method == "minhash":
        return near_pairs([texts[at] for at in places], rule.minhash)
    assert vectors is not None, "method `embedding` is given vectors"
    return list(close_pairs(vectors[list(places)], rule.threshold))
