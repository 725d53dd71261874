"""How votes become a verdict (DESIGN.md 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from aaa.types import TIE, Game, Outcome, Vote

INCONSISTENT = "inconsistent"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Tally:
    """What a panel's votes come to; `margin` is the votes by which the winner leads."""

    outcome: Outcome
    winner: str | None = None
    margin: float = 0.0


def vote_of(judge: str, games: Sequence[Game], orders: int = 2) -> Vote:
    """A juror's vote: what its games agree on, one for each seat order. `games` holds those that could be read."""
    if len(games) < orders:
        return Vote(judge=judge, choice=FAILED)
    choices = {game.winner for game in games}
    return Vote(judge=judge, choice=choices.pop() if len(choices) == 1 else INCONSISTENT)


def decide(votes: Sequence[Vote], quorum: int) -> Tally:
    """The outcome among consistent votes, those for a side or for a tie.

    Fewer than `quorum`: `inconsistent` where the jurors who flipped would have made it up, else `no_quorum`. A side
    with more than half of them wins, else it is a tie.
    """
    counts = Counter(vote.choice for vote in votes)
    flipped, _ = counts.pop(INCONSISTENT, 0), counts.pop(FAILED, 0)
    consistent = counts.total()
    if consistent < quorum:
        return Tally("inconsistent" if consistent + flipped >= quorum else "no_quorum")
    del counts[TIE]
    for side, votes_for in counts.items():
        if 2 * votes_for > consistent:
            return Tally("win", side, margin=2 * votes_for - counts.total())
    return Tally("tie")


def settled(votes: Sequence[Vote], further: int, quorum: int, sides: tuple[str, str]) -> bool:
    """Whether `further` votes could no longer change outcome or winner, whatever they are.

    It is enough to try each choice for all of them: whatever a mixture of votes can bring about, one of them can.
    """
    outcomes = {decide([*votes, *_alike(choice, further)], quorum) for choice in (*sides, TIE, INCONSISTENT, FAILED)}
    return len({(tally.outcome, tally.winner) for tally in outcomes}) == 1


def fewest_to_settle(votes: Sequence[Vote], further: int, quorum: int, sides: tuple[str, str]) -> int:
    """How many of `further` jurors must be asked at least for the outcome to be settled, should they agree."""
    for number in range(1, further):
        for side in sides:
            if settled([*votes, *_alike(side, number)], further - number, quorum, sides):
                return number
    return further


def _alike(choice: str, number: int) -> list[Vote]:
    return [Vote(judge="", choice=choice)] * number
