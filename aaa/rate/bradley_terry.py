"""Bradley-Terry strengths of models, overall and by category."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from aaa.graphs import connected_groups
from aaa.rate.logistic import Design, Prior, fit
from aaa.rate.table import Booleans, Floats, Ints, Table

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
    row: Grouping
    """Of each vote."""
    pair: Grouping
    """Of each vote; there are as many as pairs of models met."""

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
        return cls(table, Design(left, right, covariates, _groups(table)), Grouping.of(row), Grouping.of(pair))

    def fit(self, weights: Floats, prior: Prior | None = None, start: Floats | None = None) -> Floats:
        """Strengths and effects in logits, for each sample of item weights (rows). Without a prior each group of models
        lies around that of `start`, or 0."""
        wins, games = self._results(weights)
        if prior is None:
            prior, pairs = self._weak_prior(), self.pair.groups
            virtual = np.where(self.comparable(weights), 0.0, VIRTUAL_GAMES)[:, None]
            games[:, -pairs:], wins[:, -pairs:] = virtual, virtual / 2
        return fit(self.design, wins, games, prior, np.zeros(self.design.parameters) if start is None else start)

    def information(self, weights: Floats, parameters: Floats) -> Floats:
        """What the votes tell of strengths and effects that lie there: Fisher's information, a matrix for each."""
        chance = 0.5 + 0.5 * np.tanh(0.5 * self.design.predict(parameters))
        return self.design.curvature(self._results(weights)[1] * chance * (1.0 - chance))

    def comparable(self, weights: Floats) -> Booleans:
        """For each sample whether finite strengths fit best: in each group every model wins a point, at least through
        others, from every other (Ford, 1957)."""
        weight, score = weights[:, self.table.item], self._score
        size, pairs = self.design.models, self.pair.groups
        left, right = self.design.left[-pairs:], self.design.right[-pairs:]
        won = np.zeros((len(weights), size, size), np.bool_)
        won[:, left, right] = self.pair.sums(weight * score) > 0
        won[:, right, left] = self.pair.sums(weight * (1.0 - score)) > 0
        first = np.unique(self.design.group, return_index=True)[1]
        there, back = _reached(won, first), _reached(won.transpose(0, 2, 1), first)
        return np.asarray(there.all(axis=1) & back.all(axis=1))

    @cached_property
    def _score(self) -> Floats:
        """Of the model that comes first in the pair, for each vote."""
        return np.where(self.table.left < self.table.right, self.table.score, 1.0 - self.table.score)

    def _results(self, weights: Floats) -> tuple[Floats, Floats]:
        """Points won by the left model, and games: sample by row of the design. Rows without votes come last."""
        weight = weights[:, self.table.item]
        without = ((0, 0), (0, len(self.design.left) - self.row.groups))
        return np.pad(self.row.sums(weight * self._score), without), np.pad(self.row.sums(weight), without)

    def _weak_prior(self) -> Prior:
        precision = np.zeros(self.design.parameters)
        precision[self.design.models :] = EFFECT_SPREAD**-2
        return Prior(np.zeros(self.design.parameters), precision)


@dataclass(frozen=True)
class Grouping:
    """Votes put into groups, none of which is empty."""

    order: Ints
    """Votes, those of one group after the other."""
    starts: Ints
    """Where each group begins."""

    @classmethod
    def of(cls, group: Ints) -> Grouping:
        """Groups are numbered from 0."""
        order = np.argsort(group, kind="stable")
        return cls(order, np.unique(group[order], return_index=True)[1])

    @property
    def groups(self) -> int:
        return len(self.starts)

    def sums(self, values: Floats) -> Floats:
        """`values` (sample by vote) summed by group."""
        if not self.groups:
            return np.zeros((len(values), 0))
        return np.add.reduceat(values[:, self.order], self.starts, axis=1)


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
    """Which nodes can be reached from those of `start`, in each of several graphs (sample, from, to)."""
    seen = np.zeros(edges.shape[:2], np.bool_)
    seen[:, start] = True
    while not np.array_equal(wider := seen | (edges & seen[:, :, None]).any(axis=1), seen):
        seen = wider
    return seen
