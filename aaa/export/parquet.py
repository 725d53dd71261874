"""Parquet under one explicit schema, so that no reader infers types from the rows that it happens to see first.

Messages are lists of structs; tools, and the arguments of their calls, are JSON text: they differ in type from row to
row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aaa.errors import MissingExtraError, UsageError
from aaa.export import trl
from aaa.export.entry import Entry, Row
from aaa.export.folders import Folder
from aaa.export.form import Format
from aaa.export.jsonl import Line, Written, whole_or_nothing

if TYPE_CHECKING:
    import pyarrow

GROUP = 2_000
"""Rows in a row group: some MB at most (ours)."""
SPLITS = ("train", "validation", "test")
MESSAGES, TEXT, NUMBER, FLAG, TEXTS = "messages", "text", "number", "flag", "texts"
_ORIGIN = {"tools": TEXT, "id": TEXT, "source_id": TEXT, "skill": TEXT, "language": TEXT}
_TERMS = {"producers": TEXTS, "families": TEXTS, "licenses": TEXTS, "judges": TEXTS, "simulated": FLAG, "partial": FLAG}
PREFERENCE = {
    "prompt": MESSAGES,
    "chosen": MESSAGES,
    "rejected": MESSAGES,
    **_ORIGIN,
    "margin": NUMBER,
    "grade": NUMBER,
    "rejected_grade": NUMBER,
    "by": TEXT,
    "decided_by": TEXT,
    "disagree": FLAG,
    "chosen_model": TEXT,
    "rejected_model": TEXT,
    **_TERMS,
}
"""Columns of pairs with their types, in order."""
SFT = {
    "messages": MESSAGES,
    **_ORIGIN,
    "grade": NUMBER,
    "verified": FLAG,
    "by": TEXT,
    "context": TEXT,
    **_TERMS,
}
"""Columns of samples with their types, in order."""


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise MissingExtraError("Parquet", "parquet") from error
    return pyarrow


def schema(columns: Mapping[str, str]) -> pyarrow.Schema:
    """The Arrow schema of these columns."""
    arrow = _pyarrow()
    texts = {key: arrow.string() for key in ("role", "content", "name", "tool_calls", "tool_call_id")}
    function = arrow.struct({"name": arrow.string(), "arguments": arrow.string()})
    call = arrow.struct({"id": arrow.string(), "type": arrow.string(), "function": function})
    message = arrow.struct({**texts, "tool_calls": arrow.list_(call)})
    types = {
        MESSAGES: arrow.list_(message),
        TEXT: arrow.string(),
        NUMBER: arrow.float64(),
        FLAG: arrow.bool_(),
        TEXTS: arrow.list_(arrow.string()),
    }
    return arrow.schema([arrow.field(name, types[kind]) for name, kind in columns.items()])


class _Table:
    """A Parquet file that rows are added to, a row group at a time."""

    def __init__(self, path: Path, writer: Any, columns: pyarrow.Schema) -> None:
        self._path, self._writer, self._schema = path, writer, columns
        self._group: list[Row] = []
        self.rows = 0

    def add(self, line: Line) -> None:
        self._group.append(line.row)
        self.rows += 1
        if len(self._group) == GROUP:
            self.flush()

    def flush(self) -> None:
        if self._group:
            self._writer.write_table(_pyarrow().Table.from_pylist(self._group, schema=self._schema))
            self._group = []

    def written(self) -> Written:
        """Once the file is complete."""
        digest = hashlib.sha256()
        with self._path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return Written(self._path, self.rows, digest.hexdigest(), self._path.stat().st_size)


@contextmanager
def open_parquet(columns: Mapping[str, str], path: Path) -> Iterator[_Table]:
    """A file that is there when all of it is. Raises `MissingExtraError` without pyarrow."""
    arrow, names = _pyarrow(), schema(columns)
    with whole_or_nothing(path) as file, arrow.parquet.ParquetWriter(file, names, compression="zstd") as writer:
        table = _Table(path, writer, names)
        yield table
        table.flush()


def read_parquet(columns: Mapping[str, str], path: Path) -> Iterator[tuple[str, Row]]:
    """The rows of a file, whose schema must be this one."""
    arrow = _pyarrow()
    try:
        file = arrow.parquet.ParquetFile(path)
    except (OSError, arrow.ArrowInvalid) as error:
        raise UsageError(f"{path} cannot be read as Parquet: {error}") from error
    with file:
        if not file.schema_arrow.equals(schema(columns)):
            raise UsageError(f"{path} has another schema than the format: {file.schema_arrow.names}.")
        number = 0
        for batch in file.iter_batches(GROUP):
            for row in batch.to_pylist():
                number += 1
                yield f"{path}: row {number}", row


@dataclass(frozen=True)
class OneFile:
    """All rows in one Parquet file."""

    columns: Mapping[str, str]
    folder: bool = False

    def write(self, path: Path, lines: Iterator[Line]) -> list[Written]:
        with open_parquet(self.columns, path) as table:
            for line in lines:
                table.add(line)
        return [table.written()]

    def read(self, path: Path) -> Iterator[tuple[str, Row]]:
        return read_parquet(self.columns, path)


def _folder(columns: Mapping[str, str]) -> Folder:
    return Folder(SPLITS, ".parquet", partial(open_parquet, columns), partial(read_parquet, columns))


def _of(name: str, layout: OneFile | Folder) -> Format:
    """A format of TRL's in another layout; every column is there, used or not."""
    form = trl.FORMATS[name]
    shape = partial(_with_text_arguments, form)
    return replace(form, shape=shape, messages=(), optional=(), layout=layout)


def _with_text_arguments(form: Format, entry: Entry) -> Iterator[Row]:
    for row in form.shape(entry):
        for message in (message for name in form.messages for message in row[name]):
            for call in message.get("tool_calls", ()):
                function = call["function"]
                function["arguments"] = json.dumps(function["arguments"], ensure_ascii=False)
        yield row


FORMATS: dict[str, Format] = {
    "parquet-preference": _of("trl-preference", OneFile(PREFERENCE)),
    "parquet-sft": _of("trl-sft", OneFile(SFT)),
    "hf-preference": _of("trl-preference", _folder(PREFERENCE)),
    "hf-sft": _of("trl-sft", _folder(SFT)),
}
