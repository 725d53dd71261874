"""`manifest.json`: what a folder of exports holds, and how each was made. It tells no time: the same gives the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import Field, JsonValue, ValidationError

from aaa.errors import ExportError, UsageError
from aaa.export.form import Format
from aaa.export.jsonl import Written, write_text
from aaa.types import Terms, Value

MANIFEST = "manifest.json"
CARD = "README.md"


class FileEntry(Value):
    """A file of an export."""

    path: str
    """Relative to the folder, with forward slashes."""
    rows: int
    """Rows of data; 0 for a file that belongs beside them."""
    bytes: int
    sha256: str


class Lengths(Value):
    """How long texts are, in characters."""

    mean: float
    shortest: int
    longest: int
    by_size: dict[str, int]
    """Texts by the bound that they stay under."""


class Composition(Value):
    """What the rows are made of: rows by value. A row of several models counts under each."""

    splits: dict[str, int]
    skills: dict[str, int]
    difficulties: dict[str, int] = Field(default_factory=dict)
    """By whole numbers; `unknown` where nothing is known of a prompt's."""
    languages: dict[str, int]
    producers: dict[str, int]
    families: dict[str, int]
    licenses: dict[str, int]
    judges: dict[str, int]
    lengths: dict[str, Lengths]
    """Of `completion`, or of `chosen` and `rejected`."""
    chosen_longer: float | None = None
    """Share of the pairs whose chosen side is the longer one."""


class ModelEntry(Value):
    """A model of the scenario; addresses and keys are nobody's business."""

    model: str
    family: str
    license: str
    identity: str | None = None
    revision: str | None = None


class GroupEntry(Value):
    """A group of the cast."""

    models: tuple[str, ...]
    card: str | None = None


class Figure(Value):
    """A figure of `aaa audit` over all jurors: its 95 % interval, the number of readings behind it, and its words."""

    value: float
    low: float
    high: float
    n: int
    words: str


class TaughtEdge(Value):
    """Who was to teach whom, as a stage that found gaps decided; points of rating, with a 95 % interval where it was
    measured and not given."""

    stage: str
    skill: str
    teacher: str
    student: str
    points: float
    low: float | None = None
    high: float | None = None


class Making(Value):
    """Where rows come from."""

    session: str
    selection: str
    description: str = ""
    options: dict[str, JsonValue]
    """What was asked of the export."""
    rule: dict[str, JsonValue] = Field(default_factory=dict)
    """The selection's rules, defaults included; empty where the rows were imported as they were."""
    scenario: str
    """SHA-256 of the resolved scenario's canonical JSON."""
    version: str
    """Version of AAA that began the session."""
    exported_with: str
    simulated: bool
    partial: bool
    models: dict[str, ModelEntry]
    cast: dict[str, GroupEntry]
    stages: tuple[str, ...]
    gates: dict[str, str]
    """Bounds on figures of `aaa audit` that the judging passed."""
    audit: dict[str, Figure] = Field(default_factory=dict)
    """How far the judges of the selection's verdicts can be trusted; only what their games tell."""
    teaching: tuple[TaughtEdge, ...] = ()
    verdicts: dict[str, int]
    """Matches of the whole session by their outcome."""
    step_verdicts: dict[str, int] = Field(default_factory=dict)
    """Answers of the whole session that were read step by step, by what came of it."""
    usd: float
    """What the whole session cost, and the requests and tokens it took."""
    calls: int
    tokens: int


class ExportEntry(Value):
    """One export."""

    format: str
    kind: str
    """Type of the rows it was made from."""
    rows: int
    files: tuple[FileEntry, ...]
    left_out: dict[str, int]
    """Selected rows that are not in it, by reason."""
    composition: Composition
    terms: tuple[Terms, ...]
    """What the ledger says of the licenses in it."""
    example: JsonValue
    """Its first row; long texts are shortened."""
    made: Making


class Manifest(Value):
    """All exports of a folder that have a card, by name."""

    manifest: Literal[1] = 1
    exports: dict[str, ExportEntry] = Field(default_factory=dict)


def home(form: Format, path: Path) -> tuple[Path, str]:
    """The folder that an export's card lies in, and the export's name there."""
    return (path, "default") if form.layout.folder else (path.parent, path.stem)


def refuse_foreign(folder: Path) -> None:
    """Raise `ExportError` where a card would take the place of somebody else's README."""
    if (folder / CARD).exists() and not (folder / MANIFEST).exists():
        raise ExportError(
            f"{folder / CARD} was not written by an export, and a card would replace it: export to another folder."
        )


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder, None where there is none. Raises `UsageError` for one that cannot be read."""
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise UsageError(f"{path} is no manifest of AAA's: {str(error).splitlines()[0]}.") from error


def entries_of(folder: Path, files: Sequence[Written]) -> tuple[FileEntry, ...]:
    """The files as a manifest names them."""
    return tuple(
        FileEntry(path=file.path.relative_to(folder).as_posix(), rows=file.rows, bytes=file.bytes, sha256=file.sha256)
        for file in files
    )


def with_entry(manifest: Manifest | None, folder: Path, name: str, entry: ExportEntry) -> Manifest:
    """The manifest with one export new; others stay as long as their files do.

    A file that several share, such as `dataset_info.json`, is taken as it is now.
    """
    old = manifest.exports if manifest is not None else {}
    now = {file.path: file for file in entry.files}
    kept = {
        other: found.model_copy(update={"files": tuple(now.get(file.path, file) for file in found.files)})
        for other, found in old.items()
        if other != name and all(inside(folder, file.path).exists() for file in found.files)
    }
    return Manifest(exports=dict(sorted({**kept, name: entry}.items())))


def inside(folder: Path, path: str) -> Path:
    """The place of a manifest's file. Raises `UsageError` for one that lies outside of the folder."""
    named = PurePosixPath(path)
    if named.is_absolute() or ".." in named.parts or not named.parts:
        raise UsageError(f"{folder / MANIFEST} names {path!r}, which lies outside of the folder.")
    return folder.joinpath(*named.parts)


def write_manifest(folder: Path, manifest: Manifest) -> Written:
    """Write it whole or not at all."""
    text = json.dumps(manifest.model_dump(mode="json"), ensure_ascii=True, indent=2)
    return write_text(folder / MANIFEST, text + "\n")
