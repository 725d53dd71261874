"""A folder of exports held against its manifest and the rules of its readers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aaa.errors import UsageError
from aaa.export.card import card
from aaa.export.checking import check_files
from aaa.export.formats import FORMATS
from aaa.export.manifest import CARD, MANIFEST, ExportEntry, FileEntry, Manifest, inside, read_manifest


@dataclass(frozen=True)
class Verified:
    """What was found: `findings` are faults, `notes` are not."""

    exports: int
    files: int
    rows: int
    findings: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def good(self) -> bool:
        return not self.findings


def verify_folder(folder: Path) -> Verified:
    """Check sizes, hashes, numbers of rows and the rules of the formats. Raises `UsageError` without a manifest."""
    manifest = read_manifest(folder)
    if manifest is None:
        raise UsageError(f"{folder} holds no {MANIFEST}: `aaa export --card` writes one beside its files.")
    findings = [fault for name, entry in manifest.exports.items() for fault in _export(folder, name, entry)]
    findings += _strangers(folder, manifest)
    entries = manifest.exports.values()
    files = len({file.path for entry in entries for file in entry.files})
    rows = sum(entry.rows for entry in entries)
    return Verified(len(manifest.exports), files, rows, tuple(findings), tuple(_card(folder, manifest)))


def _export(folder: Path, name: str, entry: ExportEntry) -> Iterator[str]:
    faults = [fault for file in entry.files if (fault := _file(folder, file)) is not None]
    yield from faults
    if entry.format not in FORMATS:
        yield f"{name}: there is no format {entry.format!r}"
        return
    data = [file for file in entry.files if file.rows]
    if not data or any(not inside(folder, file.path).is_file() for file in data):
        return
    path = folder if FORMATS[entry.format].layout.folder else inside(folder, data[0].path)
    try:
        checked = check_files(entry.format, path)
    except UsageError as error:
        yield str(error)
        return
    yield from checked.findings
    said = sum(file.rows for file in data)
    if checked.rows != said:
        yield f"{name}: {said:,} rows are listed, but {checked.rows:,} are there"


def _file(folder: Path, file: FileEntry) -> str | None:
    """What is wrong with a file's bytes."""
    path = inside(folder, file.path)
    if not path.is_file():
        return f"{file.path}: is missing"
    size = path.stat().st_size
    if size != file.bytes:
        return f"{file.path}: {file.bytes:,} bytes are listed, but it has {size:,}"
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        while block := opened.read(1 << 20):
            digest.update(block)
    return None if digest.hexdigest() == file.sha256 else f"{file.path}: its content is not what was exported"


def _strangers(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Files among the data of a folder that readers would take for more of it."""
    known = {file.path for entry in manifest.exports.values() for file in entry.files}
    forms = [FORMATS[entry.format] for entry in manifest.exports.values() if entry.format in FORMATS]
    if not any(form.layout.folder for form in forms):
        return
    for path in sorted((folder / "data").rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in known:
            yield f"{name}: is in no export, and readers of the folder would take it for data"


def _card(folder: Path, manifest: Manifest) -> Iterator[str]:
    path = folder / CARD
    if not path.is_file():
        yield f"{CARD} is missing"
    elif path.read_text(encoding="utf-8", errors="replace") != card(manifest):
        yield f"{CARD} is not as it was exported: somebody edited it, or another version of AAA wrote it"
