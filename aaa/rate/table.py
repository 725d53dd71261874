"""Votes as columns of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from aaa.rate.votes import Vote, VoteOutcome

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Booleans = npt.NDArray[np.bool_]
Ties = Literal["half", "drop"]

_SCORES: dict[VoteOutcome, float] = {"left": 1.0, "right": 0.0, "tie": 0.5, "inconsistent": 0.5}


@dataclass(frozen=True, slots=True)
class Table:
    """Votes that count, in their order; models, items and categories are indices into sorted names."""

    models: tuple[str, ...]
    items: tuple[str, ...]
    categories: tuple[str, ...]
    left: Ints
    right: Ints
    score: Floats
    """Of the left model: 1 won, 0.5 tied, 0 lost."""
    item: Ints
    category: Ints
    """-1 for a vote without a category."""
    covariates: Floats
    """One row for each vote; no columns where style is not asked for."""

    @classmethod
    def of(cls, votes: Sequence[Vote], ties: Ties, covariates: Floats | None = None) -> Table:
        """The votes; with `ties="drop"` only those that were decided. `covariates` has a row for each of `votes`."""
        models = _index(name for vote in votes for name in (vote.left, vote.right))
        items = _index(vote.item for vote in votes)
        categories = _index(vote.category for vote in votes if vote.category is not None)
        whole = cls(
            tuple(models),
            tuple(items),
            tuple(categories),
            left=np.array([models[vote.left] for vote in votes], np.intp),
            right=np.array([models[vote.right] for vote in votes], np.intp),
            score=np.array([_SCORES[vote.outcome] for vote in votes], np.float64),
            item=np.array([items[vote.item] for vote in votes], np.intp),
            category=np.array([-1 if vote.category is None else categories[vote.category] for vote in votes], np.intp),
            covariates=np.zeros((len(votes), 0)) if covariates is None else covariates,
        )
        return whole if ties == "half" else whole.where(whole.score != 0.5)

    def where(self, rows: Booleans) -> Table:
        """Only these votes, with the same indices of models and items."""
        columns = ("left", "right", "score", "item", "category", "covariates")
        return replace(self, **{name: getattr(self, name)[rows] for name in columns})

    @property
    def games(self) -> Floats:
        """How many votes each model has."""
        return np.bincount(np.concatenate([self.left, self.right]), minlength=len(self.models)).astype(np.float64)

    def points(self, weights: Floats) -> Floats:
        """What each model (row) won from each other (column), ties as half; `weights` are those of the items."""
        weight, size = weights[self.item], len(self.models)
        cells = np.concatenate([self.left * size + self.right, self.right * size + self.left])
        won = np.concatenate([weight * self.score, weight * (1.0 - self.score)])
        return sums(cells, won, size * size).reshape(size, size)

    def meetings(self) -> set[tuple[str, str]]:
        """Pairs of models that met, as they sat."""
        return {
            (self.models[a], self.models[b]) for a, b in {*zip(self.left.tolist(), self.right.tolist(), strict=True)}
        }


def sums(cells: Ints, values: Floats, size: int) -> Floats:
    """The sum of `values` in each of `size` cells."""
    return np.bincount(cells, values, size).astype(np.float64, copy=False)


def _index(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(sorted(set(names)))}
