"""`aaa export`: a selection of a session as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aaa.cli.options import DEFAULT_DB, Db, Json, Selection
from aaa.cli.output import count, plain, print_json, results
from aaa.cli.sessions import find_session, select_unfinished


def export(
    session: Annotated[str, typer.Argument(metavar="SESSION", help="Name of a session.")],
    to: Annotated[Path, typer.Option("--out", metavar="PATH", help="The file to write.")],
    format_name: Annotated[
        str, typer.Option("--format", metavar="NAME", help="trl-preference or trl-sft.")
    ] = "trl-preference",
    selection: Selection = "main",
    gate: Annotated[
        list[str] | None,
        typer.Option("--gate", metavar="GATE", help="Write only if a figure of `aaa audit` holds: 'flip_rate<0.2'."),
    ] = None,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Write what a session selected to a file; an unfinished session gives what it has, marked as partial."""
    from aaa.session import Gate
    from aaa.session import export as export_selection
    from aaa.store import Store

    gates = [Gate.parse(text) for text in gate or ()]
    with Store.open(db, create=False) as store:
        select_unfinished(store, find_session(store, session))
        made = export_selection(store, session, selection, format_name, to, gates=gates)
    path, rows = str(made.written.path), made.written.rows
    if as_json:
        document = {"selection": selection, "format": format_name, "path": path, "rows": rows, "partial": made.partial}
        print_json(document)
        return
    partial = "; partial: the session is not finished" if made.partial else ""
    results().print(plain(f"Wrote {count(rows, 'row')} of {format_name} to {path}{partial}"), soft_wrap=True)
