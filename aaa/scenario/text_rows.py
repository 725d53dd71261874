"""Files of texts: JSON Lines in the usual forms, of which a command compares the instruction or the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import orjson

from aaa.errors import UsageError
from aaa.scenario.json_lines import read_lines

Side = Literal["instruction", "answer"]
IDS: Final = ("id", "question_id", "task_id", "source_id")
INSTRUCTIONS: Final = ("instruction", "prompt", "question", "query", "text")
ANSWERS: Final = ("answer", "completion", "response", "output", "chosen")
TURNS: Final = ("messages", "conversations")
SIDES: Final[Mapping[Side, frozenset[str]]] = {
    "instruction": frozenset({"user", "human"}),
    "answer": frozenset({"assistant", "gpt"}),
}
"""Who speaks on a side, in OpenAI's and in ShareGPT's words."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """A line: its id (`line-N` where it has none), the text asked for, and all its columns."""

    id: str
    text: str
    """Empty where the row has none on that side."""
    grade: float | None
    columns: dict[str, Any]


def read_texts(path: Path, side: Side = "instruction", *, grade: str = "grade") -> Iterator[TextRow]:
    """All rows of a file, one at a time; `grade` names the column that says how good a row is, a number.

    Raises `UsageError` with file and line for a row that is no JSON object or whose grade is no number.
    """
    for number, line in read_lines(path):
        try:
            columns = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise UsageError(f"{path}:{number}: is not JSON: {error.msg} (column {error.colno})") from error
        if not isinstance(columns, dict):
            raise UsageError(f"{path}:{number}: a row is a JSON object, but this is {str(columns)[:60]!r}")
        mark = columns.get(grade)
        if mark is not None and (isinstance(mark, bool) or not isinstance(mark, int | float)):
            raise UsageError(f"{path}:{number}: the grade in column {grade!r} must be a number, but is {mark!r}")
        given = next((str(columns[name]) for name in IDS if columns.get(name) not in (None, "")), f"line-{number}")
        yield TextRow(given, text_of(columns, side), None if mark is None else float(mark), columns)


def text_of(columns: Mapping[str, Any], side: Side) -> str:
    """What stands on a side: in a column of its own, or in the turns of a conversation; empty where nothing does.

    The instruction of a conversation is all that the user says in it, the answer all that the model says.
    """
    for name in (*(INSTRUCTIONS if side == "instruction" else ANSWERS), *TURNS):
        value = columns.get(name)
        text = _said(value, SIDES[side]) if isinstance(value, list) else value
        if isinstance(text, str) and text.strip():
            extra = columns.get("input") if name == "instruction" else None
            return f"{text}\n\n{extra}" if isinstance(extra, str) and extra.strip() else text
    return ""


def _said(turns: list[Any], speakers: frozenset[str]) -> str:
    said = [turn for turn in turns if isinstance(turn, dict) and turn.get("role", turn.get("from")) in speakers]
    return "\n".join(text for turn in said if isinstance(text := turn.get("content", turn.get("value")), str))
