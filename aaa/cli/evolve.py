"""`aaa evolve`: prompts made harder or simpler, and the methods for it, on plain files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from aaa.cli.auto_evolve import optimise
from aaa.cli.evolve_prompts import evolve_prompts
from aaa.cli.options import DEFAULT_DB, AcceptChanges, Db, Json, SessionName
from aaa.errors import UsageError

MODELS = "Evolvers: litellm's strings with commas between them, or a YAML file with `models` and `budget`."


def evolve(
    prompts: Annotated[Path, typer.Argument(metavar="PROMPTS", help="A file of prompts.")],
    models: Annotated[str | None, typer.Option("--models", metavar="MODELS", help=MODELS)] = None,
    rounds: Annotated[int | None, typer.Option("--rounds", min=1, max=10, help="Rounds; default 4.")] = None,
    direction: Annotated[
        str | None, typer.Option("--direction", help="auto (default), up, down or both; see docs/evol.md.")
    ] = None,
    operations: Annotated[
        str | None, typer.Option("--operations", metavar="NAMES", help="Only these, such as constraint,reason=2.")
    ] = None,
    form: Annotated[str | None, typer.Option("--form", help="auto (default: by skill), general, code or math.")] = None,
    keep: Annotated[
        str | None, typer.Option("--keep", help="all (default), or last: only the last version of each direction.")
    ] = None,
    tries: Annotated[int | None, typer.Option("--tries", min=1, max=5, help="Attempts of a round; default 2.")] = None,
    checks: Annotated[
        int | None, typer.Option("--checks", help="Readings of whether something was gained: 0, 1, 3 (default), 5.")
    ] = None,
    method: Annotated[
        Path | None, typer.Option("--method", metavar="FILE", help="A method in place of the operations.")
    ] = None,
    raters: Annotated[
        str | None, typer.Option("--raters", metavar="MODELS", help="Who grades all versions beside each other.")
    ] = None,
    auto: Annotated[
        Path | None,
        typer.Option("--auto", metavar="FILE", help="Optimise an evolving method, with the models of this file."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="Write new prompts (with --auto: the method) here.")
    ] = None,
    lineage: Annotated[
        str | None,
        typer.Option("--lineage", metavar="PATH", help="Who descends from whom (.json, .dot, .graphml; -: shown)."),
    ] = None,
    session: SessionName = None,
    accept_changes: AcceptChanges = False,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Evolve prompts and keep what passes the gates; or, with --auto, optimise the method by which they evolve."""
    own: dict[str, Any] = {
        "--models": models, "--rounds": rounds, "--direction": direction, "--operations": operations, "--form": form,
        "--keep": keep, "--tries": tries, "--checks": checks, "--method": method, "--raters": raters,
        "--lineage": lineage,
    }  # fmt: skip
    if auto is not None:
        if given := [name for name, value in own.items() if value is not None]:
            raise UsageError(f"{', '.join(given)}: not with --auto, whose file says who evolves and how.")
        optimise(prompts, auto, to, session, db, accept_changes=accept_changes, as_json=as_json)
        return
    if models is None:
        raise UsageError("Who is to evolve them? Give `--models`, or optimise a method with `--auto FILE`.")
    asked = {
        "rounds": rounds, "direction": direction, "form": form, "keep": keep, "tries": tries, "checks": checks,
        "operations": None if operations is None else _weights(operations),
        "method": None if method is None else str(method),
    }  # fmt: skip
    stage = {name: value for name, value in asked.items() if value is not None}
    how = {"accept_changes": accept_changes, "as_json": as_json}
    evolve_prompts(prompts, models, raters, stage, to, lineage, session, db, **how)


def _weights(words: str) -> dict[str, float]:
    """Operations with their weights: `constraint,reason=2`. Raises `UsageError` for a weight that is no number."""
    found = {}
    for word in filter(None, (word.strip() for word in words.split(","))):
        name, _, weight = word.partition("=")
        try:
            found[name.strip()] = float(weight) if weight else 1.0
        except ValueError:
            raise UsageError(f"--operations {word}: the weight must be a number, such as {name}=2.") from None
    return found
