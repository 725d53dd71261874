"""All formats by name, and the way from selected rows to files in one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

from aaa.errors import ExportError, UsageError
from aaa.export import axolotl, chat, llamafactory, parquet, trl, ultrafeedback
from aaa.export.entry import Entry, Fault, LeftOut, Row, Unfit
from aaa.export.equal_keys import EqualKeys
from aaa.export.form import Format
from aaa.export.jsonl import Line, Written, encoded, write_text
from aaa.types import Sample

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        **trl.FORMATS,
        **{name: form for family in (chat, llamafactory, axolotl) for name, form in family.FORMATS.items()},
        **ultrafeedback.FORMATS,
        **parquet.FORMATS,
    }
)
"""Formats by name."""
Seen = Callable[[bytes], Fault | None]
"""A last look at a row as it will be written, such as for secrets."""
Note = Callable[[Entry, Sequence[Row]], None]
"""Told of each entry that is written, and of its rows."""


@dataclass(frozen=True)
class Exported:
    """Files that were written from one selection, and what they could not hold."""

    rows: int
    """Rows of data, each counted once."""
    files: Sequence[Written]
    left_out: LeftOut


def format_of(name: str) -> Format:
    """The format of this name. Raises `UsageError` with the closest where there is none."""
    if name not in FORMATS:
        close = get_close_matches(name, FORMATS, n=1, cutoff=0.0)
        raise UsageError(f"There is no format {name!r}; did you mean {close[0]!r}? There are: {', '.join(FORMATS)}.")
    return FORMATS[name]


def export_rows(
    format_name: str,
    entries: Iterable[Entry],
    path: Path,
    *,
    partial: bool,
    look: Seen | None = None,
    note: Note | None = None,
) -> Exported:
    """Write `entries`, sorted by the id of their rows, in the named format; `partial` marks an unfinished session.

    Equal entries give equal bytes. What the format cannot hold is left out, counted and listed; `look` may refuse more,
    and `note` is told of the rest.
    Raises `UsageError` for an unknown format, and `ExportError` for rows of another kind or out of order, or where
    nothing can be written; `path` is then as it was.
    """
    form = format_of(format_name)
    keys = EqualKeys(form.messages, form.optional)
    shaping = _Shaping(form, partial, keys, look, note)
    lines = keys.even(shaping.lines(_in_order(entries, form, format_name)))
    files = list(form.layout.write(path, lines))
    if form.beside is not None:
        files += [write_text(file, text) for file, text in form.beside(path, frozenset(keys.used))]
    return Exported(shaping.made, files, shaping.left_out)


@dataclass
class _Shaping:
    """Entries becoming rows, each checked by the format's own rules before it is written."""

    form: Format
    partial: bool
    keys: EqualKeys
    look: Seen | None
    note: Note | None
    left_out: LeftOut = field(default_factory=LeftOut)
    made: int = 0
    seen: set[object] = field(default_factory=set)

    def lines(self, entries: Iterable[Entry]) -> Iterator[Line]:
        for entry in entries:
            try:
                new = [(row, line) for row, line in self._shaped(entry) if self._new(row)]
            except Unfit as unfit:
                self.left_out.add(entry.sample.id, unfit.fault)
                continue
            if new and self.note is not None:
                self.note(entry, [row for row, _ in new])
            for row, line in new:
                self.keys.note(row)
                self.made += 1
                yield Line(entry.split, line)

    def _shaped(self, entry: Entry) -> list[tuple[Row, bytes]]:
        """The rows that an entry becomes, each with its JSON. Raises `Unfit` with the first reason against one."""
        if entry.fault is not None:
            raise Unfit(*entry.fault)
        if entry.tools and not self.form.tools:
            # Without the tools that were offered, a text that speaks of them or calls them would teach nonsense.
            raise Unfit("tools", "the prompt offers tools, for which the format has no place")
        rows = [row | {"partial": self.partial} if self.form.origin else row for row in self.form.shape(entry)]
        return [(row, self._checked(row)) for row in rows]

    def _checked(self, row: Row) -> bytes:
        line = encoded(self.keys.without_empty(row))
        if isinstance(line, tuple):
            raise Unfit(*line)
        fault = next(iter(self.form.check(row)), None) or (self.look(line) if self.look else None)
        if fault is not None:
            raise Unfit(*fault)
        return line

    def _new(self, row: Row) -> bool:
        if self.form.once is None:
            return True
        key = row[self.form.once]
        if key in self.seen:
            return False
        self.seen.add(key)
        return True


def _in_order(entries: Iterable[Entry], form: Format, name: str) -> Iterator[Entry]:
    """The entries, each checked to be of the format's kinds and to follow the one before."""
    last: str | None = None
    for entry in entries:
        row: Sample = entry.sample
        if not isinstance(row, form.kinds):
            kinds = " or ".join(kind.__name__ for kind in form.kinds)
            raise ExportError(f"{name} takes rows of type {kinds}; {row.id!r} is {type(row).__name__}.")
        if last is not None and row.id <= last:
            raise ExportError(f"Rows must come sorted by id, each once; {row.id!r} came after {last!r}.")
        last = row.id
        yield entry
