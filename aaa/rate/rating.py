"""Ratings of models from votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from aaa.errors import UsageError
from aaa.rate.bootstrap import Estimator, Interval, each, intervals, resampled
from aaa.rate.elo import elo
from aaa.rate.notes import notes
from aaa.rate.rule import Method, RatingRule
from aaa.rate.strengths import Strengths
from aaa.rate.style import FEATURES, style_covariates
from aaa.rate.table import Floats, Table, Ties
from aaa.rate.votes import Vote
from aaa.rate.win_rate import win_rate
from aaa.types import Value


class Effect(Value):
    """What one standard deviation more of a feature adds to the logit of winning, with its 95 % interval."""

    value: float
    low: float | None = None
    high: float | None = None


class Rated(Value):
    """A model with its rating, its 95 % interval, and the votes behind it."""

    model: str
    rating: float | None
    """None for a model without a vote that counts."""
    low: float | None = None
    high: float | None = None
    games: int
    wins: int
    losses: int
    ties: int
    """Inconsistent ones among them; counted also where the rating drops them."""


class Ratings(Value):
    """Ratings, best first."""

    method: Method
    ties: Ties
    models: tuple[Rated, ...]
    by: dict[str, tuple[Rated, ...]]
    """By category; empty unless asked for. Models without a vote in it are left out."""
    style: dict[str, Effect]
    """By feature; empty unless asked for."""
    notes: tuple[str, ...]
    """What one must know to read them."""


def rate(votes: Sequence[Vote], rule: RatingRule) -> Ratings:
    """Ratings of all models in `votes`.

    Only Elo depends on the order of the votes. Raises `UsageError` where there are none, the options do not go
    together, or style or categories are asked for and not known.
    """
    if not votes:
        raise UsageError("There are no votes to rate.")
    if rule.method != "elo":
        votes = sorted(votes, key=Vote.model_dump_json)  # sums of floats round alike whatever the order was
    rule.check({name for vote in votes for name in (vote.left, vote.right)})
    table = Table.of(votes, rule.ties, style_covariates(votes) if rule.style else None)
    if rule.by_category and not table.categories:
        raise UsageError("No vote has a category: give it as `category` or `skill` on the lines of the file.")
    values, bounds = _estimated(table, rule)
    size, records = len(table.models), _records(votes)
    scopes = (None, *table.categories) if rule.by_category else (None,)
    ranked = {
        scope: _ranking(table.models, values[at : at + size], bounds[at : at + size], records.get(scope, {}))
        for at, scope in zip(range(0, size * len(scopes), size), scopes, strict=True)
    }
    overall, effects = ranked.pop(None), size * len(scopes)
    return Ratings(
        method=rule.method,
        ties=rule.ties,
        models=overall,
        by={str(category): ranking for category, ranking in ranked.items()},
        style=_effects(values[effects:], bounds[effects:]) if rule.style else {},
        notes=notes(table, rule),
    )


def _estimated(table: Table, rule: RatingRule) -> tuple[Floats, Sequence[Interval | None]]:
    """Estimates of all scopes, one after the other, then of the effects of style; and their intervals."""
    estimator = _estimator(table, rule)
    (values,) = estimator(np.ones((1, len(table.items))))
    if rule.bootstrap and len(table.items) > 1:
        return values, intervals(resampled(estimator, len(table.items), rule.bootstrap, rule.seed))
    return values, [None] * len(values)


def _estimator(table: Table, rule: RatingRule) -> Estimator:
    """The method as a function of the weights of items."""
    if rule.method == "bradley-terry":
        return Strengths(table, rule)
    categories = range(len(table.categories)) if rule.by_category else ()
    scopes = [table, *(table.where(table.category == number) for number in categories)]
    if rule.method == "win-rate":
        return each(lambda weights: np.concatenate([win_rate(scope, weights) for scope in scopes]))
    return each(lambda weights: np.concatenate([_elo(scope, weights, rule) for scope in scopes]))


def _elo(table: Table, weights: Floats, rule: RatingRule) -> Floats:
    """Elo ratings, shifted so that the anchor stands where it is to stand."""
    ratings = elo(table, weights, start=rule.mean, scale=rule.scale)
    if rule.anchor is None:
        return ratings
    anchor = ratings[table.models.index(rule.anchor[0])]
    return ratings if np.isnan(anchor) else ratings + (rule.anchor[1] - anchor)


Record = Counter[str]
"""How many votes a model won, lost and tied."""


def _records(votes: Sequence[Vote]) -> dict[str | None, dict[str, Record]]:
    """By category (None: all votes) and model."""
    records: dict[str | None, dict[str, Record]] = {}
    for vote in votes:
        left, right = {"left": ("wins", "losses"), "right": ("losses", "wins")}.get(vote.outcome, ("ties", "ties"))
        for scope in {None, vote.category}:
            scoped = records.setdefault(scope, {})
            scoped.setdefault(vote.left, Counter())[left] += 1
            scoped.setdefault(vote.right, Counter())[right] += 1
    return records


def _ranking(
    models: Sequence[str], values: Floats, bounds: Sequence[Interval | None], records: dict[str, Record]
) -> tuple[Rated, ...]:
    """Models with a vote, best first; those of equal rating by name, those without one last."""
    rows = []
    for model, value, bound in zip(models, values.tolist(), bounds, strict=True):
        if record := records.get(model):
            rating = None if np.isnan(value) else value
            low, high = bound or (None, None)
            counts = {name: record[name] for name in ("wins", "losses", "ties")}
            rows.append(Rated(model=model, rating=rating, low=low, high=high, games=record.total(), **counts))
    return tuple(sorted(rows, key=lambda row: (row.rating is None, -(row.rating or 0.0), row.model)))


def _effects(values: Floats, bounds: Sequence[Interval | None]) -> dict[str, Effect]:
    found = {}
    for name, value, bound in zip(FEATURES, values.tolist(), bounds, strict=True):
        low, high = bound or (None, None)
        found[name] = Effect(value=value, low=low, high=high)
    return found
