"""Files of texts in the usual forms, of which the instruction or the answer is compared with others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from aaa.errors import ScenarioError, UsageError
from aaa.scenario.sources.raw import RefusedRow
from aaa.scenario.sources.readers import read_rows_of

Side = Literal["instruction", "answer"]
IDS: Final = ("id", "question_id", "task_id", "source_id", "key")
INSTRUCTIONS: Final = ("instruction", "prompt", "question", "query", "problem", "text")
ANSWERS: Final = ("answer", "completion", "response", "output", "chosen")
TURNS: Final = ("messages", "conversations", "conversation", "turns")
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

    def parts(self, side: Side) -> list[str]:
        """What is said on a side as a whole, then turn by turn; each once, nothing empty."""
        return [text for text in dict.fromkeys((self.text, *turns_of(self.columns, side))) if text.strip()]


def read_texts(path: Path, side: Side = "instruction", *, grade: str = "grade") -> Iterator[TextRow]:
    """All rows of a file (JSON Lines, JSON, CSV, TSV, Parquet, Arrow, text), one at a time; `grade` names the column
    that says how good a row is, a number.

    Raises `UsageError` with file and line for a row that cannot be read or whose grade is no number.
    """
    for raw in _rows(path):
        if isinstance(raw, RefusedRow):
            raise UsageError(f"{raw.place}: {raw.detail}")
        number, columns = raw.place.line, dict(raw.columns)
        given = next((str(columns[name]) for name in IDS if columns.get(name) not in (None, "")), f"line-{number}")
        yield TextRow(given, text_of(columns, side), _grade(columns.get(grade), grade, f"{path}:{number}"), columns)


def read_benchmark(path: Path) -> Iterator[tuple[str, str]]:
    """Ids and texts that a benchmark asks: of a conversation its first turn by itself, and all turns together.

    Raises `UsageError` as `read_texts` does, and for a row without a text: what is passed over would not be kept out.
    """
    number = 0
    for row in read_texts(path):
        number += 1
        if not row.text:
            names = ", ".join(map(str, row.columns)) or "none"
            raise UsageError(
                f"{path}: row {number} ({row.id}) holds no text that could be kept out; a row is to have "
                f"one of {', '.join((*INSTRUCTIONS, *TURNS))}, and this one has: {names}"
            )
        yield from ((row.id, text) for text in dict.fromkeys((row.text, *turns_of(row.columns, "instruction")[:1])))
    if not number:
        raise UsageError(f"{path} holds no rows to keep out of training data.")


def text_of(columns: Mapping[str, Any], side: Side) -> str:
    """What stands on a side: in a column of its own, or in the turns of a conversation; empty where nothing does.

    The instruction of a conversation is all that the user says in it, the answer all that the model says.
    """
    return "\n".join(turns_of(columns, side))


def turns_of(columns: Mapping[str, Any], side: Side) -> list[str]:
    """What is said on a side, turn by turn; a column of its own is one turn."""
    for name in (*(INSTRUCTIONS if side == "instruction" else ANSWERS), *TURNS):
        value = columns.get(name)
        turns = _said(value, side) if isinstance(value, list) else [value] if isinstance(value, str) else []
        if any(turn.strip() for turn in turns):
            return [f"{turns[0]}{_input(columns)}", *turns[1:]] if name == "instruction" else turns
    return []


def _rows(path: Path) -> Iterator[Any]:
    try:
        yield from read_rows_of(path)
    except ScenarioError as error:
        raise UsageError(str(error)) from error


def _grade(mark: Any, name: str, where: str) -> float | None:
    if mark is not None and (isinstance(mark, bool) or not isinstance(mark, int | float)):
        raise UsageError(f"{where}: the grade in column {name!r} must be a number, but is {mark!r}")
    return None if mark is None else float(mark)


def _input(columns: Mapping[str, Any]) -> str:
    """What an instruction is about, where it stands apart: Alpaca's `input`, or that of Self-Instruct's instance."""
    match columns:
        case {"input": str(text)} | {"instances": [{"input": str(text)}, *_]} if text.strip():
            return f"\n\n{text}"
    return ""


def _said(turns: list[Any], side: Side) -> list[str]:
    """What a side says in a conversation; turns without a speaker are the user's, as in MT-Bench."""
    found = []
    for turn in turns:
        if isinstance(turn, str) and side == "instruction":
            found.append(turn)
        elif isinstance(turn, dict) and turn.get("role", turn.get("from")) in SIDES[side]:
            said = turn.get("content", turn.get("value"))
            found += [said] if isinstance(said, str) else []
    return found
