"""Columns that are alike in all rows of a file: what one row has, every row has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

from aaa.export.entry import Row

_OPTIONAL = ("name", "tool_calls", "tool_call_id")


def with_equal_keys(
    rows: Iterator[tuple[str, Row]], message_columns: tuple[str, ...], optional: tuple[str, ...], used: set[str]
) -> Iterator[tuple[str, Row]]:
    """The same rows; a key that any message has (`tool_calls`) every message gets, else as null.

    Of the `optional` columns those stay that any row has a value for; they are put into `used`. Rows wait in a
    temporary file, since only the last of them tells which keys there are.
    """
    found: set[str] = set()
    with TemporaryFile("w+", encoding="utf-8", newline="\n") as spool:
        for split, row in rows:
            found.update(key for message in _messages(row, message_columns) for key in message)
            used.update(name for name in optional if row.get(name) is not None)
            spool.write(json.dumps([split, row], ensure_ascii=False) + "\n")
        spool.seek(0)
        missing = {key: None for key in _OPTIONAL if key in found}
        for line in spool:
            split, padded = json.loads(line)
            for name in optional:
                if name not in used:
                    padded.pop(name, None)
            for message in _messages(padded, message_columns):
                filled = missing | {key: message.pop(key) for key in missing if key in message}
                message.update(filled)
            yield split, padded


def _messages(row: Row, message_columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for column in message_columns:
        yield from row[column]
