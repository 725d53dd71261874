"""Folders of splits, as `datasets.load_dataset(FOLDER)` finds them: `data/SPLIT-00000-of-00001.jsonl` or `.parquet`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aaa.errors import ExportError, UsageError
from aaa.export.entry import Row
from aaa.export.jsonl import Line, Written, open_jsonl, read_json


class RowFile(Protocol):
    """A file that rows are written to one by one."""

    def add(self, line: Line) -> None: ...

    def written(self) -> Written: ...


@dataclass(frozen=True)
class Folder:
    """A file for each split."""

    splits: tuple[str, ...]
    """All that there may be; files of splits without rows are removed."""
    suffix: str = ".jsonl"
    open: Callable[[Path], AbstractContextManager[RowFile]] = open_jsonl
    read_file: Callable[[Path], Iterator[tuple[str, Row]]] = read_json
    folder: bool = True

    def write(self, path: Path, lines: Iterator[Line]) -> list[Written]:
        if path.exists() and not path.is_dir():
            raise ExportError(f"{path} is no folder, and the format writes one: name a folder.")
        files: dict[str, RowFile] = {}
        with ExitStack() as stack:
            for line in lines:
                if line.split not in files:
                    files[line.split] = stack.enter_context(self.open(self.file(path, line.split)))
                files[line.split].add(line)
        for split in self.splits:
            if split not in files:
                self.file(path, split).unlink(missing_ok=True)
        return [files[split].written() for split in self.splits if split in files]

    def read(self, path: Path) -> Iterator[tuple[str, Row]]:
        files = [file for split in self.splits if (file := self.file(path, split)).exists()]
        if not files:
            raise UsageError(f"{path} holds none of the files {self.file(path, 'SPLIT').relative_to(path)}.")
        for file in files:
            yield from self.read_file(file)

    def file(self, path: Path, split: str) -> Path:
        """Where the rows of a split lie."""
        return path / "data" / f"{split}-00000-of-00001{self.suffix}"
