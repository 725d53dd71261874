"""Votes on pairs of answers: the value, and files of them in the form that the field uses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from aaa.errors import UsageError
from aaa.text import style
from aaa.types import TextStyle, Value

VoteOutcome = Literal["left", "right", "tie", "inconsistent"]
MAX_LINE: Final = 16 << 20
"""Bytes of a line at most (ours): room for two long answers."""

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
    conv_metadata: dict[str, Any] | None = None
    """Lengths and markup as LMArena publishes them."""

    def vote(self) -> Vote:
        return Vote(
            item=self.question_id,
            left=self.model_a,
            right=self.model_b,
            outcome=WINNERS[self.winner],
            judge=self.judge,
            turn=self.turn,
            category=self.category,
            left_style=self._style("a", self.answer_a),
            right_style=self._style("b", self.answer_b),
        )

    def _style(self, side: str, answer: str | None) -> TextStyle | None:
        if answer is not None:
            return style(answer)
        if self.conv_metadata is None:
            return None
        return TextStyle(
            words=self.conv_metadata.get(f"sum_assistant_{side}_tokens", 0),
            headers=_total(self.conv_metadata.get(f"header_count_{side}", 0)),
            list_items=_total(self.conv_metadata.get(f"list_count_{side}", 0)),
            bold=_total(self.conv_metadata.get(f"bold_count_{side}", 0)),
        )


def _total(counts: Any) -> Any:
    """A number, or the sum of one for each kind of markup."""
    return sum(counts.values()) if isinstance(counts, dict) else counts


def read_votes(path: Path) -> list[Vote]:
    """All votes of a file, in its order: JSON Lines with `question_id`, `model_a`, `model_b` and `winner`.

    Optional are `judge`, `turn`, `category` (or `skill`), and for the control of style either the texts `answer_a` and
    `answer_b` or LMArena's `conv_metadata`. Raises `UsageError` with file and line for a row that is no vote, and for
    a file without one.
    """
    votes = [_vote(text, f"{path}:{number}") for number, text in _lines(path)]
    if not votes:
        raise UsageError(f"{path} holds no votes: it is to have one JSON object on each line.")
    return votes


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as handle:
            number = 0
            while text := handle.readline(MAX_LINE + 1):
                number += 1
                if len(text) > MAX_LINE:
                    raise UsageError(f"{path}:{number}: a line holds at most {MAX_LINE:,} bytes")
                if text := text.removeprefix(b"\xef\xbb\xbf").strip():
                    yield number, text
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def _vote(text: bytes, place: str) -> Vote:
    try:
        return _Row.model_validate(orjson.loads(text)).vote()
    except orjson.JSONDecodeError as error:
        raise UsageError(f"{place}: is not JSON: {error.msg} (column {error.colno})") from error
    except TypeError as error:
        raise UsageError(f"{place}: conv_metadata: counts must be numbers") from error
    except ValidationError as error:
        raise UsageError(f"{place}: {'; '.join(map(_sentence, error.errors(include_url=False)))}") from error


def _sentence(details: Any) -> str:
    if details["type"] == "value_error":
        return str(details["ctx"]["error"])
    where = ".".join(str(part) for part in details["loc"] if isinstance(part, str)) or "the row"
    found = "" if details["type"] == "missing" else f", but is {orjson.dumps(details['input'], default=str)[:60]!r}"
    return f"{where}: {details['msg'].replace('Input should', 'must')}{found}"
