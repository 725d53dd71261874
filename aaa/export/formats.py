"""What the files look like: TRL's conversational forms, with columns that say where each row comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from aaa.errors import ExportError, UsageError
from aaa.export.jsonl import Written, write_jsonl
from aaa.export.messages import Row, columns, with_equal_keys
from aaa.types import PreferencePair, Sample, SftSample


@dataclass(frozen=True)
class Format:
    """A form of export: the kind of row it takes, which columns hold messages, and how a row becomes columns."""

    kind: type[PreferencePair] | type[SftSample]
    message_columns: tuple[str, ...]
    row: Callable[[Any], Row]


def export_rows(format_name: str, rows: Iterable[PreferencePair | SftSample], path: Path, *, partial: bool) -> Written:
    """Write `rows`, sorted by id, in the named format; `partial` marks the rows of an unfinished session.

    Equal rows give equal bytes. Raises `UsageError` for an unknown format, and `ExportError` for rows of another kind,
    out of order, or not to be written (see `write_jsonl`); `path` is then as it was.
    """
    if format_name not in FORMATS:
        close = get_close_matches(format_name, FORMATS, n=1, cutoff=0.0)
        raise UsageError(
            f"There is no format {format_name!r}; did you mean {close[0]!r}? There are: {', '.join(FORMATS)}."
        )
    form = FORMATS[format_name]
    shaped = (form.row(row) | {"partial": partial} for row in _in_order(rows, form.kind, format_name))
    return write_jsonl(path, with_equal_keys(shaped, form.message_columns))


def _in_order(
    rows: Iterable[PreferencePair | SftSample], kind: type[Sample], format_name: str
) -> Iterator[PreferencePair | SftSample]:
    """The rows, each checked to be of the format's kind and to follow the one before."""
    last: str | None = None
    for row in rows:
        if not isinstance(row, kind):
            raise ExportError(f"{format_name} takes rows of type {kind.__name__}; {row.id!r} is {type(row).__name__}.")
        if last is not None and row.id <= last:
            raise ExportError(f"Rows must come sorted by id, each once; {row.id!r} came after {last!r}.")
        last = row.id
        yield row


def _preference(pair: PreferencePair) -> Row:
    """TRL's explicit preference: `chosen` and `rejected` hold only what follows the prompt."""
    return {
        "prompt": columns(pair.prompt, row=pair.id),
        "chosen": columns(pair.chosen, row=pair.id),
        "rejected": columns(pair.rejected, row=pair.id),
        **_origin(pair),
        "margin": pair.margin,
        "grade": pair.grade,
        "rejected_grade": pair.rejected_grade,
        "by": pair.by,
        "decided_by": pair.decided_by,
        "disagree": pair.disagree,
        "chosen_model": pair.chosen_model,
        "rejected_model": pair.rejected_model,
        **_terms(pair),
    }


def _sft(sample: SftSample) -> Row:
    """TRL's language modelling form: one conversation."""
    return {
        "messages": columns((*sample.prompt, *sample.completion), row=sample.id),
        **_origin(sample),
        "grade": sample.grade,
        "verified": sample.verified,
        "by": sample.by,
        "context": sample.context,
        **_terms(sample),
    }


def _origin(sample: Sample) -> Row:
    return {"id": sample.id, "source_id": sample.source_id, "skill": sample.skill, "language": sample.language}


def _terms(sample: Sample) -> Row:
    """Who wrote and judged a row, and under which terms."""
    return {
        "producers": [producer.model for producer in sample.producers],
        "families": sorted({producer.family for producer in sample.producers}),
        "licenses": list(sample.licenses),
        "judges": list(sample.judges),
        "simulated": sample.simulated,
    }


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "trl-preference": Format(PreferencePair, ("prompt", "chosen", "rejected"), _preference),
        "trl-sft": Format(SftSample, ("messages",), _sft),
    }
)
"""Formats by name."""
