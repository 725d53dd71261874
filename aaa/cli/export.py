"""`aaa export`: a selection of a session as files, or a check of files that are there."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aaa.cli.options import DEFAULT_DB, Db, Json, Selection
from aaa.cli.output import count, plain, print_json, results
from aaa.cli.sessions import find_session, select_unfinished
from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.session import Exported, ExportOptions
    from aaa.store import Store


BALLOTS = "blind-votes"
"""The format for people to vote on."""


Name = Annotated[str | None, typer.Argument(metavar="SESSION", help="Name of a session.")]
To = Annotated[Path | None, typer.Option("--out", metavar="PATH", help="The file, or folder, to write.")]
FormatName = Annotated[
    str, typer.Option("--format", metavar="NAME", help="See docs/exports.md; blind-votes makes ballots.")
]
Reasoning = Annotated[
    Literal["drop", "inline"], typer.Option("--reasoning", help="Leave reasoning away, or <think> it inline.")
]
Redact = Annotated[bool, typer.Option("--redact", help="Placeholders for e-mail addresses, numbers and keys.")]
Slice = Annotated[str | None, typer.Option("--slice", metavar="NAME", help="Only this slice.")]
Split = Annotated[Literal["train", "validation", "test"] | None, typer.Option("--split", help="Only this split.")]
TestShare = Annotated[
    float, typer.Option("--test-share", min=0.0, max=0.9, help="Share of the prompts for the split `test`.")
]
Terms = Annotated[
    str,
    typer.Option(
        "--terms",
        metavar="PROFILE",
        help="Only rows whose models' terms pass: any, no-competing-use-restrictions, commercial, open-only, or "
        "one of the scenario's.",
    ),
]
Gates = Annotated[
    list[str] | None,
    typer.Option("--gate", metavar="GATE", help="Write only if a figure of `aaa audit` holds: 'flip_rate<0.2'."),
]
Card = Annotated[
    bool,
    typer.Option("--card", help="Write README.md and manifest.json beside the file; a folder has them always."),
]
Check = Annotated[
    Path | None,
    typer.Option("--check", metavar="PATH", help="Check a file or folder by the readers' rules; write nothing."),
]


def export(
    session: Name = None,
    to: To = None,
    format_name: FormatName = "trl-preference",
    selection: Selection = "main",
    reasoning: Reasoning = "drop",
    redact: Redact = False,
    slice_name: Slice = None,
    split: Split = None,
    test_share: TestShare = 0.05,
    terms: Terms = "any",
    gate: Gates = None,
    card: Card = False,
    check: Check = None,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Write what a session selected to files; an unfinished session gives what it has, marked as partial."""
    if check is not None:
        if session is not None or to is not None:
            raise UsageError("--check reads a file and writes nothing: leave SESSION and --out away.")
        _check(format_name, check, as_json=as_json)
        return
    if session is None or to is None:
        raise UsageError("Name a session, and with --out where to write; or a file to look at with --check.")
    from aaa.session import ExportOptions, Gate

    gates = [Gate.parse(text) for text in gate or ()]
    options = ExportOptions(reasoning, redact, slice_name, split, test_share, terms, gates, card)
    _write(session, selection, format_name, to, options, db, as_json=as_json)


def _write(
    session: str, selection: str, format_name: str, to: Path, options: ExportOptions, db: str, *, as_json: bool
) -> None:
    from aaa.session import export as export_selection
    from aaa.store import Store

    with Store.open(db, create=False) as store:
        select_unfinished(store, find_session(store, session))
        if format_name == BALLOTS:
            _ballots(store, session, selection, to, as_json=as_json)
            return
        made = export_selection(store, session, selection, format_name, to, options)
    _print(made, as_json=as_json)


def _print(made: Exported, *, as_json: bool) -> None:
    left_out = made.made.left_out
    if as_json:
        print_json(
            {
                "selection": made.selection,
                "format": made.format,
                "path": str(made.to),
                "rows": made.made.rows,
                "files": [
                    {"path": str(one.path), "rows": one.rows, "bytes": one.bytes, "sha256": one.sha256}
                    for one in made.made.files
                ],
                "left_out": {reason: left_out.rows[reason] for reason in left_out.counts()},
                "redactions": dict(sorted(made.redactions.items())),
                "partial": made.partial,
            }
        )
        return
    out = results()
    partial = "; partial: the session is not finished" if made.partial else ""
    out.print(plain(f"Wrote {count(made.made.rows, 'row')} of {made.format} to {made.to}{partial}"), soft_wrap=True)
    for reason, number in left_out.counts().items():
        ids = ", ".join(left_out.rows[reason][:3]) + (", ..." if number > 3 else "")
        why = "by their terms" if reason.startswith("terms:") else "since the format cannot hold them"
        line = f"Left out, {why}: {number:,} {reason} ({left_out.details[reason]}): {ids}"
        out.print(plain(line), soft_wrap=True)
    if made.redactions:
        found = ", ".join(f"{number:,} {kind}" for kind, number in sorted(made.redactions.items()))
        out.print(plain(f"Redacted: {found}"), soft_wrap=True)


def _ballots(store: Store, session: str, selection: str, to: Path, *, as_json: bool) -> None:
    from aaa.session.ballots import export_ballots

    written = asyncio.run(export_ballots(store, session, selection, to))
    if as_json:
        print_json({"selection": selection, "format": BALLOTS, "path": str(to), "rows": written.rows})
        return
    results().print(
        plain(f"Wrote {count(written.rows, 'ballot')} to {to}; fill in `better`: 1, 2 or tie"), soft_wrap=True
    )


def _check(format_name: str, path: Path, *, as_json: bool) -> None:
    """Exit code 1 where a reader would refuse, or lose, a row."""
    from aaa.export import check_files

    found = check_files(format_name, path)
    if as_json:
        print_json(
            {
                "path": str(path),
                "format": format_name,
                "rows": found.rows,
                "source": found.source,
                "counts": found.counts,
                "findings": list(found.findings),
                "good": found.good,
            }
        )
    else:
        for finding in found.findings:
            results().print(plain(finding), soft_wrap=True)
        total = sum(found.counts.values())
        more = f" ({total - len(found.findings):,} more not shown)" if total > len(found.findings) else ""
        verdict = "good" if found.good else f"{count(total, 'finding')}{more}"
        line = f"{path}: {count(found.rows, 'row')} of {format_name}: {verdict}. Rules: {found.source}"
        results().print(plain(line), soft_wrap=True)
    if not found.good:
        raise typer.Exit(1)
