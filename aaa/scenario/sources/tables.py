"""Rows of Parquet and Arrow files (extra `parquet`) and of named data sets (extra `datasets`), a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from aaa.errors import MissingExtraError, ScenarioError

BATCH = 1000
"""Rows in memory at a time (ours)."""


def read_parquet(file: Path) -> Iterator[Mapping[str, Any]]:
    """Raises `ScenarioError` for a file that is none, `MissingExtraError` without pyarrow."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtraError("Reading Parquet files", "parquet") from error
    try:
        with pq.ParquetFile(file) as table:
            yield from chain.from_iterable(batch.to_pylist() for batch in table.iter_batches(BATCH))
    except (pa.ArrowException, OSError) as error:
        raise ScenarioError(f"is not a Parquet file that can be read: {error}", file=file) from error


def read_arrow(file: Path) -> Iterator[Mapping[str, Any]]:
    """A stream of record batches, as `Dataset.save_to_disk` writes it. Raises as `read_parquet` does."""
    try:
        import pyarrow as pa
        import pyarrow.ipc
    except ImportError as error:
        raise MissingExtraError("Reading Arrow files", "parquet") from error
    try:
        with pa.memory_map(str(file)) as mapped, pyarrow.ipc.open_stream(mapped) as stream:
            yield from chain.from_iterable(batch.to_pylist() for batch in stream)
    except (pa.ArrowException, OSError) as error:
        raise ScenarioError(f"is not an Arrow file that can be read: {error}", file=file) from error


def read_dataset(name: str) -> Iterator[Mapping[str, Any]]:
    """A data set of the Hugging Face hub, streamed: `owner/name`, `owner/name:split` or `owner/name/config:split`.

    Raises `ScenarioError` where it cannot be loaded, `MissingExtraError` without the library.
    """
    try:
        from datasets import load_dataset
    except ImportError as error:
        raise MissingExtraError("Reading a data set by its name", "datasets") from error
    path, _, split = name.partition(":")
    owner, _, rest = path.partition("/")
    repository, _, config = rest.partition("/")
    whole = f"{owner}/{repository}" if rest else owner
    try:
        rows: Iterable[Mapping[str, Any]] = load_dataset(whole, config or None, split=split or "train", streaming=True)
        yield from rows
    except (OSError, ValueError, RuntimeError) as error:
        raise ScenarioError(f"prompts.from: the data set {name!r} cannot be loaded: {error}") from error
