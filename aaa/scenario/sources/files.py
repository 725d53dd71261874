"""Finding the files that a scenario's prompts lie in."""

from __future__ import annotations

from glob import glob
from pathlib import Path
from typing import Final

from aaa.errors import ScenarioError
from aaa.scenario.bundled import bundled_root
from aaa.scenario.schema import Prompts

DATASET: Final = "hf:"
"""What begins the name of a data set that the library `datasets` loads."""
SESSION: Final = "session:"
"""What begins the name of an earlier session."""
KNOWN = (".jsonl", ".json", ".csv", ".tsv", ".parquet", ".arrow", ".txt")
"""Files that are read in a folder; others in it (cards, licences, state) hold no rows."""
PARTS = ("data", "train", "validation", "test")
_STATE = {"dataset_info.json", "state.json", "dataset_dict.json", "dataset_infos.json"}


def prompt_files(prompts: Prompts, *, near: Path) -> tuple[Path, ...]:
    """Files that the patterns name, each pattern sorted: in the working folder, else by the scenario, else AAA's own.

    A folder stands for the files of rows in it. Raises `ScenarioError` for a pattern without a file.
    """
    found: dict[Path, None] = {}
    for pattern in prompts.patterns:
        if not pattern.startswith((DATASET, SESSION)):
            found |= dict.fromkeys(files_of(pattern, near=near))
    return tuple(found)


def files_of(pattern: str, *, near: Path) -> list[Path]:
    """Files that one pattern names. Raises `ScenarioError` where there is none."""
    folders = (Path.cwd(), near, bundled_root())
    found = next((paths for folder in folders if (paths := _matches(folder, pattern))), None)
    if found is None:
        looked = ", ".join(map(str, dict.fromkeys(folders)))
        raise ScenarioError(f"prompts.from: no file matches {pattern!r}; looked in {looked}")
    return found


def _matches(folder: Path, pattern: str) -> list[Path]:
    # `Path.glob` refuses absolute patterns, and raises for others that merely match nothing.
    names = glob(str(Path(pattern).expanduser()), root_dir=folder, recursive=True)  # noqa: PTH207
    paths = sorted(folder / name for name in names)
    inside = (file for path in paths if path.is_dir() and "*" not in pattern for file in _rows_in(path))
    return [*(path for path in paths if path.is_file()), *inside]


def _rows_in(folder: Path) -> list[Path]:
    """Files of rows in a folder, and in those of its folders that data sets keep rows in."""
    places = (folder, *(folder / name for name in PARTS))
    files = (path for place in places if place.is_dir() for path in place.iterdir())
    return sorted(path for path in files if path.suffix in KNOWN and path.name not in _STATE and path.is_file())
