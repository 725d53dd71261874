"""Messages as columns: every message of a file has the same keys, and every value of a key the same type."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import Any

from pydantic import JsonValue

from aaa.errors import ExportError
from aaa.types import ImagePart, Message

_OPTIONAL = ("name", "tool_calls", "tool_call_id")
Row = dict[str, Any]


def columns(messages: Iterable[Message], *, row: str) -> list[JsonValue]:
    """Messages in the wire's form with text content, tool calls as one JSON text (their arguments differ in type).

    Raises `ExportError` for an image, naming the row.
    """
    return [_columns(message, row) for message in messages]


def _columns(message: Message, row: str) -> JsonValue:
    if not isinstance(message.content, str) and any(isinstance(part, ImagePart) for part in message.content):
        raise ExportError(f"Row {row!r} holds an image, and this format holds text only: exclude the row.")
    wire = {**message.to_wire(), "content": message.text}
    if message.tool_calls:
        wire["tool_calls"] = json.dumps(wire["tool_calls"], ensure_ascii=False)
    return wire


def with_equal_keys(rows: Iterable[Row], message_columns: tuple[str, ...]) -> Iterator[Row]:
    """The same rows; a key that any message of any row has (`tool_calls`) every message gets, else as null.

    Rows wait in a temporary file, since only the last of them tells which keys there are.
    """
    found: set[str] = set()
    with TemporaryFile("w+", encoding="ascii", newline="\n") as spool:
        for row in rows:
            found.update(key for message in _messages(row, message_columns) for key in message)
            spool.write(json.dumps(row) + "\n")
        spool.seek(0)
        missing = {key: None for key in _OPTIONAL if key in found}
        for line in spool:
            padded: Row = json.loads(line)
            for message in _messages(padded, message_columns):
                optional = missing | {key: message.pop(key) for key in missing if key in message}
                message.update(optional)
            yield padded


def _messages(row: Row, message_columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for column in message_columns:
        yield from row[column]
