"""Which models to compare on which prompts, a round at a time, where not all pairs can be afforded (our design).

Each next pair is the one whose outcome is expected to tell most about the strengths on its skill: the greedy choice
of D-optimal designs under the Bradley-Terry model with its prior (Fedorov 1972; Glickman and Jensen 2005 for ratings).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from aaa.graphs import connected_groups
from aaa.rate.logistic import Design, Prior, fit
from aaa.rate.shares import quotas
from aaa.rate.strengths import CATEGORY_SPREAD
from aaa.rate.table import Floats
from aaa.rate.votes import Vote
from aaa.types import Value, content_hash

SCORES = {"left": 1.0, "right": 0.0}


class Pairing(Value):
    """Two models to be compared on a prompt; `left` comes first by name."""

    item: str
    skill: str
    left: str
    right: str


def next_round(
    members: Sequence[str], items: Mapping[str, str], played: Sequence[Vote], budget: int, seed: int
) -> tuple[Pairing, ...]:
    """The next `budget` comparisons, or all that are left; `items` maps prompts to their skills.

    Skills share the budget evenly, what was played before counted in. On a skill whose models are not all joined by
    comparisons yet, the next one joins two that are not; then it is the one that tells most. No pair is compared twice
    on a prompt, and prompts take turns in an order drawn by `seed`. The same input gives the same pairs in any order of
    `items` and `played`.
    """
    names = sorted(set(members))
    if len(names) < 2 or budget <= 0:
        return ()
    by_skill: dict[str, list[str]] = defaultdict(list)
    for item, skill in items.items():
        by_skill[skill].append(item)
    boards = {
        skill: _Board.of(names, skill, by_skill[skill], [vote for vote in played if vote.item in items], items, seed)
        for skill in sorted(by_skill)
    }
    done = {skill: board.played for skill, board in boards.items()}
    numbers = quotas(_even_shares(done, budget), budget, {skill: board.left for skill, board in boards.items()})
    return tuple(pairing for skill, board in boards.items() for pairing in board.choose(numbers[skill]))


def _even_shares(done: Mapping[str, int], budget: int) -> dict[str, float]:
    """What each skill lacks to an even share of all that will have been played."""
    even = (sum(done.values()) + budget) / max(1, len(done))
    return {skill: max(0.0, even - number) for skill, number in done.items()}


@dataclass
class _Board:
    """The comparisons of one skill, played and planned."""

    names: Sequence[str]
    skill: str
    order: Sequence[str]
    """Prompts, in the order in which they take turns."""
    strengths: Floats
    covariance: Floats
    """Of the strengths, after all comparisons played and planned."""
    used: dict[tuple[int, int], set[str]]
    """Prompts of each pair."""
    turns: Counter[str] = field(default_factory=Counter)
    """Comparisons of each prompt."""

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        skill: str,
        prompts: Iterable[str],
        votes: Iterable[Vote],
        skills: Mapping[str, str],
        seed: int,
    ) -> _Board:
        order = sorted(prompts, key=lambda item: (content_hash([seed, "match", item]), item))
        own = sorted((vote for vote in votes if skills[vote.item] == skill), key=Vote.model_dump_json)
        strengths, covariance = _posterior(names, own)
        number = {name: index for index, name in enumerate(names)}
        used: dict[tuple[int, int], set[str]] = {pair: set() for pair in combinations(range(len(names)), 2)}
        turns: Counter[str] = Counter()
        for vote in own:
            if vote.left in number and vote.right in number:
                one, other = sorted((number[vote.left], number[vote.right]))
                used[one, other].add(vote.item)
                turns[vote.item] += 1
        return cls(names, skill, order, strengths, covariance, used, turns)

    @property
    def played(self) -> int:
        return sum(map(len, self.used.values()))

    @property
    def left(self) -> int:
        """Comparisons that are still possible."""
        return len(self.used) * len(self.order) - self.played

    def choose(self, number: int) -> Iterator[Pairing]:
        """The next comparisons, at most `left`."""
        for _ in range(number):
            one, other = min(self._candidates(), key=lambda pair: (-self._worth(*pair), pair))
            item = min(
                (item for item in self.order if item not in self.used[one, other]), key=lambda item: self.turns[item]
            )
            self._plan(one, other, item)
            yield Pairing(item=item, skill=self.skill, left=self.names[one], right=self.names[other])

    def _candidates(self) -> list[tuple[int, int]]:
        """Pairs that have a prompt left; of these, those that join what is not joined yet."""
        free = [pair for pair, items in self.used.items() if len(items) < len(self.order)]
        met = [(self.names[one], self.names[other]) for (one, other), items in self.used.items() if items]
        groups = connected_groups(self.names, met)
        group = {name: index for index, names in enumerate(groups) for name in names}
        joining = [pair for pair in free if group[self.names[pair[0]]] != group[self.names[pair[1]]]]
        return joining or free

    def _worth(self, one: int, other: int) -> float:
        """What one more comparison adds to the log determinant of the information, monotonically."""
        return self._weight(one, other) * self._doubt(one, other)

    def _weight(self, one: int, other: int) -> float:
        chance = 0.5 + 0.5 * float(np.tanh(0.5 * (self.strengths[one] - self.strengths[other])))
        return chance * (1.0 - chance)

    def _doubt(self, one: int, other: int) -> float:
        """Variance of the difference of two strengths, rounded so that equal doubts are equal."""
        cov = self.covariance
        return round(float(cov[one, one] + cov[other, other] - 2 * cov[one, other]), 9)

    def _plan(self, one: int, other: int, item: str) -> None:
        """Take the comparison for played (Sherman and Morrison's update of the covariance)."""
        weight, doubt = self._weight(one, other), self._doubt(one, other)
        column = self.covariance[:, one] - self.covariance[:, other]
        self.covariance = self.covariance - np.outer(column, column) * weight / (1.0 + weight * doubt)
        self.used[one, other].add(item)
        self.turns[item] += 1


def _posterior(names: Sequence[str], votes: Sequence[Vote]) -> tuple[Floats, Floats]:
    """Strengths in logits under the prior of a skill around equality, and their covariance."""
    number = {name: index for index, name in enumerate(names)}
    known = [vote for vote in votes if vote.left in number and vote.right in number]
    size = len(names)
    design = Design(
        np.array([number[vote.left] for vote in known], np.intp),
        np.array([number[vote.right] for vote in known], np.intp),
        np.zeros((len(known), 0)),
        np.zeros(size, np.intp),
    )
    prior = Prior(np.zeros(size), np.full(size, CATEGORY_SPREAD**-2))
    wins, games = np.array([SCORES.get(vote.outcome, 0.5) for vote in known], np.float64), np.ones(len(known))
    (strengths,) = fit(design, wins[None], games[None], prior, np.zeros(size))
    chance = 0.5 + 0.5 * np.tanh(0.5 * design.predict(strengths))
    information = design.curvature((chance * (1.0 - chance))[None])[0] + np.diag(prior.precision)
    return strengths, np.linalg.inv(information).astype(np.float64, copy=False)
