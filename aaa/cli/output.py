"""How commands print: results to stdout, the rest to stderr, and text of strangers without power over the terminal."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from aaa.errors import UsageError

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters (those of ANSI escapes among them) beside tab and line break, marks that turn the direction of
writing, and halves of surrogate pairs."""

WIDEST = 240
"""Columns of the widest table (ours)."""


def printable(text: str) -> str:
    r"""`text` with characters that could deceive or break a terminal written as `\u001b`."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def plain(value: object, style: str = "") -> Text:
    """`value` as it is: nothing in it is read as markup."""
    return Text(printable(str(value)), style=style)


def results() -> Console:
    """Where results go."""
    return Console(highlight=False)


def print_whole(part: RenderableType) -> None:
    """Print on as many columns as `part` needs: a terminal breaks long lines, but no figure is cut off."""
    console = results()
    needed = console.measure(part, options=console.options.update(max_width=WIDEST)).maximum
    Console(highlight=False, width=max(console.width, needed)).print(part, soft_wrap=isinstance(part, Text))


def remarks() -> Console:
    """Where progress, hints and errors go."""
    return Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """A remark for people."""
    remarks().print(plain(text), soft_wrap=True)


def complain(text: str) -> None:
    """An error, in plain words."""
    remarks().print(Text("Error: ", style="bold red").append_text(plain(text)), soft_wrap=True)


def print_json(value: Any) -> None:
    """One JSON value on stdout. Unsafe characters can only stand inside its strings, where JSON too writes escapes."""
    sys.stdout.write(printable(json.dumps(value, ensure_ascii=False, indent=2)) + "\n")


def table(*columns: str) -> Table:
    """An empty table; a column whose name begins with `#` holds numbers."""
    made = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for name in columns:
        number = name.startswith("#")
        made.add_column(name.removeprefix("#"), justify="right" if number else "left", no_wrap=number, overflow="fold")
    return made


def headed(title: str, made: Table, *, simulated: bool) -> Group:
    """A table under its title, and under the warning that its models only pretend."""
    from aaa.sim import REHEARSAL

    warning = [Text(REHEARSAL, style="bold yellow")] if simulated else []
    return Group(*warning, plain(title, "bold"), made, "")


def count(number: int, noun: str) -> str:
    """`1 row`, `1,200 rows`."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def refuse_suffix(path: Path | None, *endings: str) -> None:
    """Raise `UsageError` for a file whose name does not tell what is written."""
    if path is not None and path.suffix not in endings:
        raise UsageError(f"{path}: the name must end in {' or '.join(endings)}.")
