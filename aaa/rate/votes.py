"""Votes on pairs of answers: the value, and files of them in the form that the field uses."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from aaa.errors import UsageError
from aaa.scenario import read_rows
from aaa.text import style
from aaa.types import TextStyle, Value

VoteOutcome = Literal["left", "right", "tie", "inconsistent"]

WINNERS: Final[dict[str, VoteOutcome]] = {
    "model_a": "left",
    "model_b": "right",
    "tie": "tie",
    "tie (bothbad)": "tie",
    "tie (inconsistent)": "inconsistent",
}
"""How FastChat's files say who won (`tie (bothbad)` in those of its arena), and what it is called here."""


class Vote(Value):
    """Who won when the answers of two models to one prompt were compared."""

    item: str
    """The prompt."""
    left: str
    right: str
    outcome: VoteOutcome
    """`inconsistent`: the judge contradicted itself when the seats were exchanged."""
    judge: str | None = None
    turn: int | None = None
    category: str | None = None
    """Category or skill of the prompt."""
    left_style: TextStyle | None = None
    right_style: TextStyle | None = None

    @model_validator(mode="after")
    def _two_models(self) -> Vote:
        if self.left == self.right:
            raise ValueError(f"{self.left!r} cannot be compared with itself")
        return self


def _joined(value: object) -> object:
    """FastChat names a judge as a list of model and prompt."""
    return "/".join(map(str, value)) if isinstance(value, list) else value


Word = Annotated[str, Field(min_length=1, coerce_numbers_to_str=True)]


def _total(counts: object) -> object:
    """A number, or the sum of one for each kind of markup."""
    if not isinstance(counts, dict) or not all(isinstance(number, int) for number in counts.values()):
        return counts
    return sum(counts.values())


Total = Annotated[int, Field(ge=0), BeforeValidator(_total)]


class _Markup(BaseModel):
    """Lengths and markup as LMArena publishes them."""

    model_config = ConfigDict(extra="ignore")

    sum_assistant_a_tokens: Total
    sum_assistant_b_tokens: Total
    header_count_a: Total = 0
    header_count_b: Total = 0
    list_count_a: Total = 0
    list_count_b: Total = 0
    bold_count_a: Total = 0
    bold_count_b: Total = 0

    def styles(self) -> tuple[TextStyle, TextStyle]:
        return (
            TextStyle(
                words=self.sum_assistant_a_tokens,
                headers=self.header_count_a,
                list_items=self.list_count_a,
                bold=self.bold_count_a,
            ),
            TextStyle(
                words=self.sum_assistant_b_tokens,
                headers=self.header_count_b,
                list_items=self.list_count_b,
                bold=self.bold_count_b,
            ),
        )


class _Row(BaseModel):
    """A line of a file; columns that are not named here are passed over."""

    model_config = ConfigDict(extra="ignore")

    question_id: Word
    model_a: Word
    model_b: Word
    winner: Literal["model_a", "model_b", "tie", "tie (bothbad)", "tie (inconsistent)"]
    judge: Annotated[Word | None, BeforeValidator(_joined)] = None
    turn: int | None = None
    category: Annotated[Word | None, Field(validation_alias=AliasChoices("category", "skill"))] = None
    answer_a: str | None = None
    answer_b: str | None = None
    conv_metadata: _Markup | None = None

    @model_validator(mode="after")
    def _two_models(self) -> _Row:
        if self.model_a == self.model_b:
            raise ValueError(f"{self.model_a!r} cannot be compared with itself")
        return self

    def vote(self) -> Vote:
        styles = (None, None) if self.conv_metadata is None else self.conv_metadata.styles()
        return Vote(
            item=self.question_id,
            left=self.model_a,
            right=self.model_b,
            outcome=WINNERS[self.winner],
            judge=self.judge,
            turn=self.turn,
            category=self.category,
            left_style=styles[0] if self.answer_a is None else style(self.answer_a),
            right_style=styles[1] if self.answer_b is None else style(self.answer_b),
        )


def read_votes(path: Path) -> list[Vote]:
    """All votes of a file, in its order: JSON Lines with `question_id`, `model_a`, `model_b` and `winner`.

    Optional are `judge`, `turn`, `category` (or `skill`), and for the control of style either the texts `answer_a` and
    `answer_b` or LMArena's `conv_metadata`. Raises `UsageError` with file and line for a row that is no vote, and for
    a file without one.
    """
    votes = [row.vote() for _, row in read_rows(path, _Row)]
    if not votes:
        raise UsageError(f"{path} holds no votes: it is to have one JSON object on each line.")
    return votes
