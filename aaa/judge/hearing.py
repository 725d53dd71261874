"""How a panel hears a match: all jurors at once or in waves, in both seat orders or in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from aaa.agents import Agent, together
from aaa.judge.asking import Question
from aaa.judge.match import GameNumber, Match
from aaa.judge.pairwise import Reading, play, question
from aaa.judge.panel import Panel
from aaa.judge.readings import judged, reading_step
from aaa.judge.votes import fewest_to_settle, settled, vote_of
from aaa.prompts import PromptSet
from aaa.scenario import Procedure
from aaa.types import TIE, Answer, Failure, Game, Judgment, Place, Vote, content_hash


@dataclass(frozen=True)
class Heard:
    """The readings of a panel, and the votes they come to."""

    rows: tuple[Judgment | Failure, ...] = ()
    votes: tuple[Vote, ...] = ()
    orders: int = 2
    """Seat orders that were played."""
    unasked: tuple[str, ...] = ()
    """Jurors whose votes could no longer change the outcome."""


@dataclass(frozen=True)
class Hearing:
    """A match before a panel. `measured_only`: a verifier decides, and the votes only measure the jurors. `second`:
    another panel has heard it already."""

    match: Match
    panel: Panel
    prompts: PromptSet
    procedure: Procedure
    seed: int
    place: Place
    reference: str | None
    measured_only: bool
    second: bool
    _asked: dict[str, Question[Reading]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """By the answer in the first seat: jurors who see the same are asked the same."""

    async def hear(self, jurors: Sequence[Agent]) -> Heard:
        """Ask the jurors. Raises `StopError`; the failures of single jurors are rows."""
        if self.procedure.orders == "adaptive":
            return await self._second_order_where_needed(jurors)
        numbers: tuple[GameNumber, ...] = (1,) if self.procedure.orders == "one" else (1, 2)
        if self.procedure.waves and not self.measured_only:
            return await self._in_waves(jurors, numbers)
        return self._heard(jurors, await self._games(jurors, numbers), len(numbers))

    async def _in_waves(self, jurors: Sequence[Agent], numbers: Sequence[GameNumber]) -> Heard:
        """Each wave is as large as it must be for the outcome to be settled, should the jurors of it agree.

        The order is drawn by seed, and whoever is not asked could not have changed the outcome: it is that of the whole
        panel, balance of families included.
        """
        waiting = sorted(jurors, key=lambda juror: content_hash([self.seed, "wave", self.match.id, juror.name]))
        sides, quorum = (self.match.left.id, self.match.right.id), self.panel.quorum
        heard = Heard(orders=len(numbers))
        while waiting:
            further = [self.panel.weights[juror.name] for juror in waiting]
            if heard.votes and settled(heard.votes, further, quorum, sides):
                break
            size = fewest_to_settle(heard.votes, further, quorum, sides)
            wave, waiting = waiting[:size], waiting[size:]
            more = self._heard(wave, await self._games(wave, numbers), len(numbers))
            heard = Heard((*heard.rows, *more.rows), (*heard.votes, *more.votes), len(numbers))
        return Heard(heard.rows, heard.votes, heard.orders, tuple(juror.name for juror in waiting))

    async def _second_order_where_needed(self, jurors: Sequence[Agent]) -> Heard:
        first = await self._games(jurors, (1,))
        if self._clear(first, len(jurors)):
            return self._heard(jurors, first, 1)
        return self._heard(jurors, [*first, *await self._games(jurors, (2,))], 2)

    def _clear(self, rows: Sequence[Judgment | Failure], jurors: int) -> bool:
        """Whether all jurors chose one answer although some saw it first and some second: no seat explains that."""
        games = [row.reading for row in rows if isinstance(row, Judgment) and isinstance(row.reading, Game)]
        winners = {game.winner for game in games}
        seats = {game.winner == game.first for game in games}
        return len(games) == jurors and len(winners) == 1 and TIE not in winners and len(seats) == 2

    async def _games(self, jurors: Sequence[Agent], numbers: Sequence[GameNumber]) -> list[Judgment | Failure]:
        match, place = self.match, self.place
        admitted = partial(self.panel.admits, left=match.left.families, right=match.right.families)
        return await together(
            judged(juror, place, step, partial(self._play, juror, number, step), admitted)
            for juror in jurors
            for number in numbers
            for step in [reading_step(match.id, juror, f"game-{number}", second=self.second)]
        )

    async def _play(self, juror: Agent, number: GameNumber, step: str) -> Judgment:
        first, second = self.match.seats(juror.name, number, seed=self.seed)
        return await play(
            juror,
            self.match,
            number,
            first,
            second,
            self._question(first, second),
            self.prompts,
            panel=self.panel.name,
            place=self.place,
            step=step,
            measured_only=self.measured_only,
        )

    def _question(self, first: Answer, second: Answer) -> Question[Reading]:
        if first.id not in self._asked:
            self._asked[first.id] = question(
                self.match,
                first,
                second,
                self.prompts,
                seed=self.seed,
                procedure=self.procedure,
                structured=self.panel.structured,
                reference=self.reference,
            )
        return self._asked[first.id]

    def _heard(self, jurors: Sequence[Agent], rows: Sequence[Judgment | Failure], orders: int) -> Heard:
        """`rows` in the order of the jurors, whatever the order in which they came."""
        games: dict[str, list[Game]] = {juror.name: [] for juror in jurors}
        for row in rows:
            if isinstance(row, Judgment) and isinstance(row.reading, Game):
                games[row.judge].append(row.reading)
        weights = self.panel.weights
        votes = tuple(vote_of(j.name, games[j.name], orders, weight=weights[j.name]) for j in jurors)
        return Heard(tuple(rows), votes, orders)
