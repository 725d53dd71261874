"""All commands, in the order in which a user meets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from aaa import __version__
from aaa.cli.agreement import agreement
from aaa.cli.analyse import analyse
from aaa.cli.audit import audit
from aaa.cli.decontaminate import decontaminate
from aaa.cli.dedup import dedup
from aaa.cli.evolve import evolve
from aaa.cli.export import export
from aaa.cli.filter import filter_
from aaa.cli.gaps import gaps
from aaa.cli.import_ import import_
from aaa.cli.init import init
from aaa.cli.journal import journal
from aaa.cli.judge import judge
from aaa.cli.models import models
from aaa.cli.plan import plan
from aaa.cli.rate import rate
from aaa.cli.run import run
from aaa.cli.sample import sample
from aaa.cli.schema import schema
from aaa.cli.select import select
from aaa.cli.show import show
from aaa.cli.slice import slice_
from aaa.cli.status import status
from aaa.cli.validate import validate
from aaa.cli.verify import verify

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"aaa {__version__}")
        raise typer.Exit


@app.callback()
def _about(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """AI Align AI: several language models teach, judge and improve each other; the result is training data."""


MAIN: tuple[Callable[..., None], ...] = (init, validate, plan, run, show, audit, export)
OTHERS: tuple[Callable[..., None], ...] = (
    status,
    models,
    rate,
    agreement,
    judge,
    evolve,
    gaps,
    analyse,
    sample,
    filter_,
    slice_,
    dedup,
    decontaminate,
    select,
    import_,
    verify,
    schema,
    journal,
)

for _command in MAIN:
    app.command(rich_help_panel="From a scenario to training data")(_command)
for _command in OTHERS:
    app.command(_command.__name__.rstrip("_"), rich_help_panel="Others")(_command)
