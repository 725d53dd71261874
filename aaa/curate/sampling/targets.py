"""What shares cells are to have, and what a row of a cell then weighs."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from aaa.curate.sampling.cells import ANY, Cell
from aaa.scenario import Sampling


def target_shares(natural: Mapping[Cell, int], spec: Sampling) -> dict[Cell, float]:
    """The share of each cell of the pool, together 1: even or natural^(1/temperature), times the weights of its values.

    Empty where every weight is 0. Temperature as for mixing languages (Conneau et al. 2020, arXiv 1911.02116, where
    its inverse is called alpha).
    """
    parts = {cell: _base(rows, spec) * _weight(cell, spec) for cell, rows in natural.items() if rows}
    whole = sum(parts.values())
    return {cell: part / whole for cell, part in parts.items()} if whole > 0.0 else {}


def _base(rows: int, spec: Sampling) -> float:
    return 1.0 if spec.target == "even" else rows ** (1.0 / spec.temperature)


def _weight(cell: Cell, spec: Sampling) -> float:
    """Product of what is said of the cell's values; 1 where nothing is."""
    weights = ((spec.weights.get(name, {}), value) for name, value in zip(spec.by, cell, strict=True))
    return prod(known.get(value, known.get(ANY, 1.0)) for known, value in weights)


def importance(natural: Mapping[Cell, int], shares: Mapping[Cell, float], cap: float) -> dict[Cell, float]:
    """What a row of each cell weighs: target over natural share, at most `cap`."""
    rows = sum(natural.values())
    return {cell: min(cap, shares.get(cell, 0.0) * rows / count) for cell, count in natural.items() if count}
