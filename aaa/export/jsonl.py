"""JSON files: UTF-8, one row to a line, complete or as they were before."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
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


@dataclass(frozen=True)
class Line:
    """One row on its way into a file of this split, as JSON without a line break."""

    split: str
    json: bytes

    @cached_property
    def row(self) -> dict[str, Any]:
        """The row that it is."""
        found: dict[str, Any] = json.loads(self.json)
        return found


def write_jsonl(path: Path, rows: Iterable[Mapping[str, JsonValue]]) -> Written:
    """Write rows to `path` as they come, keys in the order given; folders are made where they are missing.

    Raises `ExportError` for a row that JSON or UTF-8 cannot hold, or that has a NUL (databases refuse it), and for a
    place that cannot be written. `path` is then as it was.
    """
    return write_lines(path, map(encoded_line, rows))


def write_lines(path: Path, lines: Iterable[bytes]) -> Written:
    """The same for rows in JSON; a file whose name ends in `.json` is one array, with a row to each line."""
    array = path.suffix == ".json"
    first, between, end, last = (b"[\n", b",\n", b"", b"\n]\n") if array else (b"", b"", b"\n", b"")
    count = 0
    with whole_or_nothing(path) as file:
        out = Hashed(file)
        out.write(first)
        for line in lines:
            out.write((between if count else b"") + line + end)
            count += 1
        out.write(last)
    return Written(path, count, out.digest.hexdigest(), out.size)


def write_text(path: Path, text: str) -> Written:
    """Write a text whole or not at all."""
    content = text.encode()
    with whole_or_nothing(path) as file:
        file.write(content)
    return Written(path, 0, hashlib.sha256(content).hexdigest(), len(content))


class Lines:
    """A JSON Lines file that rows are added to."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._out, self._rows = path, Hashed(file), 0

    def add(self, line: Line) -> None:
        self._out.write(line.json + b"\n")
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


def encoded(row: Mapping[str, JsonValue]) -> bytes | tuple[str, str]:
    """The row in JSON; or, as one word and a detail, why no file can hold it."""
    try:
        text = json.dumps(row, ensure_ascii=False, allow_nan=False)
        line = text.encode()
    except UnicodeEncodeError as error:
        return "lone_surrogate", f"half a character that UTF-8 cannot hold: {error.object[error.start]!r}"
    except (ValueError, TypeError, RecursionError) as error:
        return "no_json", str(error)
    return ("nul", "a NUL character, which many readers refuse") if "\\u0000" in text and _NUL.search(text) else line


def encoded_line(row: Mapping[str, JsonValue]) -> bytes:
    """The row in JSON. Raises `ExportError` where there is none."""
    line = encoded(row)
    if not isinstance(line, bytes):
        raise ExportError(f"Row {row.get('id')!r} cannot be written as JSON in UTF-8: {line[1]}. Exclude the row.")
    return line


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
