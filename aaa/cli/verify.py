"""`aaa verify`: a folder of exports held against its manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aaa.cli.options import Json
from aaa.cli.output import count, plain, print_json, results


def verify(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder of exports with a manifest.json.")],
    as_json: Json = False,
) -> None:
    """Check hashes, counts and rows of a folder that was exported with a card; exit code 1 where something differs."""
    from aaa.export.verifying import verify_folder

    found = verify_folder(folder)
    if as_json:
        print_json(
            {
                "path": str(folder),
                "exports": found.exports,
                "files": found.files,
                "rows": found.rows,
                "findings": list(found.findings),
                "notes": list(found.notes),
                "good": found.good,
            }
        )
    else:
        for line in (*found.findings, *(f"Note: {note}" for note in found.notes)):
            results().print(plain(line), soft_wrap=True)
        verdict = "good" if found.good else count(len(found.findings), "finding")
        line = f"{folder}: {count(found.files, 'file')}, {count(found.rows, 'row')}: {verdict}"
        results().print(plain(line), soft_wrap=True)
    if not found.good:
        raise typer.Exit(1)
