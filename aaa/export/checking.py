"""Files checked by the documented rules of those who read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aaa.export.formats import format_of
from aaa.export.jsonl import encoded

SHOWN = 50
"""Findings that are kept with their places; all are counted."""


@dataclass(frozen=True)
class Checked:
    """What a check found. `findings` are the first, each with its place."""

    rows: int
    source: str
    """Where the rules are written."""
    counts: dict[str, int]
    """Findings by their word."""
    findings: Sequence[str]

    @property
    def good(self) -> bool:
        return not self.counts


def check_files(format_name: str, path: Path) -> Checked:
    """Check a file, or the folder of a format that writes one. Raises `UsageError` for what cannot be read as rows."""
    form = format_of(format_name)
    counts: Counter[str] = Counter()
    findings: list[str] = []
    rows = 0

    def note(place: str, word: str, detail: str) -> None:
        counts[word] += 1
        if len(findings) < SHOWN:
            findings.append(f"{place}: {detail} [{word}]")

    for place, row in form.layout.read(path):
        rows += 1
        written = encoded(row)
        for word, detail in form.check(row) if isinstance(written, bytes) else [written]:
            note(place, word, detail)
    for word, detail in form.whole(rows):
        note(str(path), word, detail)
    if rows == 0:
        note(str(path), "no_rows", "there are no rows")
    return Checked(rows, form.source, dict(sorted(counts.items())), findings)
