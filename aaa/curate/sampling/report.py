"""What a sample came to: natural, target and achieved distribution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from aaa.curate.sampling.cells import Cell


@dataclass(frozen=True)
class CellReport:
    """A cell: its share of the pool, its target, and its share of the sample, in 0..1; `rows` it has in either."""

    cell: Cell
    natural: float
    target: float | None
    """None where the method sets no shares."""
    achieved: float
    pool_rows: int
    rows: int


@dataclass(frozen=True)
class SampleReport:
    """A sample and its pool."""

    method: str
    by: tuple[str, ...]
    pool: int
    asked: int
    size: int
    cells: tuple[CellReport, ...]
    effective: float
    """Effective sample size of the pool under its weights, (sum w)^2 / sum w^2 (Kish 1965): how many equally weighted
    rows it is worth."""

    def document(self) -> dict[str, Any]:
        """The report as JSON."""
        cells = [{**asdict(one), "cell": list(one.cell)} for one in self.cells]
        return {**asdict(self), "by": list(self.by), "cells": cells}


def effective_size(weights: Iterable[float]) -> float:
    """(sum w)^2 / sum w^2; 0 for no weight."""
    total = squares = 0.0
    for weight in weights:
        total, squares = total + weight, squares + weight * weight
    return total * total / squares if squares > 0.0 else 0.0


def cell_reports(
    natural: Mapping[Cell, int], shares: Mapping[Cell, float] | None, drawn: Mapping[Cell, int]
) -> tuple[CellReport, ...]:
    """One for each cell of the pool, in order."""
    pool, size, counts = sum(natural.values()), sum(drawn.values()), Counter(drawn)
    return tuple(
        CellReport(
            cell=cell,
            natural=rows / pool,
            target=None if shares is None else shares.get(cell, 0.0),
            achieved=counts[cell] / size if size else 0.0,
            pool_rows=rows,
            rows=counts[cell],
        )
        for cell, rows in sorted(natural.items())
    )
