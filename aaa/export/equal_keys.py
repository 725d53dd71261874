"""Columns that are alike in all rows of a file: what one row has, every row has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import Any

from aaa.export.entry import Row
from aaa.export.jsonl import Line, encoded_line

_OPTIONAL = ("name", "tool_calls", "tool_call_id")


@dataclass
class EqualKeys:
    """A key that any message has (`tool_calls`) every message gets, else as null; of the optional columns those stay
    that any row has a value for."""

    messages: tuple[str, ...]
    """Columns that hold messages."""
    optional: tuple[str, ...]
    used: set[str] = field(default_factory=set)
    """Optional columns that a row had a value for."""
    _keys: set[str] = field(default_factory=set)
    _columns: dict[str, None] = field(default_factory=dict)
    """All columns in their order."""

    def without_empty(self, row: Row) -> Row:
        """The row without the optional columns that it has no value for."""
        return {name: value for name, value in row.items() if value is not None or name not in self.optional}

    def note(self, row: Row) -> None:
        """Keep in mind which keys a row has."""
        self._keys.update(key for message in self._messages(row) for key in message)
        self._columns |= dict.fromkeys(row)
        self.used.update(name for name in self.optional if row.get(name) is not None)

    def even(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Lines of rows that were noted, without what is empty, as lines with equal keys.

        They wait in a temporary file, since only the last of them tells which keys there are.
        """
        if not (self.messages or self.optional):
            yield from lines
            return
        with TemporaryFile() as spool:
            for line in lines:
                spool.write(b"%s %s\n" % (line.split.encode(), line.json))
            spool.seek(0)
            missing = [key for key in _OPTIONAL if key in self._keys]
            for spooled in spool:
                split, _, text = spooled.rstrip(b"\n").partition(b" ")
                line = Line(split.decode(), text)
                yield Line(line.split, encoded_line(self._padded(line.row, missing))) if missing or self.used else line

    def _padded(self, row: Row, missing: list[str]) -> Row:
        padded = {name: row.get(name) for name in self._columns if name in row or name in self.used}
        for message in self._messages(padded):
            message.update({key: message.pop(key, None) for key in missing})
        return padded

    def _messages(self, row: Row) -> Iterator[dict[str, Any]]:
        for column in self.messages:
            yield from row[column]
