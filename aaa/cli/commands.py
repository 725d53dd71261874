"""All commands, in the order in which a user meets them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Annotated

import typer

from aaa import __version__

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "From a scenario to training data": ("init", "validate", "plan", "run", "show", "audit", "export"),
    "Others": (
        "status",
        "models",
        "rate",
        "agreement",
        "judge",
        "evolve",
        "gaps",
        "analyse",
        "sample",
        "filter_",
        "slice_",
        "dedup",
        "decontaminate",
        "select",
        "import_",
        "verify",
        "schema",
        "journal",
    ),
}
"""Functions by the heading that `aaa --help` shows them under; each is in the module of its name."""


def app(asked: str | None = None) -> typer.Typer:
    """The command `asked` for, which then is all that is imported, or else all of them."""
    made = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(_about)
    commands = list(_commands())
    chosen = [command for command in commands if command[0] == asked]
    for name, function, heading in chosen or commands:
        made.command(name, rich_help_panel=heading)(_imported(function))
    return made


def _commands() -> Iterator[tuple[str, str, str]]:
    """Name of each command, its function, and its heading."""
    for heading, functions in COMMANDS.items():
        for function in functions:
            yield function.rstrip("_"), function, heading


def _imported(function: str) -> Callable[..., None]:
    command: Callable[..., None] = getattr(import_module(f"aaa.cli.{function}"), function)
    return command


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"aaa {__version__}")
        raise typer.Exit


def _about(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """AI Align AI: several language models teach, judge and improve each other; the result is training data."""
