"""A sample whose cells come as near to their target shares as whole rows allow."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from aaa.curate.sampling.cells import Cell
from aaa.curate.sampling.drawing import Candidate, priority

_NOTHING = 1e-9
"""Of a row: what rounding of shares may amount to (ours)."""


def by_quota(candidates: Iterable[Candidate], shares: Mapping[Cell, float], size: int, *, seed: int) -> list[str]:
    """Ids of up to `size` rows whose cells hold `shares` of them; in each cell they are drawn by weight.

    No cell lies a whole row or more below its quota unless all its rows are taken, and none above it unless another
    cell had too few. A cell without a share gives none. The draw does not depend on the order of the pool and is
    the head of a larger one.
    """
    waiting: dict[Cell, list[tuple[float, str]]] = {}
    for one in candidates:
        if one.weight > 0.0 and shares.get(one.cell, 0.0) > 0.0:
            waiting.setdefault(one.cell, []).append((-priority(seed, one.id, one.weight), one.id))
    held = Counter({cell: len(rows) for cell, rows in waiting.items()})
    for rows in waiting.values():
        heapq.heapify(rows)
    return [heapq.heappop(waiting[cell])[1] for cell in seats(shares, held, size)]


def seats(shares: Mapping[Cell, float], held: Mapping[Cell, int], size: int) -> Iterator[Cell]:
    """The cell of each row, one after the other: the quota method of apportionment (Balinski and Young 1975).

    The next row goes to the cell with the largest share for each row it would then have, among those that are not yet
    at their quota rounded up. Largest remainders would take rows back as the size grows, divisors alone break quotas.
    """
    cells = sorted(cell for cell in shares if shares[cell] > 0.0)
    if len(cells) < 2:  # nobody to share with
        yield from (cell for cell in cells for _ in range(min(size, held.get(cell, 0))))
        return
    import numpy as np  # heavy

    part = np.array([shares[cell] for cell in cells], dtype=float)
    part /= part.sum()
    room = np.array([held.get(cell, 0) for cell in cells])
    taken = np.zeros(len(cells), dtype=int)
    for rows in range(1, min(size, int(room.sum())) + 1):
        claim = np.where(taken < room, part / (taken + 1), -1.0)
        below = np.where(taken < rows * part - _NOTHING, claim, -1.0)
        at = int(np.argmax(below if below.max() > 0.0 else claim))
        taken[at] += 1
        yield cells[at]
