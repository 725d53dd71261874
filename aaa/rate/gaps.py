"""Gaps between models, skill by skill: who provably leads, who trails, and whether a gap has narrowed.

Our design, on Bradley-Terry ratings by skill that are drawn towards the overall ones (see `strengths`): Arena Learning
(arXiv 2407.10627) trains a model on what it loses; here the losses are first told from luck.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from aaa.errors import UsageError
from aaa.graphs import connected_groups
from aaa.rate.bootstrap import resampled
from aaa.rate.rule import RatingRule
from aaa.rate.strengths import Strengths
from aaa.rate.table import Floats, Table
from aaa.rate.votes import Vote
from aaa.types import Value

CONFIDENCE = 0.95
"""Of all intervals."""


class GapRule(Value):
    """How sure a gap must be before it is acted on."""

    intervals: Literal["all", "each"] = "all"
    """`all`: in 95 of 100 sessions every interval holds its true gap (Bonferroni over all comparisons), so that a
    session seldom names a gap that is not there; `each`: every interval for itself, narrower."""
    bootstrap: Annotated[int, Field(ge=50)] = 400
    """Resamples of prompts behind the intervals."""
    min_points: Annotated[float, Field(ge=0.0)] = 0.0
    """Points of rating below which a gap is none to be acted on."""
    seed: int = 0
    """Of the resamples."""


class Standing(Value):
    """A model's rating on a skill, in points, with its 95 % interval."""

    model: str
    rating: float
    low: float
    high: float
    games: int


class Gap(Value):
    """By how many points of rating `leader` stands above `trailer` on a skill, with an interval."""

    skill: str
    leader: str
    trailer: str
    points: Annotated[float, Field(ge=0.0)]
    low: float
    high: float
    error: Annotated[float, Field(ge=0.0)]
    """Standard error of `points`."""
    games: int
    """Votes on the skill in which one of the two took part."""
    real: bool
    """Whether the interval lies above zero, and the gap above what the rule asks for."""


class Gaps(Value):
    """What votes say about the models of a pool, skill by skill."""

    overall: tuple[Standing, ...]
    """Best first, as in each of `by`."""
    by: dict[str, tuple[Standing, ...]]
    """By skill."""
    gaps: tuple[Gap, ...]
    """Every two models that can be compared on a skill, by skill and then by size; those that are not real, too."""
    comparisons: int
    """Number of `gaps`: what `intervals: all` allows for."""

    @property
    def real(self) -> tuple[Gap, ...]:
        """The gaps that can be acted on."""
        return tuple(gap for gap in self.gaps if gap.real)

    def leader(self, skill: str) -> str:
        """The model that is rated highest on a skill."""
        return self.by[skill][0].model

    def between(self, skill: str, one: str, other: str) -> Gap | None:
        """The comparison of two models on a skill; None where one of them has no votes there."""
        pair = {one, other}
        return next((gap for gap in self.gaps if gap.skill == skill and {gap.leader, gap.trailer} == pair), None)

    def behind(self, model: str) -> dict[str, float]:
        """By skill, how far a model stands behind the best that provably leads it, in points; 0 where none does."""
        found = dict.fromkeys(self.by, 0.0)
        for gap in self.real:
            if gap.trailer == model:
                found[gap.skill] = max(found[gap.skill], gap.points)
        return found


def find_gaps(votes: Sequence[Vote], rule: GapRule) -> Gaps:
    """Ratings by skill (the `category` of votes), and the gap between every two models on each.

    The standard error of a gap joins the luck of the draw (bootstrap over prompts) and what drawing it towards the
    overall gap may have cost: a skill without many votes is not sure only because the others are. It depends neither
    on the order of votes nor on which side a model sat. Raises `UsageError` where no vote has a skill.
    """
    votes = sorted(votes, key=Vote.model_dump_json)  # sums of floats round alike whatever the order was
    table = Table.of(votes, "half")
    if not table.categories:
        raise UsageError("Gaps are found skill by skill, and no vote here has a skill.")
    measured = _Measured.of(table, rule)
    gaps = [gap for number, skill in enumerate(table.categories) for gap in measured.gaps(number, skill)]
    return Gaps(
        overall=measured.standings(None),
        by={skill: measured.standings(number) for number, skill in enumerate(table.categories)},
        gaps=tuple(sorted(gaps, key=lambda gap: (gap.skill, -gap.points, gap.leader, gap.trailer))),
        comparisons=measured.comparisons,
    )


