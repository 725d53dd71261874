"""Logistic regression on differences: strengths of models, and effects of covariates, of the highest likelihood.

The chance that the left model wins is `1 / (1 + exp(-z))` with `z = strength[left] - strength[right] + covariates @
effects`: Bradley and Terry (1952), with covariates as in Li et al., "Does style matter?" (LMSYS, 2024).

Many samples are fitted at once: arrays have a row for each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from aaa.rate.table import Floats, Ints

TOLERANCE = 1e-7
"""The largest change, in logits, that ends the search (ours): Newton's steps square the error, so that about 1e-14
remains after such a one."""
MAX_STEPS = 1000
"""Newton steps; a dozen are common, and the damping proves that they come to an end (ours)."""


@dataclass(frozen=True)
class Design:
    """Who meets whom in each row, and what else differs between the two."""

    left: Ints
    right: Ints
    covariates: Floats
    group: Ints
    """Of each model; strengths of different groups are not comparable, as they never met."""

    @property
    def models(self) -> int:
        return len(self.group)

    @property
    def parameters(self) -> int:
        """Strengths first, then effects."""
        return self.models + int(self.covariates.shape[1])

    @cached_property
    def matrix(self) -> Floats:
        """Row by parameter: 1 for the left model, -1 for the right one, then the covariates."""
        made = np.zeros((len(self.left), self.parameters))
        rows = np.arange(len(self.left))
        made[rows, self.left] = 1.0
        made[rows, self.right] -= 1.0
        made[:, self.models :] = self.covariates
        return made

    def predict(self, parameters: Floats) -> Floats:
        """`z`: sample by row; linear in the parameters."""
        return parameters @ self.matrix.T

    def pull(self, residuals: Floats) -> Floats:
        """The transpose of `predict`: a number for each row, summed for each parameter."""
        return residuals @ self.matrix

    def curvature(self, weights: Floats) -> Floats:
        """`predict`, a weight for each row, then `pull`, as a matrix for each sample."""
        return np.stack([(self.matrix.T * weight) @ self.matrix for weight in weights])


@dataclass(frozen=True, slots=True)
class Prior:
    """Normal distributions of the parameters: the mean, for each sample or for all, and 1 / variance; 0 stands for no
    prior."""

    mean: Floats
    precision: Floats


def fit(design: Design, wins: Floats, games: Floats, prior: Prior, start: Floats) -> Floats:
    """Parameters of the highest posterior density of each sample, in logits; each row has `wins` of the left model in
    `games`.

    Those of a group without prior are found up to a constant, which stays that of `start`. Newton's method, damped by
    the rule for generalised self-concordant functions (Sun and Tran-Dinh, 2019, nu = 2), by which each step descends.
    Raises `ArithmeticError` where there is no such point: the caller provides for one.
    """
    shape = (len(wins), design.parameters)
    found, mean = np.broadcast_to(start, shape).copy(), np.broadcast_to(prior.mean, shape)
    level = np.diag(prior.precision)
    level[: design.models, : design.models] += design.group[:, None] == design.group  # holds each group where it is
    moving = np.arange(len(wins))
    for _ in range(MAX_STEPS):
        chance = 0.5 + 0.5 * np.tanh(0.5 * design.predict(found[moving]))
        residuals = wins[moving] - games[moving] * chance
        slope = design.pull(residuals) - prior.precision * (found[moving] - mean[moving])
        curvature = design.curvature(games[moving] * chance * (1.0 - chance))
        solved = np.linalg.solve(curvature + level, slope[..., None])[..., 0]
        step: Floats = solved.astype(np.float64, copy=False)
        reach = np.abs(design.predict(step)).max(axis=1, initial=0.0)
        damping = np.divide(np.log1p(reach), reach, out=np.ones_like(reach), where=reach > 0)
        found[moving] += step * damping[:, None]
        moving = moving[np.maximum(reach, np.abs(step).max(axis=1, initial=0.0)) >= TOLERANCE]
        if not moving.size:
            return found
    raise ArithmeticError(f"the regression on {wins.shape[1]} rows did not come to an end in {MAX_STEPS} steps")
