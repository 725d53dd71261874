"""The files that `aaa init` writes: AAA's own gallery, cards and a few seeds, as the beginning of a project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from aaa.errors import UsageError
from aaa.scenario.bundled import bundled_root
from aaa.scenario.editor_schema import json_schema

ROWS_OF_EACH_SKILL: Final = 4
"""Rows of each seed file that a new project gets (ours): enough to look at, quick to run."""

ENV_EXAMPLE: Final = """\
# Copy to `.env` and fill in what your scenario needs; `aaa validate` names what is missing. Never commit `.env`.
OPENAI_API_KEY=
ANTHROPIC_API_KEY=
"""
GITIGNORE: Final = """\
.env
out/
data/*.db*
"""


def init_project(folder: Path) -> list[Path]:
    """Write a project that runs at once with simulated models; returns the files written.

    Raises `UsageError`, with nothing written, if one of them is already there.
    """
    files = {folder / name: text for name, text in _files()}
    there = [path for path in files if path.exists()]
    if there:
        raise UsageError(
            f"{', '.join(map(str, there))} already there; `aaa init` overwrites nothing. Name a new folder."
        )
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}") from error
    return list(files)


def _files() -> Iterator[tuple[Path, str]]:
    """Path in the project and text of each file."""
    root = bundled_root()
    for pattern in ("scenarios/*.yaml", "agents/*.yaml"):
        for path in sorted(root.glob(pattern)):
            yield path.relative_to(root), path.read_text(encoding="utf-8")
    yield Path("scenarios/scenario.schema.json"), json.dumps(json_schema(), indent=2) + "\n"
    seeds = sorted((root / "data/seeds").glob("*.jsonl"))
    yield Path("data/seeds/sample.jsonl"), "".join(row for path in seeds for row in _first_rows(path))
    yield Path(".env.example"), ENV_EXAMPLE
    yield Path(".gitignore"), GITIGNORE


def _first_rows(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return list(islice(lines, ROWS_OF_EACH_SKILL))
