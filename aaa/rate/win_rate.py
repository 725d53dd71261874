"""Win rates, each opponent counted alike."""

from __future__ import annotations

import numpy as np

from aaa.rate.table import Floats, Table


def win_rate(table: Table, weights: Floats) -> Floats:
    """Mean over a model's opponents of the share of points it won from each, a tie as half; in 0..1.

    Thus a model gains nothing by meeting weak ones more often. NaN for a model without a vote.
    """
    points = table.points(weights)
    games = points + points.T
    met = games > 0
    share = np.divide(points, games, out=np.zeros_like(points), where=met)
    opponents = met.sum(axis=1)
    rates = np.full(len(opponents), np.nan)
    np.divide(share.sum(axis=1), opponents, out=rates, where=opponents > 0)
    return rates
