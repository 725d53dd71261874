"""Coefficients of agreement beyond chance; None where they are not defined.

Sources: Cohen (1960); Fleiss (1971); Krippendorff, "Computing Krippendorff's alpha-reliability" (2011).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal

import numpy as np

from aaa.rate.table import Floats, Ints, sums

Level = Literal["nominal", "ordinal", "interval", "ratio"]


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Agreement of two coders on the same units, beyond what their own label frequencies make likely; at most 1.

    None without units, and where both always give one and the same label.
    """
    number = {label: index for index, label in enumerate(dict.fromkeys((*first, *second)))}
    codes = [np.array([number[label] for label in coder], np.intp) for coder in (first, second)]
    return cohen(codes[0], codes[1], np.ones(len(first)))


def fleiss_kappa(units: Sequence[Sequence[Hashable]]) -> float | None:
    """Agreement of coders, who may differ from unit to unit, beyond what the label frequencies make likely; at most 1.

    Each unit holds the labels it got. None where units have different numbers of labels, fewer than two, or all the
    same label.
    """
    number = {label: index for index, label in enumerate(dict.fromkeys(label for unit in units for label in unit))}
    coded = [[number[label] for label in unit] for unit in units]
    return fleiss(counts_of(coded, len(number)), np.ones(len(units)))


def krippendorff_alpha(units: Sequence[Sequence[str | float]], level: Level = "nominal") -> float | None:
    """One less observed over expected disagreement; any number of coders, missing values left out of their unit.

    Beside `nominal`, labels are numbers. None where fewer than two labels can be paired, or all are the same.
    """
    labels = sorted({label for unit in units for label in unit}, key=lambda label: (isinstance(label, str), label))
    number = {label: index for index, label in enumerate(labels)}
    coded = [[number[label] for label in unit] for unit in units]
    values = np.arange(len(labels), dtype=np.float64) if level == "nominal" else np.array(labels, np.float64)
    return alpha(counts_of(coded, len(labels)), np.ones(len(units)), values, level)


def counts_of(units: Sequence[Sequence[int]], labels: int) -> Floats:
    """How often each unit (row) got each label (column)."""
    counts = np.zeros((len(units), labels))
    for row, unit in enumerate(units):
        for label in unit:
            counts[row, label] += 1
    return counts


def raw_agreement(counts: Floats, weights: Floats) -> tuple[float, float | None]:
    """Pairs of labels on the same unit, and the share of them that agree."""
    pairs = weights @ (counts.sum(axis=1) * (counts.sum(axis=1) - 1.0)) / 2
    agreeing = weights @ (counts * (counts - 1.0)).sum(axis=1) / 2
    return float(pairs), float(agreeing / pairs) if pairs else None


def cohen(first: Ints, second: Ints, weights: Floats) -> float | None:
    """`cohen_kappa` of indices of labels, each unit with its weight."""
    if not weights.sum():
        return None
    size = int(max(first.max(), second.max())) + 1
    table = sums(first * size + second, weights, size * size).reshape(size, size) / weights.sum()
    return _beyond_chance(float(np.trace(table)), float(table.sum(axis=1) @ table.sum(axis=0)))


def fleiss(counts: Floats, weights: Floats) -> float | None:
    """`fleiss_kappa` of counts by unit and label, each unit with its weight."""
    sizes = np.unique(counts.sum(axis=1))
    if len(sizes) != 1 or sizes[0] < 2 or not weights.sum():
        return None
    _, observed = raw_agreement(counts, weights)
    shares = weights @ counts / (weights.sum() * sizes[0])
    return None if observed is None else _beyond_chance(observed, float(shares @ shares))


def alpha(counts: Floats, weights: Floats, values: Floats, level: Level) -> float | None:
    """`krippendorff_alpha` of counts by unit and label; `values` are those of the labels, ascending."""
    sizes = counts.sum(axis=1)
    paired = sizes > 1
    counts, scaled = counts[paired], weights[paired] / (sizes[paired] - 1.0)
    coincidences = (counts * scaled[:, None]).T @ counts - np.diag(scaled @ counts)
    totals = coincidences.sum(axis=1)
    number = totals.sum()
    distances = _distances(values, totals, level)
    expected = totals @ distances @ totals
    if expected <= 0:
        return None
    return float(1.0 - (number - 1.0) * (coincidences * distances).sum() / expected)


def _distances(values: Floats, totals: Floats, level: Level) -> Floats:
    """Squared distance of each two labels."""
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    one, other = values[:, None], values[None, :]
    if level == "ordinal":
        below = np.cumsum(totals) - totals / 2
        one, other = below[:, None], below[None, :]
    gap: Floats = one - other
    if level == "ratio":
        gap /= np.where(one + other != 0, one + other, 1.0)
    return gap * gap


def _beyond_chance(observed: float, expected: float) -> float | None:
    return None if expected >= 1.0 else (observed - expected) / (1.0 - expected)
