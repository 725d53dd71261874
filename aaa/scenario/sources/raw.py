"""Rows as they lie in a source, before they are known to be prompts, and what may be wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from aaa.errors import ScenarioError

SourceFault = Literal["encoding", "malformed", "empty", "oversized", "duplicate_id", "filtered"]
"""Not UTF-8; not a row of the form, or not a prompt; a prompt without words; longer than allowed; an id that was there
before; taken out by a filter."""
EXCERPT = 200
"""Characters of a faulty row that are kept to know it by (ours)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row lies: a file or the name of a source, and its line or number from 1."""

    source: str
    line: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line}"


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of a source: columns to values."""

    place: Place
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not used, and why."""

    place: Place
    reason: SourceFault
    detail: str
    excerpt: str = ""
    """Its beginning."""
    id: str | None = None
    """Its id, where it got as far as having one."""

    def error(self) -> ScenarioError:
        """The same as an error with file and line."""
        return ScenarioError(self.detail, file=self.place.source, line=self.place.line)
