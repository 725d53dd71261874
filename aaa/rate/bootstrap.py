"""Intervals by the bootstrap over prompts: votes on one prompt stand and fall together (Efron, 1979)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from aaa.rate.table import Floats

PERCENTILES = (2.5, 97.5)
Interval = tuple[float, float]


def resampled(estimate: Callable[[Floats], Floats], items: int, rounds: int, seed: int) -> Floats:
    """`estimate` of `rounds` samples (rows): it gets how often each item was drawn."""
    source = np.random.default_rng(seed)
    draws = (source.integers(items, size=items) for _ in range(rounds))
    return np.stack([estimate(np.bincount(drawn, minlength=items).astype(np.float64)) for drawn in draws])


def intervals(samples: Floats) -> list[Interval | None]:
    """The middle 95 % of each column, over the samples in which it is defined; None where it never is."""
    return [_interval(column[~np.isnan(column)]) for column in samples.T]


def _interval(values: Floats) -> Interval | None:
    if not values.size:
        return None
    low, high = np.percentile(values, PERCENTILES)
    return float(low), float(high)
