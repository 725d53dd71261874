"""Bradley-Terry ratings on the usual scale, those of categories drawn towards the overall ones."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from aaa.rate.bradley_terry import Contest
from aaa.rate.logistic import Prior
from aaa.rate.rule import RatingRule
from aaa.rate.table import Floats, Table

CATEGORY_SPREAD = 0.5
"""Standard deviation, in logits (87 points of the scale of 400), of the prior of a category's strength around the
overall one (ours): large gaps show with a few dozen votes, while a handful of them moves little."""


class Strengths:
    """Ratings as a function of the weights of items, a row for each sample: overall, by category, then effects of
    style in logits."""

    def __init__(self, table: Table, rule: RatingRule) -> None:
        self._rule, self._overall = rule, Contest.of(table)
        categories = range(len(table.categories)) if rule.by_category else ()
        self._parts = [Contest.of(table.where(table.category == number)) for number in categories]

    def __call__(self, weights: Floats) -> Floats:
        models = self._overall.design.models
        overall = self._overall.fit(weights, start=self._start)
        zero = self._zero(self._overall, overall)
        ratings = [self._placed(self._overall, overall, zero)]
        for part in self._parts:
            if self._rule.shrink:
                ratings.append(self._placed(part, part.fit(weights, _around(overall), start=overall), zero))
            else:
                strengths = part.fit(weights)
                ratings.append(self._placed(part, strengths, self._zero(part, strengths)))
        return np.concatenate([*ratings, overall[:, models:]], axis=1)

    def shrinkage_errors(self) -> list[Floats]:
        """For each category the covariance, in points squared, of the error that drawing it towards the overall
        strengths brings, all votes counted: with `P` the prior's precision and `H` the sum of it and of the votes'
        information it is `H^-1 P H^-1`, nearly that of the prior itself where there are few votes.
        """
        found = []
        for part in self._parts:
            prior = _around(self._start)
            strengths = part.fit(self._all, prior, start=self._start)
            inverse = np.linalg.inv(part.information(self._all, strengths)[0] + np.diag(prior.precision))
            models = part.design.models
            found.append(((inverse * prior.precision) @ inverse)[:models, :models] * self._points**2)
        return found

    @cached_property
    def _start(self) -> Floats:
        """Where the search begins: the estimate from all votes."""
        return self._overall.fit(self._all)

    @property
    def _all(self) -> Floats:
        """One sample: each item once."""
        return np.ones((1, len(self._overall.table.items)))

    def _zero(self, contest: Contest, parameters: Floats) -> Floats:
        """For each model the strength that is rated `mean`: the mean of its group, or what puts the anchor in place."""
        group, strengths = contest.design.group, parameters[:, : contest.design.models]
        together = (group[:, None] == group).astype(np.float64)
        zero: Floats = strengths @ (together / together.sum(axis=0))
        if self._rule.anchor is not None:
            name, value = self._rule.anchor
            anchor = contest.table.models.index(name)
            if contest.table.games[anchor]:
                placed = strengths[:, [anchor]] - (value - self._rule.mean) / self._points
                zero[:, group == group[anchor]] = placed
        return zero

    def _placed(self, contest: Contest, parameters: Floats, zero: Floats) -> Floats:
        ratings = self._rule.mean + self._points * (parameters[:, : contest.design.models] - zero)
        return np.where(contest.table.games > 0, ratings, np.nan)

    @property
    def _points(self) -> float:
        """Points of the scale to a logit."""
        return self._rule.scale / math.log(10.0)


def _around(parameters: Floats) -> Prior:
    return Prior(parameters, np.full(parameters.shape[1], CATEGORY_SPREAD**-2))
