"""Games and gold labels in files of the user."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from aaa.errors import UsageError
from aaa.rate.games import PlayedGame, Side
from aaa.scenario import read_rows
from aaa.types import TIE, row_id

ONE_JUDGE = "judge"
"""What the juror of a file without the column `judge` is called."""


def _joined(value: object) -> object:
    """FastChat names a judge as a list of model and prompt."""
    return "/".join(map(str, value)) if isinstance(value, list) else value


Word = Annotated[str, Field(min_length=1, coerce_numbers_to_str=True)]
Name = Annotated[Word, BeforeValidator(_joined)]
Category = Annotated[Word | None, Field(validation_alias=AliasChoices("category", "skill"))]


class _GameRow(BaseModel):
    """A line of a file of games; columns that are not named here are passed over."""

    model_config = ConfigDict(extra="ignore")

    question_id: Word
    first: Word
    second: Word
    winner: Word | None
    """A side, `tie`; null, `error`, `parse_failed` or `refused` where there was no verdict."""
    judge: Name = ONE_JUDGE
    turn: int | None = None
    first_length: Annotated[int, Field(ge=0)] | None = None
    second_length: Annotated[int, Field(ge=0)] | None = None
    category: Category = None
    judge_family: Word | None = None
    first_family: Word | None = None
    second_family: Word | None = None

    @model_validator(mode="after")
    def _winner_played(self) -> _GameRow:
        if self.first == self.second:
            raise ValueError(f"{self.first!r} cannot be compared with itself")
        if self.winner is not None and self.winner not in (self.first, self.second, TIE, *_FAILURES):
            options = ", ".join(map(repr, (self.first, self.second, TIE, *_FAILURES)))
            raise ValueError(f"the winner {self.winner!r} did not play; possible are {options} and null")
        return self

    def failure(self) -> str | None:
        if self.winner is None:
            return "parse_failed"
        return None if self.winner in (self.first, self.second, TIE) else _FAILURES[self.winner]

    def own(self) -> Side | None:
        """A juror is kin to its family, which is its own name where none is given."""
        family = self.judge_family or self.judge
        is_first, is_second = family == (self.first_family or self.first), family == (self.second_family or self.second)
        return None if is_first == is_second else "first" if is_first else "second"


_FAILURES = {"error": "parse_failed", "parse_failed": "parse_failed", "refused": "refused"}


def read_games(path: Path) -> list[PlayedGame]:
    """All games of a file: JSON Lines with `question_id`, `first`, `second` and `winner`.

    Optional are `judge`, `turn`, `first_length`, `second_length`, `category` (or `skill`), and `judge_family`,
    `first_family`, `second_family`, which are the names where they are not given. The k-th game of a juror on one
    match in one seat order belongs with its k-th in the other. Raises `UsageError` with file and line for a row that
    is no game, and for a file without one.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    games = []
    for _, row in read_rows(path, _GameRow):
        question = _question(row.question_id, row.turn)
        seat = (row.judge, question, row.first, row.second)
        games.append(_game(row, question, seen[seat]))
        seen[seat] += 1
    if not games:
        raise UsageError(f"{path} holds no games: it is to have one JSON object on each line.")
    return games


def _game(row: _GameRow, question: str, number: int) -> PlayedGame:
    failure = row.failure()
    return PlayedGame(
        item=row.question_id,
        match=row_id("match", question, *sorted((row.first, row.second)), number),
        judge=row.judge,
        first=row.first,
        second=row.second,
        winner=None if failure else row.winner,
        failure=failure,
        first_length=row.first_length,
        second_length=row.second_length,
        category=row.category,
        turn=row.turn,
        own=row.own(),
    )


def _question(question_id: str, turn: int | None) -> str:
    return question_id if turn is None else f"{question_id}/{turn}"


class GoldLabel(BaseModel):
    """Which answer is better, by somebody who knows; columns that are not named here are passed over."""

    model_config = ConfigDict(extra="ignore")

    question_id: Word | None = None
    match: Word | None = None
    """Id of a match; without it, the prompt and who met say which one is meant."""
    winner: Word
    """A name, an id, `model_a`, `model_b`, or `tie`."""
    model_a: Annotated[Word | None, Field(validation_alias=AliasChoices("model_a", "first"))] = None
    model_b: Annotated[Word | None, Field(validation_alias=AliasChoices("model_b", "second"))] = None
    turn: int | None = None

    @model_validator(mode="after")
    def _whole(self) -> GoldLabel:
        if self.question_id is None and self.match is None:
            raise ValueError("a label has a `question_id` or a `match`")
        if (self.model_a is None) != (self.model_b is None):
            raise ValueError("a label names both `model_a` and `model_b`, or neither")
        if self.winner in ("model_a", "model_b") and self.model_a is None:
            raise ValueError(f"the winner is {self.winner!r}, so the label needs `model_a` and `model_b`")
        return self

    @property
    def sides(self) -> frozenset[str]:
        """Who met, where the label says so."""
        return frozenset(name for name in (self.model_a, self.model_b) if name is not None)

    @property
    def better(self) -> str:
        """Name or id of the better side, or `tie`."""
        return {"model_a": self.model_a, "model_b": self.model_b}.get(self.winner) or self.winner


@dataclass(frozen=True)
class Contest:
    """A match as labels may call it."""

    match: str
    questions: frozenset[str]
    """Names of its prompt."""
    sides: Mapping[str, str]
    """Names of its two sides, and what the games call each."""


def contests(games: Iterable[PlayedGame]) -> dict[str, Contest]:
    """The matches of a file of games."""
    return {
        game.match: Contest(
            game.match,
            frozenset({_question(game.item, game.turn)}),
            {game.first: game.first, game.second: game.second},
        )
        for game in games
    }


def read_gold(path: Path, matches: Iterable[Contest]) -> dict[str, str]:
    """What a file of labels says of these matches: match to its better side or `tie`.

    Several labels of one match count as votes, and a draw among them is a tie. Raises `UsageError` with file and line
    for a row that is no label or leaves open which match it speaks of, and where no label speaks of any.
    """
    by_question: dict[str, list[Contest]] = defaultdict(list)
    for contest in matches:
        for name in (contest.match, *contest.questions):
            by_question[name].append(contest)
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for number, label in read_rows(path, GoldLabel):
        for contest in _meant(label, by_question, f"{path}:{number}"):
            votes[contest.match][contest.sides.get(label.better, TIE)] += 1
    if not votes:
        raise UsageError(
            f"{path} labels none of the matches: give `question_id` (or `match`) and `winner` as they are."
        )
    return {match: _majority(counts) for match, counts in votes.items()}


def _meant(label: GoldLabel, by_question: Mapping[str, list[Contest]], place: str) -> Iterator[Contest]:
    """The matches that a label speaks of; replicates of one match are several."""
    known = by_question.get(label.match or _question(label.question_id or "", label.turn), [])
    named = [contest for contest in known if label.sides <= set(contest.sides)]
    fitting = [contest for contest in named if label.better == TIE or label.better in contest.sides]
    if named and not fitting:
        raise UsageError(f"{place}: the winner {label.better!r} did not play in the match that the label speaks of")
    if len({frozenset(contest.sides.values()) for contest in fitting}) > 1:
        raise UsageError(
            f"{place}: the prompt has several matches; say which by `model_a` and `model_b`, or by `match`"
        )
    yield from fitting


def _majority(votes: Counter[str]) -> str:
    best = max(votes.values())
    leaders = [side for side, number in votes.items() if number == best]
    return leaders[0] if len(leaders) == 1 else TIE
