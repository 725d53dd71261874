"""What a format is: the rows it takes, how they become columns, the rules its readers set, how files lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aaa.export.entry import Entry, Fault, Kinds, Row
from aaa.export.jsonl import Line, Written, read_json, write_lines


class Layout(Protocol):
    """How the rows of a format lie in files."""

    @property
    def folder(self) -> bool:
        """Whether `path` is a folder."""

    def write(self, path: Path, lines: Iterator[Line]) -> list[Written]:
        """Write rows whole or not at all."""

    def read(self, path: Path) -> Iterator[tuple[str, Row]]:
        """The rows as they lie there, each with its place."""


@dataclass(frozen=True)
class Json:
    """One file: JSON Lines, or one array where its name ends in `.json`."""

    folder: bool = False

    def write(self, path: Path, lines: Iterator[Line]) -> list[Written]:
        return [write_lines(path, (line.json for line in lines))]

    def read(self, path: Path) -> Iterator[tuple[str, Row]]:
        return read_json(path)


def nothing_more(rows: int) -> Iterable[Fault]:
    """No rule about a file as a whole."""
    return ()


@dataclass(frozen=True)
class Format:
    """A form of export."""

    kinds: Kinds
    """Rows it is made from: the first of these kinds that a selection has."""
    shape: Callable[[Entry], Iterable[Row]]
    check: Callable[[Row], Iterable[Fault]]
    """What the readers' documented rules say against a row; also run by `aaa export --check`."""
    source: str
    """Where the rules are written."""
    origin: bool = False
    """Whether rows say where they come from, and that they are partial: only where readers pass over more columns."""
    messages: tuple[str, ...] = ()
    """Columns that hold messages whose keys must be alike in all rows of a file."""
    optional: tuple[str, ...] = ()
    """Columns that are left away where no row has a value for them."""
    tools: bool = False
    """Whether it has a place for the tools that a prompt offers; without one such rows are left out."""
    once: str | None = None
    """A column whose values come only once: later rows with the same are the same."""
    layout: Layout = Json()
    whole: Callable[[int], Iterable[Fault]] = nothing_more
    """Rules about the number of rows."""
    beside: Callable[[Path, frozenset[str]], Iterable[tuple[Path, str]]] | None = None
    """Files that belong beside it, from its path and the optional columns that it has."""
