"""Bradley-Terry strengths of models, overall and by category."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aaa.graphs import connected_groups
from aaa.rate.logistic import Design, Prior, fit
from aaa.rate.table import Booleans, Floats, Ints, Table, sums

VIRTUAL_GAMES = 0.5
"""Half a tie for each pair of models that met, where the votes alone would set models infinitely far apart (ours)."""
EFFECT_SPREAD = 1.0
"""Standard deviation of the prior of an effect of style, in logits for one standard deviation of style (ours): wide
beside effects of 0.1 to 0.5 in the literature, and enough to keep them finite."""


@dataclass(frozen=True)
class Contest:
    """Votes made ready to be fitted many times, with other weights of their items.

    Without covariates the votes of each pair of models are summed first, so that their order cannot matter.
    """

    table: Table
    design: Design
    """One row for each pair of models (or each vote, where there are covariates), then one for each pair."""
    row: Ints
    """Of each vote."""
    pairs: int
    """How many pairs of models met."""

    @classmethod
    def of(cls, table: Table) -> Contest:
        pair_left, pair_right, pair = _pairs(table)
        styled = table.covariates.shape[1] > 0
        swapped = (table.left > table.right)[:, None]
        covariates = np.where(swapped, -table.covariates, table.covariates) if styled else np.zeros((len(pair_left), 0))
        left = np.concatenate([pair_left[pair] if styled else pair_left, pair_left])
        right = np.concatenate([pair_right[pair] if styled else pair_right, pair_right])
        covariates = np.concatenate([covariates, np.zeros((len(pair_left), table.covariates.shape[1]))])
        row = np.arange(len(pair), dtype=np.intp) if styled else pair
        return cls(table, Design(left, right, covariates, _groups(table)), row, len(pair_left))

    def fit(self, weights: Floats, prior: Prior | None = None, start: Floats | None = None) -> Floats:
        """Strengths and effects in logits. Without a prior each group of models lies around that of `start`, or 0."""
        wins, games = self._results(weights)
        if prior is None:
            prior = self._weak_prior()
            virtual = 0.0 if self.comparable(weights) else VIRTUAL_GAMES
            games[-self.pairs :], wins[-self.pairs :] = virtual, virtual / 2
        return fit(self.design, wins, games, prior, np.zeros(self.design.parameters) if start is None else start)

    def information(self, weights: Floats, parameters: Floats) -> Floats:
        """What the votes tell of strengths and effects that lie there: Fisher's information, a matrix."""
        chance = 0.5 + 0.5 * np.tanh(0.5 * self.design.predict(parameters))
        return self.design.curvature(self._results(weights)[1] * chance * (1.0 - chance))

    def comparable(self, weights: Floats) -> bool:
        """Whether finite strengths fit best: in each group every model wins a point, at least through others, from
        every other (Ford, 1957)."""
        won = self.table.points(weights) > 0
        first = np.unique(self.design.group, return_index=True)[1]
        return bool(_reached(won, first).all() and _reached(won.T, first).all())

    def _results(self, weights: Floats) -> tuple[Floats, Floats]:
        """Points won by the left model, and games, of each row of the design."""
        table, rows = self.table, len(self.design.left)
        weight = weights[table.item]
        score = np.where(table.left < table.right, table.score, 1.0 - table.score)
        return sums(self.row, weight * score, rows), sums(self.row, weight, rows)

    def _weak_prior(self) -> Prior:
        precision = np.zeros(self.design.parameters)
        precision[self.design.models :] = EFFECT_SPREAD**-2
        return Prior(np.zeros(self.design.parameters), precision)


def _pairs(table: Table) -> tuple[Ints, Ints, Ints]:
    """Pairs of models that met, the smaller first, and for each vote the index of its pair."""
    size = len(table.models)
    low, high = np.minimum(table.left, table.right), np.maximum(table.left, table.right)
    cells, pair = np.unique(low * size + high, return_inverse=True)
    return cells // size, cells % size, pair


def _groups(table: Table) -> Ints:
    groups = connected_groups(table.models, table.meetings())
    number = {name: index for index, group in enumerate(groups) for name in group}
    return np.array([number[name] for name in table.models], np.intp)


def _reached(edges: Booleans, start: Ints) -> Booleans:
    """Which nodes can be reached from those of `start`."""
    seen = np.zeros(len(edges), np.bool_)
    seen[start] = True
    while not np.array_equal(wider := seen | edges[seen].any(axis=0), seen):
        seen = wider
    return seen
