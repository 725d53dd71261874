"""Judgments of single jurors, verdicts of panels, and critiques."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from aaa.types.answers import TextStyle
from aaa.types.base import SessionRecord, Value
from aaa.types.models import Producer
from aaa.types.stepping import StepReading

Outcome = Literal["win", "tie", "inconsistent", "no_quorum"]

TIE = "tie"

CritiqueAim = Literal["correctness", "reasoning", "completeness", "clarity", "tone", "safety"]


class Score(Value):
    """A pointwise reading: `score` lies in `low..high`."""

    kind: Literal["pointwise"] = "pointwise"
    answer: str
    score: float
    low: float
    high: float
    aspects: dict[str, float] = Field(default_factory=dict)
    """Score in each respect, where there were several: `score` is then their weighted mean."""
    turn: int | None = None
    """The assistant turn that was judged, from 1; None for the whole answer."""

    @model_validator(mode="after")
    def _in_range(self) -> Score:
        if not self.low <= self.score <= self.high:
            raise ValueError(f"score {self.score} lies outside {self.low}..{self.high}")
        return self


class Game(Value):
    """A pairwise reading in one seat order; `winner` is an answer's id or `tie`."""

    kind: Literal["pairwise"] = "pairwise"
    match: str
    number: Literal[1, 2]
    first: str
    second: str
    winner: str
    first_style: TextStyle
    second_style: TextStyle
    scores: tuple[float, float] | None = None
    """Grades of the first and the second seat, where the winner follows from their difference."""

    @model_validator(mode="after")
    def _winner_played(self) -> Game:
        if self.winner not in (self.first, self.second, TIE):
            raise ValueError(f"winner {self.winner!r} did not play")
        return self


class Judgment(SessionRecord):
    """One judge's reading."""

    episode: str
    instruction: str
    panel: str
    judge: str
    family: str
    answered_by: str
    reading: Score | Game | StepReading = Field(discriminator="kind")
    words: str
    """What the judge wrote."""
    asked: int = 1
    """How often it was asked until it could be read."""
    measured_only: bool = False
    """Whether a verifier decided, or a stronger panel, and this reading only measures the juror."""
    injection: bool = False
    """Whether a judged text tried to order the judge about."""
    prompt: str
    """Content hash of the judging prompt."""
    call: str


class Vote(Value):
    """What one juror's two games come to."""

    judge: str
    choice: str
    """An answer's id, `tie`, `inconsistent` or `failed`."""
    weight: Annotated[float, Field(gt=0.0)] = 1.0
    """What it counts: 1, but where the panel weighs its jurors by their reliability."""


class Verdict(SessionRecord):
    """The outcome of a match between two answers by a panel; `left` is the smaller id."""

    episode: str
    instruction: str
    match: str
    panel: str
    left: str
    right: str
    outcome: Outcome
    winner: str | None = None
    margin: float = 0.0
    """Votes for the winner less votes for the loser, weighted; 1 where a verifier decided."""
    decided_by: Literal["panel", "verifier"]
    votes: tuple[Vote, ...] = ()
    quorum: int
    stepped_out: tuple[str, ...] = ()
    """Jurors who did not sit because of their family."""
    unasked: tuple[str, ...] = ()
    """Jurors whose votes could no longer change the outcome."""
    orders: Literal[1, 2] = 2
    """Seat orders that were played: 1 where one was enough, or all that was asked for."""
    escalated: str | None = None
    """The panel that decided, where `panel` left it open."""
    first_votes: tuple[Vote, ...] = ()
    """The votes of `panel`, where another decided."""

    @model_validator(mode="after")
    def _consistent(self) -> Verdict:
        if (self.outcome == "win") != (self.winner is not None):
            raise ValueError(f"outcome {self.outcome!r} with winner {self.winner!r}")
        if self.winner is not None and self.winner not in (self.left, self.right):
            raise ValueError(f"winner {self.winner!r} is neither {self.left!r} nor {self.right!r}")
        return self

    @property
    def loser(self) -> str | None:
        """The other answer of a decided match."""
        if self.winner is None:
            return None
        return self.right if self.winner == self.left else self.left


class Suggestion(Value):
    """One proposed improvement."""

    aim: CritiqueAim
    place: str
    """Words of the answer it speaks of, or empty for the whole."""
    change: str


class Critique(SessionRecord):
    """A critic's suggestions on an answer; an empty list means that it found nothing to improve."""

    episode: str
    instruction: str
    answer: str
    critic: str
    producer: Producer
    suggestions: tuple[Suggestion, ...]
    words: str
    prompt: str
    call: str