@dataclass(frozen=True)
class _Measured:
    """Estimates, their resamples, and what shrinkage adds to their doubt."""

    table: Table
    rule: GapRule
    games: Floats
    """A row for each skill, after it one for all: votes of each model."""
    values: Floats
    """Ratings, in the same rows."""
    samples: Floats
    """Resampled ratings: sample, row, model."""
    shrinkage: Sequence[Floats]
    """For each skill, the covariance of the error of shrinkage, in points squared."""
    pairs: Sequence[Sequence[tuple[int, int]]]
    """For each skill, every two models that have votes on it and can be compared, at least through others."""

    @classmethod
    def of(cls, table: Table, rule: GapRule) -> _Measured:
        strengths = Strengths(table, RatingRule(by_category=True))
        shape = (-1, 1 + len(table.categories), len(table.models))

        def estimate(weights: Floats) -> Floats:
            return np.roll(strengths(weights).reshape(shape), -1, axis=1)

        scopes = [table.where(table.category == number) for number in range(len(table.categories))]
        games = np.stack([scope.games for scope in (*scopes, table)])
        return cls(
            table,
            rule,
            games,
            estimate(np.ones((1, len(table.items))))[0],
            resampled(estimate, len(table.items), rule.bootstrap, rule.seed),
            strengths.shrinkage_errors(),
            [_comparable(table, scope) for scope in games[:-1]],
        )

    @property
    def comparisons(self) -> int:
        return sum(map(len, self.pairs))

    @property
    def _reach(self) -> float:
        """Standard errors from the middle of an interval to its ends."""
        share = 1 - CONFIDENCE if self.rule.intervals == "each" else (1 - CONFIDENCE) / max(1, self.comparisons)
        return NormalDist().inv_cdf(1 - share / 2)

    def standings(self, skill: int | None) -> tuple[Standing, ...]:
        """Ratings on a skill, or overall, best first; the interval is that of each by itself."""
        row = -1 if skill is None else skill
        spread = np.nanvar(self.samples[:, row], axis=0)
        if skill is not None:
            spread = spread + np.diag(self.shrinkage[skill])
        reach = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * np.sqrt(spread)
        found = [
            Standing(
                model=model,
                rating=float(self.values[row, at]),
                low=float(self.values[row, at] - reach[at]),
                high=float(self.values[row, at] + reach[at]),
                games=int(self.games[row, at]),
            )
            for at, model in enumerate(self.table.models)
            if self.games[row, at]
        ]
        return tuple(sorted(found, key=lambda one: (-one.rating, one.model)))

    def gaps(self, skill: int, name: str) -> Iterator[Gap]:
        """Every two models that can be compared on the skill."""
        for one, other in self.pairs[skill]:
            ahead, back = (one, other) if self.values[skill, one] >= self.values[skill, other] else (other, one)
            points = float(self.values[skill, ahead] - self.values[skill, back])
            error = self._error(skill, ahead, back)
            low = points - self._reach * error
            among = np.isin(self.table.left, (ahead, back)) | np.isin(self.table.right, (ahead, back))
            yield Gap(
                skill=name,
                leader=self.table.models[ahead],
                trailer=self.table.models[back],
                points=points,
                low=low,
                high=points + self._reach * error,
                error=error,
                games=int((among & (self.table.category == skill)).sum()),
                real=low > 0 and points >= self.rule.min_points,
            )

    def _error(self, skill: int, one: int, other: int) -> float:
        drawn = self.samples[:, skill, one] - self.samples[:, skill, other]
        cost = self.shrinkage[skill]
        luck = float(np.nanvar(drawn))
        return float(np.sqrt(luck + cost[one, one] + cost[other, other] - 2 * cost[one, other]))


def _comparable(table: Table, games: Floats) -> list[tuple[int, int]]:
    """Every two models with votes here that met, at least through others, on whatever skill."""
    number = {name: index for index, name in enumerate(table.models)}
    groups = connected_groups(table.models, table.meetings())
    together = [[number[name] for name in group if games[number[name]]] for group in groups]
    return sorted(pair for group in together for pair in combinations(group, 2))


class Change(Value):
    """How the gap of a model to another on a skill moved between two sets of votes on different prompts."""

    skill: str
    model: str
    to: str
    before: float
    """Points by which `to` stood above `model`; negative where it stood below."""
    after: float
    low: float
    """Of `before - after`, by which the gap narrowed."""
    high: float

    @property
    def narrowed(self) -> float:
        return self.before - self.after

    @property
    def proven(self) -> Literal["narrowed", "widened"] | None:
        """What the interval proves; None where it holds zero."""
        return "narrowed" if self.low > 0 else "widened" if self.high < 0 else None


def changes_of(students: Sequence[str], before: Gaps, after: Gaps, rule: GapRule) -> tuple[Change, ...]:
    """How the gaps of some models to all others moved, on each skill on which both can be compared before and after.

    Of two students the one counts that stood below. The two sets of votes must be on different prompts, whose luck is
    independent. The intervals allow for all changes together as the rule says, so that looking at the greatest gap
    only, which luck made greater, proves nothing by itself.
    """
    pairs = [
        (gap, later, gap.trailer if gap.trailer in students else gap.leader)
        for gap in before.gaps
        if {gap.leader, gap.trailer} & set(students)
        and (later := after.between(gap.skill, gap.leader, gap.trailer)) is not None
    ]
    share = (1 - CONFIDENCE) / (len(pairs) if rule.intervals == "all" and pairs else 1)
    reach = NormalDist().inv_cdf(1 - share / 2)
    return tuple(_change(model, gap, later, reach) for gap, later, model in pairs)


def _change(model: str, old: Gap, new: Gap, reach: float) -> Change:
    before = old.points if old.trailer == model else -old.points
    after = new.points if new.trailer == model else -new.points
    middle, margin = before - after, reach * (old.error**2 + new.error**2) ** 0.5
    return Change(
        skill=old.skill,
        model=model,
        to=old.leader if old.trailer == model else old.trailer,
        before=before,
        after=after,
        low=middle - margin,
        high=middle + margin,
    )
