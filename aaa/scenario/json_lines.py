"""Files of the user in JSON Lines, each line read into a type and checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeVar

import orjson
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from aaa.errors import UsageError

MAX_LINE: Final = 16 << 20
"""Bytes of a line at most (ours): room for a few images as data URLs."""
R = TypeVar("R", bound=BaseModel)


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers. Raises `UsageError` for a file that cannot be read."""
    try:
        with path.open("rb") as handle:
            number = 0
            while text := handle.readline(MAX_LINE + 1):
                number += 1
                if len(text) > MAX_LINE:
                    raise UsageError(f"{path}:{number}: a line holds at most {MAX_LINE:,} bytes")
                if text := text.removeprefix(b"\xef\xbb\xbf").strip():
                    yield number, text
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def read_rows(path: Path, kind: type[R]) -> Iterator[tuple[int, R]]:
    """Each line as a row of `kind`, with its number. Raises `UsageError` with file, line and all that is wrong."""
    for number, text in read_lines(path):
        try:
            yield number, kind.model_validate(orjson.loads(text))
        except orjson.JSONDecodeError as error:
            raise UsageError(f"{path}:{number}: is not JSON: {error.msg} (column {error.colno})") from error
        except ValidationError as error:
            sentences = "; ".join(map(_sentence, error.errors(include_url=False)))
            raise UsageError(f"{path}:{number}: {sentences}") from error


def _sentence(details: ErrorDetails) -> str:
    """What is wrong, where, and what was found."""
    if details["type"] == "value_error":
        return str(details.get("ctx", {})["error"])
    where = ".".join(str(part) for part in details["loc"]) or "the row"
    if details["type"] == "missing":
        return f"the key {where!r} is missing"
    return f"{where} {details['msg'].replace('Input should', 'must')}, but is {repr(details['input'])[:60]}"
