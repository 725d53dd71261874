"""Files of answer pairs: JSON Lines with `instruction`, `answer_a` and `answer_b`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AliasChoices, BeforeValidator, ConfigDict, Field, model_validator

from aaa.errors import UsageError
from aaa.scenario.json_lines import read_rows
from aaa.scenario.rows import PromptRow, Text, Word
from aaa.types import content_hash

Label = Literal["a", "b", "tie"]
_LABELS: Final[dict[str, Label]] = {
    **dict.fromkeys(("a", "answer_a", "model_a"), "a"),
    **dict.fromkeys(("b", "answer_b", "model_b"), "b"),
    "tie": "tie",
}


def _label(value: Any) -> Any:
    """The ways in which files say which answer is better."""
    if value is None:
        return None
    found = _LABELS.get(str(value).casefold())
    if found is None:
        raise ValueError(f"the label {value!r} is not possible; it is answer_a, answer_b or tie")
    return found


class PairRow(PromptRow):
    """Two answers to one prompt; columns that are not named here are passed over."""

    model_config = ConfigDict(extra="ignore")

    source_id: Annotated[Word, Field(validation_alias=AliasChoices("id", "question_id"))] = ""
    """Unique in the file; without one, a hash of prompt and answers."""
    skill: Annotated[Text | None, Field(validation_alias=AliasChoices("skill", "category"))] = None
    answer_a: str
    answer_b: str
    model_a: Word = "answer_a"
    model_b: Word = "answer_b"
    """Who wrote the answers, where it is known."""
    family_a: Word | None = None
    family_b: Word | None = None
    """Families of the authors, which are their names where nothing else is said."""
    label: Annotated[Label | None, BeforeValidator(_label)] = None
    """The better answer, by somebody who knows: `answer_a`, `answer_b` or `tie`."""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: Any) -> Any:
        """Give a row without an id its own."""
        if not isinstance(data, dict) or "id" in data or "question_id" in data:
            return data
        asked = [data.get(key) for key in ("system", "messages", "instruction", "answer_a", "answer_b")]
        return {**data, "id": content_hash(asked)[:16]}


def read_pairs(path: Path) -> Iterator[PairRow]:
    """All pairs of a file, one at a time.

    Raises `UsageError` with file and line for a row that is no pair, or whose id was there before, and for a file
    without one.
    """
    seen: dict[str, int] = {}
    for number, row in read_rows(path, PairRow):
        if row.source_id in seen:
            before = seen[row.source_id]
            raise UsageError(f"{path}:{number}: the id {row.source_id!r} was there before, at line {before}")
        seen[row.source_id] = number
        yield row
    if not seen:
        raise UsageError(f"{path} holds no pairs: it is to have one JSON object on each line.")
