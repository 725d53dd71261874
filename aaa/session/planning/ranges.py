"""Figures that are not known exactly: what is likely, and between what it may lie."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import mean, quantiles, stdev

from aaa.types import Value

T_QUANTILES = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
"""Student's t at 97.5 % for 1 to 30 degrees of freedom (standard table); beyond, the last is used."""

UNSEEN = 0.5
"""Ours: an interval from n items is no narrower than this, divided by n, of the estimate on either side: what happens
on one item in many may be missing from a few."""


class Range(Value):
    """A figure between `low` and `high`."""

    low: float
    likely: float
    high: float

    @classmethod
    def exactly(cls, value: float) -> Range:
        return cls(low=value, likely=value, high=value)

    def __add__(self, other: Range) -> Range:
        """The sum, as if both were low or high together: never too narrow."""
        return Range(low=self.low + other.low, likely=self.likely + other.likely, high=self.high + other.high)

    def __mul__(self, factor: float) -> Range:
        """Times a factor that is not negative."""
        return Range(low=self.low * factor, likely=self.likely * factor, high=self.high * factor)

    def at_most(self, bound: float) -> Range:
        return Range(low=min(self.low, bound), likely=min(self.likely, bound), high=min(self.high, bound))

    def holds(self, value: float) -> bool:
        """Whether `value` lies inside, but for rounding."""
        slack = 1e-9 * max(1.0, abs(value))
        return self.low - slack <= value <= self.high + slack


ZERO = Range.exactly(0.0)


def spread(values: Sequence[float]) -> Range:
    """The mean of single values, between their 10 % and 90 % points. Needs two values."""
    tenths, middle = quantiles(values, n=10, method="inclusive"), mean(values)
    return Range(low=min(tenths[0], middle), likely=middle, high=max(tenths[-1], middle))


def total_of(sample: Sequence[float], population: int) -> Range:
    """The sum over a population of which `sample` is a random part: 95 % interval by Student's t, without replacement.

    Needs two values, or the whole population. It is never below what the sample itself adds up to.
    """
    size, seen = len(sample), sum(sample)
    if size >= population:
        return Range.exactly(seen)
    likely = population * seen / size
    error = stdev(sample) * sqrt((1.0 - size / population) / size) * population
    half = max(T_QUANTILES[min(size - 1, len(T_QUANTILES)) - 1] * error, likely * UNSEEN / size)
    return Range(low=max(seen, likely - half), likely=likely, high=likely + half)
