"""Keys from a `.env` file."""

from __future__ import annotations

import os
from pathlib import Path

from aaa.errors import UsageError


def read_env(path: Path) -> tuple[str, ...]:
    """Put the variables of a `.env` file into the environment, where they are not set already; returns their names.

    A file that is missing adds nothing; one that cannot be read is a `UsageError`. Values are taken as they stand,
    without interpolation.
    """
    if not path.exists():
        return ()
    from dotenv import dotenv_values  # comes with litellm

    try:
        values = dotenv_values(path, interpolate=False, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"Cannot read keys from {str(path)!r}: {type(error).__name__}. Expected lines `NAME=value`."
        ) from None
    added = tuple(name for name, value in values.items() if value and name not in os.environ)
    os.environ.update({name: str(values[name]) for name in added})
    return added
