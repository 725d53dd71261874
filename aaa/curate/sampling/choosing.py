"""The sample that a scenario or a command asks for."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from aaa.curate.sampling.cells import Cell, Labelled
from aaa.curate.sampling.diversity import by_diversity
from aaa.curate.sampling.drawing import Candidate, by_weight
from aaa.curate.sampling.quotas import by_quota
from aaa.curate.sampling.report import SampleReport, cell_reports, effective_size
from aaa.curate.sampling.targets import importance, target_shares
from aaa.errors import UsageError
from aaa.scenario import Sampling

LARGEST = 700.0
"""Logarithm of the largest weight a float holds, with room to spare."""


class Row(Labelled, Protocol):
    """What is read of a row."""

    @property
    def tags(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of a row of the pool while a sample is drawn."""

    id: str
    cell: Cell
    tags: frozenset[str] = frozenset()
    log_weight: float = 0.0
    """`similar` only: see `Likeness`."""


@dataclass(frozen=True)
class Drawn:
    """Ids in the order in which they were drawn (a smaller sample is the head of a larger one), and the report."""

    ids: tuple[str, ...]
    report: SampleReport


def choose(pool: Sequence[Entry], spec: Sampling, *, seed: int) -> Drawn:
    """Draw the sample. Raises `UsageError` where the weights leave nothing to draw."""
    natural = Counter(entry.cell for entry in pool)
    shares = target_shares(natural, spec)
    if pool and not shares:
        raise UsageError(f"sample.weights: every one of {len(natural)} cells has the weight 0, so no row can be taken")
    candidates = _candidates(pool, spec, importance(natural, shares, spec.cap))
    if spec.method == "quota":
        ids = by_quota(candidates, shares, spec.size, seed=seed)
    elif spec.method == "diverse":
        ids = by_diversity(((entry.id, entry.tags) for entry in pool), spec.size, seed=seed)
    else:
        ids = by_weight(candidates, spec.size, seed=seed)
    cells = {entry.id: entry.cell for entry in pool}
    steered = spec.method in ("quota", "weighted")
    report = SampleReport(
        method=spec.method,
        by=spec.by,
        pool=len(pool),
        asked=spec.size,
        size=len(ids),
        cells=cell_reports(natural, shares if steered else None, Counter(cells[id_] for id_ in ids)),
        effective=effective_size(_weights(candidates, spec, importance(natural, shares, math.inf))),
    )
    return Drawn(tuple(ids), report)


def _candidates(pool: Sequence[Entry], spec: Sampling, weights: dict[Cell, float]) -> list[Candidate]:
    if spec.method == "similar":
        top = max((entry.log_weight for entry in pool), default=0.0)
        return [Candidate(e.id, e.cell, math.exp(max(-LARGEST, e.log_weight - top))) for e in pool]
    plain = [Candidate(entry.id, entry.cell) for entry in pool]
    return [replace(one, weight=weights[one.cell]) for one in plain] if spec.method == "weighted" else plain


def _weights(candidates: Sequence[Candidate], spec: Sampling, uncapped: dict[Cell, float]) -> list[float]:
    """What rows weigh; quotas weigh them by cell although each cell draws evenly."""
    return [uncapped[one.cell] if spec.method == "quota" else one.weight for one in candidates]
