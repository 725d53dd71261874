"""Prompts from all sources of a scenario: every row that is read is kept or refused for a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from aaa.scenario.rows import PromptRow, parse_row
from aaa.scenario.schema import Prompts
from aaa.scenario.sources.files import DATASET, SESSION, files_of
from aaa.scenario.sources.forms import mapped, shaped
from aaa.scenario.sources.raw import EXCERPT, Place, RawRow, RefusedRow, SourceFault
from aaa.scenario.sources.readers import numbered, read_rows_of
from aaa.scenario.sources.tables import read_dataset

Read = PromptRow | RefusedRow
T = TypeVar("T")
PLACES = ("instruction", "messages", "conversations", "prompt")
"""Columns that may hold a prompt."""
FOREIGN = frozenset({"conversations", "conversation", "instances"})
"""Columns by which a row shows that it is of another form than AAA's own."""
MEMORY = Prompts(patterns=("memory",), faults="set_aside")
OWN = (".jsonl", ".json")
"""Files that may be written by hand in AAA's own form, where a column that nobody knows is a slip."""


def read_prompts(prompts: Prompts, *, near: Path) -> Iterator[PromptRow]:
    """The rows that are kept, one at a time, each with its source id.

    With `faults: refuse`, raises `ScenarioError` with file and line for the first that is not.
    """
    return kept(read_source(prompts, near=near), prompts)


def kept(rows: Iterable[Read], prompts: Prompts) -> Iterator[PromptRow]:
    """The rows that are no refusals; with `faults: refuse` one raises, unless a filter did."""
    for row in rows:
        if isinstance(row, PromptRow):
            yield row
        elif prompts.faults == "refuse" and row.reason != "filtered":
            raise row.error()


def read_source(prompts: Prompts, *, near: Path, earlier: Iterable[PromptRow] = ()) -> Iterator[Read]:
    """Every row of every source, as a prompt or with the reason why it is none; first `earlier` sessions' prompts.

    Raises `ScenarioError` for a source that is not there or cannot be read at all.
    """
    files: dict[Path, None] = {}
    seen = Seen()
    for number, row in enumerate(earlier, 1):
        yield _allowed(row, Place("session", number), prompts, seen)
    for pattern in prompts.patterns:
        if pattern.startswith(DATASET):
            yield from _checked(numbered(pattern, read_dataset(pattern.removeprefix(DATASET))), prompts, seen)
        elif not pattern.startswith(SESSION):
            new = [file for file in files_of(pattern, near=near) if file not in files]
            files |= dict.fromkeys(new)
            for file in new:
                yield from _checked(read_rows_of(file), prompts, seen, own=file.suffix.lower() in OWN)


def read_memory(rows: Iterable[Mapping[str, Any]], prompts: Prompts = MEMORY) -> Iterator[Read]:
    """Rows from memory, as from a file; of `prompts` its fields and limits count."""
    return _checked(numbered("memory", rows), prompts, Seen())


class Seen:
    """Ids so far, and where each was first."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[str, int]] = {}

    def before(self, id_: str, place: Place) -> Place | None:
        """Where the id was before, if it was; else it is noted."""
        first = self._places.setdefault(id_, (place.source, place.line))
        return None if first == (place.source, place.line) else Place(*first)


def _checked(rows: Iterable[RawRow | RefusedRow], prompts: Prompts, seen: Seen, *, own: bool = False) -> Iterator[Read]:
    """Rows as prompts. `own` files are held to AAA's form unless the scenario says otherwise."""
    strict = own and prompts.faults == "refuse" and not prompts.fields
    for raw in rows:
        row = raw if isinstance(raw, RefusedRow) else _prompt(raw, prompts, strict=strict)
        if isinstance(row, PromptRow):
            row = _allowed(row, raw.place, prompts, seen)
        yield row


def _prompt(raw: RawRow, prompts: Prompts, *, strict: bool) -> Read:
    try:
        columns = mapped(raw.columns, prompts.fields) if prompts.fields else raw.columns
        return parse_row(columns if strict and not FOREIGN & set(columns) else shaped(columns))
    except ValueError as error:
        reason: SourceFault = "empty" if _is_empty(raw.columns, prompts) else "malformed"
        return RefusedRow(raw.place, reason, str(error), str(dict(raw.columns))[:EXCERPT])


def _is_empty(columns: Mapping[str, Any], prompts: Prompts) -> bool:
    """Whether it has the place of a prompt, with nothing in it."""
    named = {name: path for name, path in prompts.fields.items() if name in PLACES}
    try:
        columns = mapped(columns, named)
    except ValueError:
        return True  # nothing stands there: readers of tables leave out cells without a value
    said = next((columns[name] for name in PLACES if name in columns), "")
    return not said or (isinstance(said, str) and not said.strip())


def _allowed(row: PromptRow, place: Place, prompts: Prompts, seen: Seen) -> Read:
    """The row, unless it is empty, too long, or was there before."""
    text = "".join(message.text for message in row.messages)
    if not text.strip() and all(isinstance(message.content, str) for message in row.messages):
        return RefusedRow(place, "empty", "its messages hold no words", id=row.source_id)
    if prompts.max_characters is not None and len(text) > prompts.max_characters:
        detail = f"holds {len(text):,} characters, and `max_characters` is {prompts.max_characters:,}"
        return RefusedRow(place, "oversized", detail, text[:EXCERPT], row.source_id)
    if (before := seen.before(row.source_id, place)) is not None:
        detail = f"the id {row.source_id!r} was there before, at {before}"
        return RefusedRow(place, "duplicate_id", detail, text[:EXCERPT], row.source_id)
    return row
