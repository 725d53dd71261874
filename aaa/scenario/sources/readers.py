"""Reading files row by row; a row that cannot be read is handed on as such, and the rest is read on."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from aaa.errors import ScenarioError
from aaa.scenario.json_lines import MAX_LINE
from aaa.scenario.sources.raw import EXCERPT, Place, RawRow, RefusedRow, SourceFault
from aaa.scenario.sources.tables import read_arrow, read_parquet

Rows = Iterator[RawRow | RefusedRow]
_BOM: Final = b"\xef\xbb\xbf"


def read_rows_of(file: Path) -> Rows:
    """All rows of a file, by its suffix; one of an unknown suffix is read as JSON Lines.

    Raises `ScenarioError` for a file that cannot be read at all.
    """
    try:
        yield from READERS.get(file.suffix.lower(), _json_lines)(file)
    except OSError as error:
        raise ScenarioError(f"cannot be read: {error.strerror}", file=file) from error


def _json_lines(file: Path) -> Rows:
    for place, text in _lines(file):
        if isinstance(text, RefusedRow):
            yield text
            continue
        try:
            columns = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            yield _refused(place, "malformed", f"is not JSON: {error.msg} (column {error.colno})", text)
            continue
        yield row_of(place, columns)


def _text(file: Path) -> Rows:
    for place, text in _lines(file):
        yield text if isinstance(text, RefusedRow) else RawRow(place, {"instruction": text})


def _lines(file: Path) -> Iterator[tuple[Place, str | RefusedRow]]:
    """Lines that hold something; one that is too long is passed over to its end."""
    with file.open("rb") as handle:
        number = 0
        while raw := handle.readline(MAX_LINE + 1):
            number += 1
            place = Place(str(file), number)
            if len(raw) > MAX_LINE:
                while raw and not raw.endswith(b"\n"):
                    raw = handle.readline(MAX_LINE)
                yield place, RefusedRow(place, "oversized", f"a line holds at most {MAX_LINE:,} bytes")
            elif stripped := raw.removeprefix(_BOM).strip():
                yield place, _decoded(place, stripped)


def _decoded(place: Place, raw: bytes) -> str | RefusedRow:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        shown = raw.decode(errors="replace")
        return _refused(place, "encoding", f"is not UTF-8: byte {error.start} is {raw[error.start]:#04x}", shown)


def _json(file: Path) -> Rows:
    """One JSON array of rows, read as a whole."""
    try:
        rows = orjson.loads(file.read_bytes().removeprefix(_BOM))
    except orjson.JSONDecodeError as error:
        line, column = error.lineno, error.colno
        raise ScenarioError(f"is not JSON: {error.msg} (column {column})", file=file, line=line) from error
    if not isinstance(rows, list):
        raise ScenarioError("must hold an array of rows; a file of one row to a line is named *.jsonl", file=file)
    return (row_of(Place(str(file), number), row) for number, row in enumerate(rows, 1))


def _csv(file: Path) -> Rows:
    """Columns are named by the first line; cells that are empty say nothing."""
    csv.field_size_limit(min(sys.maxsize, MAX_LINE))
    # Bytes that are not UTF-8 become half surrogates, by which their rows are known afterwards.
    with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as handle:
        reader = csv.DictReader(handle, delimiter="\t" if file.suffix.lower() == ".tsv" else ",", strict=True)
        number = 0
        while True:
            number += 1
            place = Place(str(file), number + 1)
            try:
                cells = next(reader, None)
            except csv.Error as error:
                reason: SourceFault = "oversized" if "field larger" in str(error) else "malformed"
                yield RefusedRow(place, reason, f"is not a row of a CSV file: {error}")
                continue
            if cells is None:
                return
            yield _csv_row(Place(str(file), reader.line_num), cells)


def _csv_row(place: Place, cells: Mapping[str | None, Any]) -> RawRow | RefusedRow:
    shown = ",".join(str(value) for value in cells.values())
    if None in cells:
        return _refused(place, "malformed", "has more cells than the first line names columns", shown)
    if any(value is None for value in cells.values()):
        return _refused(place, "malformed", "has fewer cells than the first line names columns", shown)
    if any("\udc80" <= letter <= "\udcff" for letter in shown):
        return _refused(place, "encoding", "is not UTF-8", shown.encode(errors="replace").decode())
    return RawRow(place, {str(name): value for name, value in cells.items() if value != ""})


def _table(read: Callable[[Path], Iterable[Mapping[str, Any]]]) -> Callable[[Path], Rows]:
    def rows(file: Path) -> Rows:
        yield from numbered(str(file), read(file))

    return rows


READERS: Mapping[str, Callable[[Path], Rows]] = {
    ".jsonl": _json_lines,
    ".json": _json,
    ".csv": _csv,
    ".tsv": _csv,
    ".txt": _text,
    ".parquet": _table(read_parquet),
    ".arrow": _table(read_arrow),
}


def numbered(source: str, rows: Iterable[Any]) -> Rows:
    """Rows of a source without lines; columns without a value say nothing."""
    for number, columns in enumerate(rows, 1):
        kept = {k: v for k, v in columns.items() if v is not None} if isinstance(columns, Mapping) else columns
        yield row_of(Place(source, number), kept)


def row_of(place: Place, columns: Any) -> RawRow | RefusedRow:
    """The row, if it has columns at all."""
    if not isinstance(columns, Mapping):
        return _refused(
            place, "malformed", f"the row must be an object with keys, not {type(columns).__name__}", repr(columns)
        )
    return RawRow(place, columns)


def _refused(place: Place, reason: SourceFault, detail: str, text: str) -> RefusedRow:
    return RefusedRow(place, reason, detail, text[:EXCERPT])
