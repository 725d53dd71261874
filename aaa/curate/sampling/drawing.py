"""Drawing without replacement by keys that depend on seed and id alone (Gumbel-top-k)."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass

from aaa.curate.sampling.cells import Cell
from aaa.types import content_hash

_DIGITS = 13  # 52 bits: a float holds them exactly (ours)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that may be drawn; `weight` is relative to the others', at least 0."""

    id: str
    cell: Cell = ()
    weight: float = 1.0


def priority(seed: int, id_: str, weight: float = 1.0) -> float:
    """The row's key: the logarithm of its weight plus Gumbel noise from the hash of seed and id; the largest are drawn.

    Taking the k largest keys of a pool is drawing k times without replacement, each time in proportion to the weights
    of what is left (Efraimidis and Spirakis 2006; Kool et al. 2019, arXiv 1903.06059). -inf for weight 0.
    """
    if weight <= 0.0:
        return -math.inf
    digits = int(content_hash([seed, "sample", id_])[:_DIGITS], 16)
    uniform = (digits + 0.5) / (1 << 4 * _DIGITS)
    return math.log(weight) - math.log(-math.log1p(-uniform))


def by_weight(candidates: Iterable[Candidate], size: int, *, seed: int) -> list[str]:
    """Ids of `size` rows drawn in proportion to their weights, first drawn first; fewer where fewer weigh anything.

    Whatever their order in the pool the draw is the same, and the head of a larger one. Memory grows with `size` only.
    """
    keyed = ((priority(seed, one.id, one.weight), one.id) for one in candidates if one.weight > 0.0)
    return [id_ for _, id_ in heapq.nlargest(size, keyed)]
