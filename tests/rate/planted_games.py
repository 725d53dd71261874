"""Games of a juror whose biases are declared, drawn one by one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations

from aaa.rate.games import PlayedGame, Side
from aaa.types import TIE

MEMBERS = {"kin": 0.6, "good": 0.8, "weak": 0.4}
"""The chance of a right answer of each member; the juror is of the family of the first."""
LENGTHS = {"kin": 100.0, "good": 100.0, "weak": 130.0}


def planted_games(
    seed: int, prompts: int, *, seat: float = 0.0, length: float = 0.0, family: float = 0.0, error: float = 0.0
) -> list[PlayedGame]:
    """Both orders of every match of three members, of which shares are decided by a bias and the rest by reading.

    A reading, and what length or family decides, is the same in both orders; the seat is drawn game by game.
    """
    source = random.Random(seed)
    games: list[PlayedGame] = []
    for item in map(str, range(prompts)):
        right = {name: source.random() < skill for name, skill in MEMBERS.items()}
        lengths = {name: round(source.gauss(mean, 40)) + 200 for name, mean in LENGTHS.items()}
        for one, other in combinations(MEMBERS, 2):
            games += _match(source, item, one, other, right, lengths, (seat, length, family, error))
    return games


def _match(
    source: random.Random,
    item: str,
    one: str,
    other: str,
    right: dict[str, bool],
    lengths: dict[str, int],
    rates: tuple[float, float, float, float],
) -> Iterator[PlayedGame]:
    seat, length, family, error = rates
    truth = TIE if right[one] == right[other] else one if right[one] else other
    reading = truth
    if source.random() < error:
        reading = source.choice([one, other]) if truth == TIE else other if truth == one else one
    pull = source.random() * (1 - seat)
    kin = one if one == "kin" else other if other == "kin" else None
    if pull < length and lengths[one] != lengths[other]:
        reading = one if lengths[one] > lengths[other] else other
    elif length <= pull < length + family and kin:
        reading = kin
    for first, second in ((one, other), (other, one)):
        own: Side | None = None if kin is None else "first" if kin == first else "second"
        yield PlayedGame(
            item=item,
            match=f"{item}/{one}/{other}",
            judge="j",
            first=first,
            second=second,
            winner=first if source.random() < seat else reading,
            first_length=lengths[first],
            second_length=lengths[second],
            own=own,
            truth=truth,
        )
