"""How votes become a verdict (DESIGN.md 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from aaa.types import TIE, Game, Outcome, Vote

INCONSISTENT = "inconsistent"
FAILED = "failed"
ROUNDING = 1e-9
"""Ours: weights that differ by less are in balance."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a panel's votes come to; `margin` is the votes by which the winner leads, weighted."""

    outcome: Outcome
    winner: str | None = None
    margin: float = 0.0


def vote_of(judge: str, games: Sequence[Game], orders: int = 2, *, weight: float = 1.0) -> Vote:
    """A juror's vote: what its games agree on, one for each seat order. `games` holds those that could be read."""
    if len(games) < orders:
        return Vote(judge=judge, choice=FAILED, weight=weight)
    choices = {game.winner for game in games}
    return Vote(judge=judge, choice=choices.pop() if len(choices) == 1 else INCONSISTENT, weight=weight)


def decide(votes: Sequence[Vote], quorum: int) -> Tally:
    """The outcome among consistent votes, those for a side or for a tie.

    Fewer than `quorum`: `inconsistent` where the jurors who flipped would have made it up, else `no_quorum`. A side
    with more than half of their weight wins, else it is a tie.
    """
    consistent = [vote for vote in votes if vote.choice not in (INCONSISTENT, FAILED)]
    flipped = sum(vote.choice == INCONSISTENT for vote in votes)
    if len(consistent) < quorum:
        return Tally("inconsistent" if len(consistent) + flipped >= quorum else "no_quorum")
    given: dict[str, list[float]] = defaultdict(list)
    for vote in consistent:
        given[vote.choice].append(vote.weight)
    weight = {choice: fsum(weights) for choice, weights in given.items()}  # exact: in whatever order they came
    of_ties = weight.pop(TIE, 0.0)
    for side, for_it in weight.items():
        against = fsum(weight.values()) - for_it
        if for_it - against - of_ties > ROUNDING:
            return Tally("win", side, margin=for_it - against)
    return Tally("tie")


def settled(votes: Sequence[Vote], further: Sequence[float], quorum: int, sides: tuple[str, str]) -> bool:
    """Whether votes of the weights `further` could no longer change outcome or winner, whatever they are.

    It is enough to try each choice for all of them: whatever a mixture of votes can bring about, one of them can.
    """
    outcomes = {decide([*votes, *_alike(choice, further)], quorum) for choice in (*sides, TIE, INCONSISTENT, FAILED)}
    return len({(tally.outcome, tally.winner) for tally in outcomes}) == 1


def fewest_to_settle(votes: Sequence[Vote], further: Sequence[float], quorum: int, sides: tuple[str, str]) -> int:
    """How many of the jurors of weights `further`, who are asked in this order, must be asked at least for the outcome
    to be settled, should they agree."""
    for number in range(1, len(further)):
        for side in sides:
            if settled([*votes, *_alike(side, further[:number])], further[number:], quorum, sides):
                return number
    return len(further)


def _alike(choice: str, weights: Sequence[float]) -> list[Vote]:
    return [Vote(judge="", choice=choice, weight=weight) for weight in weights]
