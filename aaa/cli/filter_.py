"""`aaa filter`: the rows of prompt files that no rule leaves out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from aaa.cli.options import DEFAULT_DB, Db, Json
from aaa.cli.output import print_json
from aaa.cli.prompt_files import (
    Fields,
    Out,
    Source,
    as_row,
    kept_rows,
    print_tally,
    prompts_of,
    tally,
    write_rows,
    yaml_of,
)


def filter_(
    source: Source,
    rules: Annotated[Path, typer.Option("--rules", metavar="FILE", help="YAML: a list of filters.")],
    to: Out,
    fields: Fields = None,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Leave rows out by language, personal data, length, refusals, repetition, or encoding; each keeps its reason."""
    prompts, refused = prompts_of(source, fields, db=db, filter=yaml_of(rules)), list[Any]()
    kept = write_rows(to, map(as_row, kept_rows(prompts, refused)), refused)
    document = {**tally(kept, refused), "out": str(to)}
    if as_json:
        print_json(document)
    else:
        print_tally(document, to)
