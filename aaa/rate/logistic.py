"""Logistic regression on differences: strengths of models, and effects of covariates, of the highest likelihood.

The chance that the left model wins is `1 / (1 + exp(-z))` with `z = strength[left] - strength[right] + covariates @
effects`: Bradley and Terry (1952), with covariates as in Li et al., "Does style matter?" (LMSYS, 2024).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aaa.rate.table import Floats, Ints, sums

TOLERANCE = 1e-7
"""The largest change, in logits, that ends the search (ours): Newton's steps square the error, so that about 1e-14
remains after such a one."""
MAX_STEPS = 1000
"""Newton steps; a dozen are common, and the damping proves that they come to an end (ours)."""


@dataclass(frozen=True, slots=True)
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

    def predict(self, parameters: Floats) -> Floats:
        """`z` of each row; linear in the parameters."""
        strength, effects = parameters[: self.models], parameters[self.models :]
        return strength[self.left] - strength[self.right] + self.covariates @ effects

    def pull(self, residuals: Floats) -> Floats:
        """The transpose of `predict`: a number for each row, summed for each parameter."""
        won = sums(self.left, residuals, self.models) - sums(self.right, residuals, self.models)
        return np.concatenate([won, residuals @ self.covariates])

    def curvature(self, weights: Floats) -> Floats:
        """`predict`, a weight for each row, then `pull`, as a matrix."""
        size = self.models
        met = sums(self.left * size + self.right, weights, size * size).reshape(size, size)
        met += met.T
        matrix = np.empty((self.parameters, self.parameters))
        matrix[:size, :size] = np.diag(met.sum(axis=0)) - met
        for number, covariate in enumerate(self.covariates.T, start=size):
            matrix[number] = matrix[:, number] = self.pull(weights * covariate)
        return matrix


@dataclass(frozen=True, slots=True)
class Prior:
    """Normal distributions of the parameters, each by its mean and 1 / variance; 0 stands for no prior."""

    mean: Floats
    precision: Floats


def fit(design: Design, wins: Floats, games: Floats, prior: Prior, start: Floats) -> Floats:
    """Parameters of the highest posterior density, in logits; each row has `wins` of the left model in `games`.

    Those of a group without prior are found up to a constant, which stays that of `start`. Newton's method, damped by
    the rule for generalised self-concordant functions (Sun and Tran-Dinh, 2019, nu = 2), by which each step descends.
    Raises `ArithmeticError` where there is no such point: the caller provides for one.
    """
    found = start.copy()
    level = np.zeros((design.parameters, design.parameters))
    level[: design.models, : design.models] = design.group[:, None] == design.group  # holds each group where it is
    for _ in range(MAX_STEPS):
        chance = 0.5 + 0.5 * np.tanh(0.5 * design.predict(found))
        slope = design.pull(wins - games * chance) - prior.precision * (found - prior.mean)
        curvature = design.curvature(games * chance * (1.0 - chance))
        solved = np.linalg.solve(curvature + np.diag(prior.precision) + level, slope)
        step: Floats = solved.astype(np.float64, copy=False)
        reach = np.abs(design.predict(step)).max(initial=0.0)
        found += step * (np.log1p(reach) / reach if reach > 0 else 1.0)
        if max(reach, np.abs(step).max(initial=0.0)) < TOLERANCE:
            return found
    raise ArithmeticError(f"the regression on {len(wins)} rows did not come to an end in {MAX_STEPS} steps")
