"""Votes of people, or of judges whose prompts nobody knows: one game for each vote, and what they come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from aaa.types import TIE, Answer, Game, Judgment, Place, Verdict, Vote


def polled_judgment(
    place: Place, panel: str, judge: str, family: str, seats: tuple[Answer, Answer], winner: int | None, number: int = 1
) -> Judgment:
    """A vote on two answers in the order in which they were shown; `winner` is a seat, None for a tie. `number` tells
    several votes of one judge on one match apart."""
    first, second = seats
    match = match_of(place, first.id, second.id)
    position = (match, judge) if number == 1 else (match, judge, number)
    return Judgment(
        id=place.row("judgment", *position),
        session=place.session,
        episode=place.episode,
        instruction=place.instruction,
        panel=panel,
        judge=judge,
        family=family,
        answered_by=judge,
        reading=Game(
            match=match,
            number=1,
            first=first.id,
            second=second.id,
            winner=TIE if winner is None else seats[winner].id,
            first_style=first.style,
            second_style=second.style,
        ),
        words="",
        prompt="",
        call="",
    )


def match_of(place: Place, one: str, other: str) -> str:
    """The id of the match between two answers."""
    return place.row("match", *sorted((one, other)))


def polled_verdict(place: Place, panel: str, games: Mapping[str, Game]) -> Verdict:
    """What all votes on a match come to, by who cast them: the side with more of them, else a tie."""
    any_game = next(iter(games.values()))
    left, right = sorted((any_game.first, any_game.second))
    tally = Counter(game.winner for game in games.values())
    lead = tally[left] - tally[right]
    return Verdict(
        id=place.row("verdict", any_game.match),
        session=place.session,
        episode=place.episode,
        instruction=place.instruction,
        match=any_game.match,
        panel=panel,
        left=left,
        right=right,
        outcome="win" if lead else "tie",
        winner=None if not lead else left if lead > 0 else right,
        margin=float(abs(lead)),
        decided_by="panel",
        votes=tuple(Vote(judge=judge, choice=games[judge].winner) for judge in sorted(games)),
        quorum=1,
        orders=1,
    )
