"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_DB = "data/aaa.db"

Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE", help="Scenario files; a later one is laid over the earlier.", show_default=False),
]
Db = Annotated[str, typer.Option("--db", metavar="PATH", help="The store: a SQLite file.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines and nothing else.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a value, such as budget.usd=0.50; may be repeated."),
]
SessionName = Annotated[
    str | None, typer.Option("--session", metavar="NAME", help="Name of the session; else that of the scenario.")
]
AcceptChanges = Annotated[
    bool, typer.Option("--accept-changes", help="Go on although what the session was begun with differs.")
]
Rehearse = Annotated[
    bool, typer.Option("--rehearse", help="Put a simulated twin in the place of every model: free and offline.")
]
Selection = Annotated[str, typer.Option("--selection", metavar="NAME", help="A selection of the scenario.")]
