"""`aaa evolve`: methods of evolution on files of prompts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aaa.cli.auto_evolve import optimise
from aaa.cli.options import DEFAULT_DB, Db, Json, SessionName


def evolve(
    prompts: Annotated[Path, typer.Argument(metavar="PROMPTS", help="A JSON Lines file of prompts.")],
    auto: Annotated[
        Path, typer.Option("--auto", metavar="FILE", help="Optimise an evolving method, with the models of this file.")
    ],
    to: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="Write the method that stands at the end here.")
    ] = None,
    session: SessionName = None,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Optimise the method by which instructions evolve; each step is kept, and better means beyond noise."""
    optimise(prompts, auto, to, session, db, as_json=as_json)
