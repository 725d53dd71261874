"""The command line: thin readings of `aaa.session`, each command in a file of its own.

Whatever is heavy is imported inside the commands, so that `aaa --help` answers at once.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from aaa.cli import collector
from aaa.cli.commands import app
from aaa.cli.output import complain
from aaa.errors import AaaError


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command (of the process' own arguments, if none are given) and exit.

    Exit codes: 0 done, 1 the work or too much of it failed, 2 wrong use (nothing was written), 130 interrupted.
    """
    collector.hold_back()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 shows escapes instead of failing
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        app(given[0] if given else None)(args=given, prog_name="aaa")
    except AaaError as error:
        complain(str(error))
        sys.exit(error.exit_code)
