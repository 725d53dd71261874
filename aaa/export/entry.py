"""What goes into an export: a row of a selection with what its instruction adds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from aaa.types import LabelledSample, PreferencePair, Sample, SftSample, SteppedSample

Row = dict[str, Any]
"""Columns of one line of a file."""
Fault = tuple[str, str]
"""Why a format cannot hold a row: one word, and a detail."""
Kinds = tuple[type[Sample], ...]
PAIRS: Kinds = (PreferencePair,)
SFT: Kinds = (SftSample,)
LABELLED: Kinds = (LabelledSample, PreferencePair)
"""Labels of a selection's own; without them, those that its pairs imply."""
STEPPED: Kinds = (SteppedSample,)
PROMPTS: Kinds = (SftSample, PreferencePair, LabelledSample)


@dataclass(frozen=True)
class Entry:
    """A selected row, and what its instruction says beside it."""

    sample: Sample
    tools: tuple[dict[str, JsonValue], ...] = ()
    """Tools that the prompt offers, in the OpenAI form."""
    split: str = "train"
    """`train`, `validation` or `test`."""
    difficulty: float | None = None
    """Of its prompt, 1 to 10, where it is known."""
    fault: Fault | None = None
    """Why no format can hold it, where that is known already."""


class Unfit(Exception):
    """A format cannot hold an entry; caught by `export_rows`, which counts and lists it."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.fault: Fault = (reason, detail)


@dataclass
class LeftOut:
    """What a format could not hold, by reason."""

    rows: dict[str, list[str]] = field(default_factory=dict)
    """Ids of the rows."""
    details: dict[str, str] = field(default_factory=dict)
    """What was wrong with the first of them."""

    def add(self, row: str, fault: Fault) -> None:
        reason, detail = fault
        self.rows.setdefault(reason, []).append(row)
        self.details.setdefault(reason, detail)

    def __len__(self) -> int:
        return sum(map(len, self.rows.values()))

    def counts(self) -> Mapping[str, int]:
        """How many by reason, sorted."""
        return {reason: len(self.rows[reason]) for reason in sorted(self.rows)}


def origin(sample: Sample) -> Row:
    """Where a row comes from, for formats whose readers pass over columns that they do not know."""
    names = ("id", "source_id", "skill", "language", "slice")
    return {name: getattr(sample, name) for name in names}


def terms(sample: Sample) -> Row:
    """Who wrote and judged a row, and under which terms."""
    return {
        "producers": [producer.model for producer in sample.producers],
        "families": sorted({producer.family for producer in sample.producers}),
        "licenses": list(sample.licenses),
        "judges": list(sample.judges),
        "simulated": sample.simulated,
    }


def labelled(entry: Entry) -> Iterable[tuple[Any, bool]]:
    """Completions with labels. Those of a pair are an assumption: its rejected side may be good by itself (TRL)."""
    sample = entry.sample
    if isinstance(sample, LabelledSample):
        return [(sample.completion, sample.label)]
    assert isinstance(sample, PreferencePair)
    return [(sample.chosen, True), (sample.rejected, False)]
