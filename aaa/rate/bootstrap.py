"""Intervals by the bootstrap over prompts: votes on one prompt stand and fall together (Efron, 1979)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from aaa.rate.table import Floats

PERCENTILES = (2.5, 97.5)
Interval = tuple[float, float]


SAMPLES_AT_ONCE = 64
"""Ours: enough to make light of the cost of a step, and no burden on memory."""

Estimator = Callable[[Floats], Floats]
"""Estimates from the weights of items, a row for each sample."""


def resampled(estimate: Estimator, items: int, rounds: int, seed: int) -> Floats:
    """`estimate` of `rounds` samples (rows): it gets how often each item was drawn."""
    source, found = np.random.default_rng(seed), []
    for begin in range(0, rounds, SAMPLES_AT_ONCE):
        draws = (source.integers(items, size=items) for _ in range(min(SAMPLES_AT_ONCE, rounds - begin)))
        found.append(estimate(np.stack([np.bincount(drawn, minlength=items) for drawn in draws]).astype(np.float64)))
    return np.concatenate(found)


def each(estimate: Callable[[Floats], Floats]) -> Estimator:
    """The estimator that estimates sample by sample."""
    return lambda weights: np.stack([estimate(sample) for sample in weights])


def intervals(samples: Floats) -> list[Interval | None]:
    """The middle 95 % of each column, over the samples in which it is defined; None where it never is."""
    return [_interval(column[~np.isnan(column)]) for column in samples.T]


def _interval(values: Floats) -> Interval | None:
    if not values.size:
        return None
    low, high = np.percentile(values, PERCENTILES)
    return float(low), float(high)
