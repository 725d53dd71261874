"""Where cards, scenarios and seeds are found: near the scenario, in the working folder, then what AAA brings along."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def bundled_root() -> Path:
    """The folder with AAA's own `agents/`, `scenarios/` and `data/`: in the wheel, or in the source checkout."""
    package = Path(__file__).parents[1]
    bundled = package / "bundled"
    return bundled if bundled.is_dir() else package.parent


def roots(near: Sequence[Path] = ()) -> tuple[Path, ...]:
    """Folders to search, in order and each once: `near`, the working folder, what AAA brings along."""
    return tuple(dict.fromkeys(folder.resolve() for folder in (*near, Path.cwd(), bundled_root())))


def candidates(ref: str | Path, near: Sequence[Path] = ()) -> list[Path]:
    """Where a file named by a relative path may lie, in search order; an absolute path means itself."""
    path = Path(ref).expanduser()
    return [path] if path.is_absolute() else [folder / path for folder in roots(near)]


def find_file(ref: str | Path, near: Sequence[Path] = ()) -> Path | None:
    """The first of `candidates` that is a file."""
    return next((path for path in candidates(ref, near) if path.is_file()), None)
