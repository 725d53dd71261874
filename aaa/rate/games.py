"""Games as an audit reads them: one juror, two answers in their seats, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from aaa.types import TIE

Side = Literal["first", "second"]


@dataclass(frozen=True, slots=True)
class PlayedGame:
    """One reading in one seat order."""

    item: str
    """The prompt. Games on one prompt depend on each other, so intervals count prompts, not games."""
    match: str
    """The two answers that met, in whichever order."""
    judge: str
    first: str
    second: str
    winner: str | None
    """`first`'s or `second`'s id, or `tie`; None where the juror gave no verdict."""
    failure: str | None = None
    """Why there is none, such as `parse_failed` or `refused`."""
    first_length: int | None = None
    second_length: int | None = None
    category: str | None = None
    turn: int | None = None
    own: Side | None = None
    """The side of the juror's own family; None where neither is, or both are."""
    truth: str | None = None
    """The better side by a verifier or a gold label, or `tie`; None where it is not known."""

    @property
    def decided(self) -> bool:
        """Whether a side won."""
        return self.winner is not None and self.winner != TIE

    @property
    def longer(self) -> str | None:
        """The longer side; None where the lengths are equal or one is not known."""
        if self.first_length is None or self.second_length is None or self.first_length == self.second_length:
            return None
        return self.first if self.first_length > self.second_length else self.second

    @property
    def own_side(self) -> str | None:
        """The side of the juror's own family."""
        return None if self.own is None else self.first if self.own == "first" else self.second

    def sign(self, side: str | None) -> int:
        """+1 for the first seat, -1 for the second, 0 for neither."""
        return (side == self.first) - (side == self.second)


def in_both_orders(games: Iterable[PlayedGame]) -> Iterator[tuple[PlayedGame, PlayedGame]]:
    """The two readings of each match that a juror could read in both seat orders."""
    earlier: dict[tuple[str, str], PlayedGame] = {}
    for game in games:
        if game.winner is None:
            continue
        before = earlier.setdefault((game.judge, game.match), game)
        if before.first == game.second and before is not game:
            yield before, game


def with_truth(games: Iterable[PlayedGame], truths: Mapping[str, str]) -> list[PlayedGame]:
    """The games with what is known of their matches; `truths` maps a match to its better side or `tie`."""
    return [replace(game, truth=truths.get(game.match, game.truth)) for game in games]
