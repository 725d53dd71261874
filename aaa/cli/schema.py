"""`aaa schema`: JSON Schema of scenario files, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from aaa.cli.output import print_json, say
from aaa.errors import UsageError


def schema(
    out: Annotated[Path | None, typer.Option("--out", metavar="PATH", help="Write it to this file.")] = None,
) -> None:
    """Print the JSON Schema of scenario files, by which editors complete and check them."""
    from aaa.scenario import json_schema

    found = json_schema()
    if out is None:
        print_json(found)
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}; name another file with --out") from error
    say(f"Wrote {out}. Its first line makes a scenario use it: # yaml-language-server: $schema=./{out.name}")
