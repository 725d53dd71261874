"""`aaa run`: a session from its scenario to its files."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from aaa.cli.interrupt import run_interruptibly
from aaa.cli.options import DEFAULT_DB, AcceptChanges, Db, Files, Json, Rehearse, SessionName, Settings
from aaa.cli.output import complain, print_json, remarks, results, say
from aaa.cli.progress import Display
from aaa.cli.summary import summary

if TYPE_CHECKING:
    from aaa.session import Resolved, RunResult
    from aaa.session.run import Watch


def run(
    files: Files,
    db: Db = DEFAULT_DB,
    settings: Settings = None,
    session: SessionName = None,
    rehearse: Rehearse = False,
    accept_changes: AcceptChanges = False,
    slice_: Annotated[
        int | None,
        typer.Option(
            "--slice",
            metavar="N",
            min=1,
            help="Run this slice of the prompts (prompts.slices) as session NAME-slice-N; set a model's new revision.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Run a scenario, or go on with it: the same command takes up a session where it stopped."""
    only = [] if slice_ is None else [f"prompts.only=D{slice_}"]
    resolved = load(files, settings=[*(settings or ()), *only], session=session, rehearse=rehearse)
    if slice_ is not None:
        resolved = replace(resolved, session=f"{resolved.session}-slice-{slice_}")
    result = _run(resolved, db, accept_changes=accept_changes, quiet=as_json)
    if as_json:
        print_json(as_document(result, db))
    else:
        out = results()
        for part in summary(result, db):
            out.print(part, soft_wrap=isinstance(part, Text))
    sys.exit(_exit_code(result, resolved.scenario.failures.tolerate))


def load(files: Sequence[Path], *, settings: Sequence[str] | None, session: str | None, rehearse: bool) -> Resolved:
    """A scenario resolved, with the keys of `.env` in the environment."""
    from aaa.llm import read_env
    from aaa.session import resolve

    read_env(Path(".env"))
    return resolve(files, settings=settings or (), session=session, rehearse=rehearse)


def _run(resolved: Resolved, db: str, *, accept_changes: bool, quiet: bool) -> RunResult:
    """Run it with progress on stderr (or `quiet`), stoppable by signals."""
    from aaa.session import RunOptions, run_session
    from aaa.sim import REHEARSAL

    heading = f"{resolved.session} · {REHEARSAL}" if resolved.simulated else resolved.session
    display = Display(remarks(), heading, [stage.name for stage in resolved.scenario.stages])

    def options(stop: asyncio.Event, watch: Watch | None) -> RunOptions:
        return RunOptions(db=db, accept_changes=accept_changes, stop=stop, watch=watch)

    async def work(stop: asyncio.Event) -> RunResult:
        if quiet:
            return await run_session(resolved, options(stop, None))
        with display:
            return await run_session(resolved, options(stop, display.watch))

    return run_interruptibly(work, (lambda _: None) if quiet else say)


def _exit_code(result: RunResult, tolerate: float) -> int:
    """Tell on stderr what ended the run, if anything did, and the code for it."""
    if result.stopped is not None:
        complain(str(result.stopped))
        return result.stopped.exit_code
    if result.shut is not None:
        complain(str(result.shut))
        return result.shut.exit_code
    if result.failed_share() > tolerate:
        complain(
            f"{result.failed_share():.1%} of the episodes failed; failures.tolerate allows {tolerate:.1%}. "
            f"`aaa status {result.session}` shows why; the same command tries again what may still work."
        )
        return 1
    return 0


def as_document(result: RunResult, db: str) -> dict[str, Any]:
    """What `--json` prints. Episodes, calls, tokens, USD and failures are those of this run; samples, pairs and
    exports those of the session."""
    from aaa.session import what_was_learned
    from aaa.store import Store
    from aaa.types import PreferencePair, Session, SftSample

    progress, tally = result.progress, result.gateway.tally
    with Store.open(db, create=False) as store:
        session = store.get(Session, result.session)
        assert session is not None, result.session
        samples = store.count(SftSample, session=session.id)
        pairs = store.count(PreferencePair, session=session.id)
        learned = what_was_learned(store, session) if session.complete else []
    return {
        "session": session.id,
        "episodes": {"done": progress.done, "failed": progress.failed, "skipped": progress.skipped},
        "calls": {"made": tally.made, "replayed": tally.replayed, "failed": tally.failed},
        "tokens": tally.tokens,
        "usd": tally.usd,
        "sft_samples": samples,
        "preference_pairs": pairs,
        "failures": dict(sorted(progress.failures.items())),
        "learned": learned,
        "exports": [
            {
                "selection": export.selection,
                "format": export.format,
                "path": str(export.to),
                "rows": export.made.rows,
                "left_out": dict(export.made.left_out.counts()),
                "partial": export.partial,
            }
            for export in result.exports
        ],
        "complete": session.complete,
        "simulated": session.simulated,
    }
