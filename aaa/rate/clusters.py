"""Shares and effects with intervals that count prompts: what happens twice on one prompt is no second witness.

Variances are those of the linearised ratio over prompts (Cochran 1977, ch. 6; Liang and Zeger 1986 for least squares).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from aaa.rate.table import Floats

LEVEL = 0.95
Z = NormalDist().inv_cdf((1 + LEVEL) / 2)
PSEUDO = 2
"""Prompts added at each end of the scale (Agresti and Coull 1998: two successes and two failures)."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; `n` is the number of readings behind it."""

    value: float
    low: float
    high: float
    n: int


@dataclass
class Share:
    """A share that is being counted; one reading lies between `floor` and 1."""

    floor: float = 0.0

    def __post_init__(self) -> None:
        self._by_item: dict[str, tuple[float, int]] = {}

    def add(self, item: str, value: float) -> None:
        """Count one reading on a prompt."""
        total, number = self._by_item.get(item, (0.0, 0))
        self._by_item[item] = total + value, number + 1

    def estimate(self) -> Estimate | None:
        """The mean of all readings, with an Agresti-Coull interval over prompts; None without a reading.

        Agresti and Coull's four added observations become four added prompts of mean size: so a share of 0 or 1 has an
        honest interval too.
        """
        readings = sum(number for _, number in self._by_item.values())
        if not readings:
            return None
        size = readings / len(self._by_item)
        ends = [(end * size, size) for end in (self.floor, 1.0) for _ in range(PSEUDO)]
        padded = [*self._by_item.values(), *ends]
        weight = sum(number for _, number in padded)
        centre = sum(total for total, _ in padded) / weight
        squares = sum((total - centre * number) ** 2 for total, number in padded)
        margin = Z * sqrt(squares * len(padded) / (len(padded) - 1)) / weight
        value = sum(total for total, _ in self._by_item.values()) / readings
        return Estimate(value, max(self.floor, centre - margin), min(1.0, centre + margin), readings)


@dataclass(frozen=True, slots=True)
class Fit:
    """A least squares fit: coefficients by name, and their covariance over prompts."""

    names: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    items: int
    rows: int

    def estimate(self, value: float, gradient: Mapping[str, float]) -> Estimate:
        """`value` of a function of the coefficients with this gradient, and its interval (delta method).

        No interval is narrower than that of an effect which no prompt shows: 4 of (prompts + 4), as for shares.
        """
        slope = [gradient.get(name, 0.0) for name in self.names]
        variance = sum(
            a * b * c for a, row in zip(slope, self.covariance, strict=True) for b, c in zip(slope, row, strict=True)
        )
        margin = max(Z * sqrt(max(0.0, variance)), 2 * PSEUDO / (self.items + 2 * PSEUDO))
        return Estimate(value, max(-1.0, value - margin), min(1.0, value + margin), self.rows)

    def coefficient(self, name: str) -> Estimate:
        """One coefficient."""
        return self.estimate(float(self.coefficients[self.names.index(name)]), {name: 1.0})


def least_squares(names: Sequence[str], rows: Iterable[tuple[str, Sequence[float], float]]) -> Fit | None:
    """Fit `y` by the columns `names` over rows (item, x, y); None where the columns cannot be told apart."""
    kept = list(rows)
    items = {item: number for number, item in enumerate(dict.fromkeys(item for item, _, _ in kept))}
    columns = np.array([x for _, x, _ in kept], np.float64).reshape(len(kept), len(names))
    if len(items) <= len(names) or np.linalg.matrix_rank(columns) < len(names):
        return None
    outcome = np.array([y for _, _, y in kept], np.float64)
    inverse = np.linalg.inv(columns.T @ columns)
    beta = inverse @ columns.T @ outcome
    scores = np.zeros((len(items), len(names)))
    np.add.at(scores, [items[item] for item, _, _ in kept], columns * (outcome - columns @ beta)[:, None])
    influence = scores @ inverse
    few = len(items) / (len(items) - 1) * (len(kept) - 1) / (len(kept) - len(names))
    return Fit(tuple(names), beta, few * influence.T @ influence, len(items), len(kept))
