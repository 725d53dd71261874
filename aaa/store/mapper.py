"""Records to table values and back, one way for all types."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError
from sqlalchemy import Table

from aaa.errors import StoreError
from aaa.store.kinds import TABLES
from aaa.types import Record, escape_surrogates, value_json

R = TypeVar("R", bound=Record)
Cell = str | int | float | None
Cells = tuple[Cell, ...]
"""Values of one row in the order of the table's columns."""
_NUMBERS = (bool, int, float)


class EncodedRow(NamedTuple):
    """A record as a table keeps it."""

    table: Table
    cells: Cells

    @property
    def body(self) -> str:
        """The whole record as JSON."""
        return str(self.cells[-1])


def table_of(kind: type[Record]) -> Table:
    """The table that holds a type; raises `TypeError` for a type that no table holds."""
    try:
        return TABLES[kind]
    except KeyError:
        held = ", ".join(sorted(known.__name__ for known in TABLES))
        raise TypeError(f"{kind.__name__} has no table; the store holds {held}") from None


def encode(record: Record) -> EncodedRow:
    """The table and the values that keep a record; raises `StoreError` where JSON cannot hold it (NaN, infinity)."""
    table = table_of(type(record))
    try:
        body = value_json(record)
    except ValueError as error:
        raise StoreError(f"{type(record).__name__} {record.id!r} cannot be stored as JSON: {error}") from error
    return EncodedRow(table, (*map(cell, _fields(table)(record)), body))


@cache
def _fields(table: Table) -> Callable[[Record], tuple[Any, ...]]:
    """Reads from a record what the columns before the body hold: its fields of the same names."""
    return attrgetter(*(column.name for column in table.c if column.name != "body"))


def decode(kind: type[R], body: str) -> R:
    """The record that a body keeps; raises `StoreError` where it is none."""
    try:
        return kind.model_validate_json(body)
    except ValueError:
        pass  # damaged, or with a lone surrogate, which only Python's own reader takes
    try:
        return kind.model_validate(json.loads(body))
    except ValueError as error:
        raise StoreError(
            f"a row of {table_of(kind).name} cannot be read ({_first_fault(error)}): it was damaged, or written by "
            f"another version of AAA; its body begins {body[:200]!r}"
        ) from error


def cell(value: object) -> Cell:
    """A value as a column holds it. Text may be escaped here: columns are asked for, the body is what is read back.

    Models do emit lone halves of surrogate pairs, which no UTF-8 text can hold, and NUL, which PostgreSQL refuses.
    """
    if isinstance(value, str):
        if value.isascii() and "\0" not in value:
            return value
        return escape_surrogates(value).replace("\0", "\\u0000")
    if value is None or isinstance(value, _NUMBERS):
        return value
    raise TypeError(f"a column holds text, numbers or nothing, not {value!r}")


def _first_fault(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    fault = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
