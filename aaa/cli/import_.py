"""`aaa import`: other people's data as a session, and ballots that people filled in."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Annotated

import typer

from aaa.cli.export import BALLOTS
from aaa.cli.options import DEFAULT_DB, Db, Json, SessionName
from aaa.cli.output import count, plain, print_json, results
from aaa.errors import UsageError

_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def import_(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A file, or a folder of one of the formats.")],
    format_name: Annotated[str, typer.Option("--format", metavar="NAME", help="One of those in docs/exports.md.")],
    session: SessionName = None,
    terms: Annotated[
        str, typer.Option("--license", metavar="NAME", help="Terms of the texts: an SPDX id or a name of your own.")
    ] = "unknown",
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Take preference, SFT or graded data into a session, to judge, audit, select and export it anew; costs no call."""
    from aaa.session.importing import import_file
    from aaa.store import Store

    if format_name == BALLOTS:
        _ballots(path, session, db, as_json=as_json)
        return
    name = session or _NO_NAME.sub("-", path.stem).strip("-._")[:64]
    with Store.open(db) as store:
        made = asyncio.run(import_file(store, path, format_name, name, terms=terms))
    if as_json:
        print_json({"session": made.session, "rows": made.rows, "left_out": made.left_out.rows})
        return
    results().print(plain(f"Took {count(made.rows, 'row')} of {path} into session {made.session}"), soft_wrap=True)
    for reason, number in made.left_out.counts().items():
        places = ", ".join(made.left_out.rows[reason][:3]) + (", ..." if number > 3 else "")
        line = f"Left out: {number:,} {reason} ({made.left_out.details[reason]}): {places}"
        results().print(plain(line), soft_wrap=True)


def _ballots(path: Path, session: str | None, db: str, *, as_json: bool) -> None:
    """Votes belong to the session that gave the ballots out."""
    from aaa.session.ballots import import_ballots
    from aaa.store import Store

    if session is None:
        raise UsageError("Say with --session which session gave the ballots out.")
    with Store.open(db, create=False) as store:
        made = asyncio.run(import_ballots(store, path, session))
    if as_json:
        print_json({"session": session, "votes": made.votes, "empty": made.empty, "verdicts": made.verdicts})
        return
    line = f"Took {count(made.votes, 'vote')} on {count(made.verdicts, 'pair')}; {made.empty:,} ballots without one"
    results().print(plain(line), soft_wrap=True)
    results().print(plain("A selection takes them with `panel: human`."), soft_wrap=True)
