"""Elo ratings: each vote moves the two models by what it surprised. They depend on the order of the votes."""

from __future__ import annotations

import numpy as np

from aaa.rate.table import Floats, Table

K = 4.0
"""How far a vote can move a rating; FastChat's value, small because judged models don't learn between votes."""


def elo(table: Table, weights: Floats, *, start: float, scale: float) -> Floats:
    """Ratings after all votes in their order; NaN for a model without a vote.

    A vote whose item weighs `w` moves the ratings `w` times as far, at once. A model that is expected to win ten times
    as often as it loses stands `scale` above the other.
    """
    ratings = [start] * len(table.models)
    columns = (table.left, table.right, table.score, weights[table.item])
    for left, right, score, weight in zip(*(column.tolist() for column in columns), strict=True):
        expected = 1.0 / (1.0 + 10.0 ** ((ratings[right] - ratings[left]) / scale))
        move = K * weight * (score - expected)
        ratings[left] += move
        ratings[right] -= move
    return np.where(table.games > 0, ratings, np.nan)
