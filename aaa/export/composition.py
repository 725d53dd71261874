"""What an export is made of, counted as its rows pass by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from aaa.export.entry import Entry, Row
from aaa.export.manifest import Composition, Lengths
from aaa.types import SteppedSample, characters

BOUNDS = (100, 300, 1_000, 3_000, 10_000, 30_000)
"""Bounds of length in characters (ours)."""
EXAMPLE = 400
"""Characters of a text that an example shows (ours)."""
_SIDES = ("completion", "chosen", "rejected")


@dataclass
class _Lengths:
    texts: int = 0
    total: int = 0
    shortest: int | None = None
    longest: int = 0
    sizes: Counter[str] = field(default_factory=Counter)

    def add(self, length: int) -> None:
        self.texts += 1
        self.total += length
        self.shortest = length if self.shortest is None else min(length, self.shortest)
        self.longest = max(length, self.longest)
        self.sizes[next((f"< {bound:,}" for bound in BOUNDS if length < bound), f">= {BOUNDS[-1]:,}")] += 1

    def made(self) -> Lengths:
        names = (*(f"< {bound:,}" for bound in BOUNDS), f">= {BOUNDS[-1]:,}")
        sizes = {name: self.sizes[name] for name in names if self.sizes[name]}
        mean = round(self.total / self.texts, 1)
        return Lengths(mean=mean, shortest=self.shortest or 0, longest=self.longest, by_size=sizes)


@dataclass
class Tally:
    """Counts of what was written; memory does not grow with the rows."""

    kind: str = ""
    example: JsonValue = None
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    lengths: dict[str, _Lengths] = field(default_factory=dict)
    longer: int = 0

    def note(self, entry: Entry, rows: Sequence[Row]) -> None:
        """An entry that was written as these rows."""
        sample = entry.sample
        if not self.kind:
            self.kind, self.example = type(sample).__name__, _shortened(rows[0])
        self._count("splits", [entry.split])
        self._count("skills", [sample.skill or "none"])
        self._count("difficulties", ["unknown" if entry.difficulty is None else f"{entry.difficulty:.0f}"])
        self._count("languages", [sample.language or "unknown"])
        self._count("producers", {producer.model for producer in sample.producers})
        self._count("families", {producer.family for producer in sample.producers})
        self._count("licenses", sample.licenses or ("unknown",))
        self._count("judges", sample.judges)
        lengths = {name: characters(getattr(sample, name)) for name in _SIDES if hasattr(sample, name)}
        if isinstance(sample, SteppedSample):
            lengths = {"completion": sum(map(len, sample.steps))}
        for name, length in lengths.items():
            self.lengths.setdefault(name, _Lengths()).add(length)
        self.longer += lengths.get("chosen", 0) > lengths.get("rejected", 0)

    def composition(self) -> Composition:
        """All of it."""
        counts = {name: dict(sorted(self._of(name).items())) for name in Composition.model_fields}
        pairs = self.lengths["chosen"].texts if "chosen" in self.lengths else 0
        return Composition.model_validate(
            {
                **counts,
                "lengths": {name: lengths.made() for name, lengths in self.lengths.items()},
                "chosen_longer": round(self.longer / pairs, 4) if pairs else None,
            }
        )

    def _count(self, name: str, values: Iterable[str]) -> None:
        # Half a character, which UTF-8 cannot hold, becomes a question mark.
        self._of(name).update(value.encode("utf-8", "replace").decode() for value in values)

    def _of(self, name: str) -> Counter[str]:
        return self.counts.setdefault(name, Counter())


def _shortened(value: Any) -> Any:
    match value:
        case str():
            return value if len(value) <= EXAMPLE else f"{value[:EXAMPLE]}..."
        case dict():
            return {key: _shortened(inner) for key, inner in value.items()}
        case list():
            return [_shortened(inner) for inner in value]
    return value
