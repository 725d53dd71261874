"""JSON lines: UTF-8, one row to a line, the file complete or as it was before."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import JsonValue

from aaa.errors import ExportError

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
    digest, count, size = hashlib.sha256(), 0, 0
    with _whole_or_nothing(path) as file:
        for row in rows:
            line = _line(row)
            file.write(line)
            digest.update(line)
            count, size = count + 1, size + len(line)
    return Written(path, count, digest.hexdigest(), size)


def _line(row: Mapping[str, JsonValue]) -> bytes:
    """One row as a line."""
    try:
        text = json.dumps(row, ensure_ascii=False, allow_nan=False)
        encoded = text.encode()
    except (ValueError, TypeError, RecursionError) as error:  # UnicodeEncodeError, which is a ValueError, included
        raise ExportError(f"Row {row.get('id')!r} cannot be written as JSON in UTF-8: {error}.") from error
    if _NUL.search(text):
        raise ExportError(f"Row {row.get('id')!r} holds a NUL character, which many readers refuse: exclude the row.")
    return encoded + b"\n"


@contextmanager
def _whole_or_nothing(path: Path) -> Iterator[BinaryIO]:
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
