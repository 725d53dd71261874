"""JSON files: UTF-8, one row to a line, complete or as they were before."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import JsonValue

from aaa.errors import ExportError, UsageError
from aaa.scenario import read_lines

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True)
class Written:
    """A file that was written; `sha256` is the hash of its bytes, in hex."""

    path: Path
    rows: int
    sha256: str
    bytes: int


def write_jsonl(path: Path, rows: Iterable[Mapping[str, JsonValue]]) -> Written:
    """Write rows to `path` as they come, keys in the order given; folders are made where they are missing.

    Raises `ExportError` for a row that JSON or UTF-8 cannot hold, or that has a NUL (databases refuse it), and for a
    place that cannot be written. `path` is then as it was.
    """
    return _write(path, rows, b"", b"", b"\n", b"")


def write_json(path: Path, rows: Iterable[Mapping[str, JsonValue]]) -> Written:
    """The same; a file whose name ends in `.json` is one array, with a row to each line."""
    if path.suffix != ".json":
        return write_jsonl(path, rows)
    return _write(path, rows, b"[\n", b",\n", b"", b"\n]\n")


def write_text(path: Path, text: str) -> Written:
    """Write a text whole or not at all."""
    content = text.encode()
    with whole_or_nothing(path) as file:
        file.write(content)
    return Written(path, 0, hashlib.sha256(content).hexdigest(), len(content))


def _write(
    path: Path, rows: Iterable[Mapping[str, JsonValue]], first: bytes, between: bytes, end: bytes, last: bytes
) -> Written:
    count = 0
    with whole_or_nothing(path) as file:
        out = Hashed(file)
        out.write(first)
        for row in rows:
            out.write((between if count else b"") + _line(row) + end)
            count += 1
        out.write(last)
    return Written(path, count, out.digest.hexdigest(), out.size)


class Lines:
    """A JSON Lines file that rows are added to."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._out, self._rows = path, Hashed(file), 0

    def add(self, row: Mapping[str, JsonValue]) -> None:
        self._out.write(_line(row) + b"\n")
        self._rows += 1

    def written(self) -> Written:
        return Written(self._path, self._rows, self._out.digest.hexdigest(), self._out.size)


@contextmanager
def open_jsonl(path: Path) -> Iterator[Lines]:
    """A file that is there when all of it is."""
    with whole_or_nothing(path) as file:
        yield Lines(path, file)


class Hashed:
    """A file that counts and hashes what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest, self.size = file, hashlib.sha256(), 0

    def write(self, data: bytes) -> None:
        self.file.write(data)
        self.digest.update(data)
        self.size += len(data)


def read_json(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a JSON Lines file, or of one array, each with its place. Raises `UsageError` where there are none."""
    if path.suffix == ".json":
        yield from _array(path)
        return
    for number, line in read_lines(path):
        yield f"{path}:{number}", _object(line, f"{path}:{number}")


def _array(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path} is no JSON in UTF-8: {error}.") from error
    if not isinstance(found, list):
        raise UsageError(f"{path} must hold one array of rows, but holds {type(found).__name__}.")
    for number, row in enumerate(found, 1):
        if not isinstance(row, dict):
            raise UsageError(f"{path}: row {number} is no object, but {type(row).__name__}.")
        yield f"{path}: row {number}", row


def _object(line: bytes, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{place}: is no JSON in UTF-8: {error}.") from error
    if not isinstance(row, dict):
        raise UsageError(f"{place}: a row is an object, but this is {type(row).__name__}.")
    return row


def unwritable(row: Mapping[str, JsonValue]) -> tuple[str, str] | None:
    """Why no file can hold this row, as one word and a detail; None where one can."""
    encoded = _encoded(row)
    return None if isinstance(encoded, bytes) else encoded


def _encoded(row: Mapping[str, JsonValue]) -> bytes | tuple[str, str]:
    """The row in JSON, or why there is none."""
    try:
        text = json.dumps(row, ensure_ascii=False, allow_nan=False)
        encoded = text.encode()
    except UnicodeEncodeError as error:
        return "lone_surrogate", f"half a character that UTF-8 cannot hold: {error.object[error.start]!r}"
    except (ValueError, TypeError, RecursionError) as error:
        return "no_json", str(error)
    return ("nul", "a NUL character, which many readers refuse") if "\\u0000" in text and _NUL.search(text) else encoded


def _line(row: Mapping[str, JsonValue]) -> bytes:
    """One row in JSON."""
    encoded = _encoded(row)
    if not isinstance(encoded, bytes):
        raise ExportError(f"Row {row.get('id')!r} cannot be written as JSON in UTF-8: {encoded[1]}. Exclude the row.")
    return encoded


@contextmanager
def whole_or_nothing(path: Path) -> Iterator[BinaryIO]:
    """A file beside `path` that takes its place once it is complete and on the disk."""
    try:
        if not path.name or (path.exists() and not path.is_file()):
            raise ExportError(f"{path} is no regular file: name a file to write.")
        draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with draft.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise ExportError(
            f"{path} cannot be written: {error.strerror or error}. Nothing was changed; make room or choose a place "
            "that you may write to, and export again (it costs no calls)."
        ) from error
