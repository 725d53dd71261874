"""The questions that a store is asked, as SQL."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Delete, Select, Table, bindparam, delete, func, select, tuple_

from aaa.store.kinds import TABLES
from aaa.store.mapper import cell
from aaa.types import Attempt, Call, CallUse


def column(table: Table, name: str) -> Column[Any]:
    """A column by name; raises `TypeError` where the table has none of that name."""
    if name not in table.c or name == "body":
        known = ", ".join(column.name for column in table.c if column.name != "body")
        raise TypeError(f"{table.name} has no column {name!r} to ask for; it has {known}")
    return table.c[name]


def where(table: Table, columns: Mapping[str, object]) -> list[ColumnElement[bool]]:
    """Rows whose columns have these values; None asks for those without one."""
    return [column(table, name) == cell(value) for name, value in columns.items()]


@cache
def body_of(table: Table) -> Select[Any]:
    """The body of the row whose id is the parameter `key`; built once, as that costs twice as much as asking."""
    return select(table.c.body).where(table.c.id == bindparam("key"))


@cache
def bodies_of(dialect: str, table: Table, keys: int) -> str:
    """Id and body of the rows whose ids are among so many: text for the driver, as each call of a model asks."""
    return f'SELECT "id", "body" FROM "{table.name}" WHERE "id" IN ({_values(dialect, keys)})'


@cache
def bodies_of_instructions(table: Table) -> Select[Any]:
    """Instruction and body of a session's rows whose instruction is among the parameter `instructions`, by instruction,
    then by id: by the id alone SQLite walks the whole session, sooner than sort these few."""
    instruction = column(table, "instruction")
    query = select(instruction, table.c.body).where(column(table, "session") == bindparam("session"))
    asked = instruction.in_(bindparam("instructions", expanding=True))
    return query.where(asked).order_by(instruction, table.c.id)


@cache
def page(
    table: Table, order: str, columns: tuple[str, ...], absent: tuple[str, ...], size: int, *, first: bool
) -> Select[Any]:
    """Keys (the column of the order, then the id) of the next `size` rows whose `columns` have the values of the
    parameters of the same names, and whose `absent` have none. All but the first page lie behind the parameters
    `after_0`, `after_1`.
    """
    keys = [column(table, name) for name in dict.fromkeys((order, "id"))]
    if keys[0].nullable:
        raise TypeError(f"{table.name} cannot be ordered by {order!r}, which some rows lack")
    query = select(*keys).order_by(*keys).limit(size)
    query = query.where(*(column(table, name) == bindparam(name) for name in columns))
    query = query.where(*(column(table, name).is_(None) for name in absent))
    if first:
        return query
    behind = [bindparam(f"after_{number}", type_=key.type) for number, key in enumerate(keys)]
    return query.where(tuple_(*keys) > tuple_(*behind))


def number(table: Table, columns: Mapping[str, object]) -> Select[Any]:
    """How many rows there are."""
    return select(func.count()).select_from(table).where(*where(table, columns))


def numbers(table: Table, by: str, columns: Mapping[str, object]) -> Select[Any]:
    """How many rows there are by the value of a column, in the order of the values."""
    value = column(table, by)
    return select(value, func.count()).where(*where(table, columns)).group_by(value).order_by(value)


def spending(session: str) -> Select[Any]:
    """What the attempts of a session cost: USD, requests, tokens."""
    attempts = TABLES[Attempt]
    tokens = attempts.c.prompt_tokens + attempts.c.completion_tokens
    sums = select(func.coalesce(func.sum(attempts.c.usd), 0.0), func.count(), func.coalesce(func.sum(tokens), 0))
    return sums.where(*where(attempts, {"session": session}))


def spending_by_name(session: str) -> Select[Any]:
    """The same by the name of the model: name, USD, requests, tokens."""
    sums, model = spending(session), TABLES[Attempt].c.model
    return sums.with_only_columns(model, *sums.selected_columns).group_by(model)


def spending_by_model() -> Select[Any]:
    """What attempts cost by identity of the model: USD, requests, tokens.

    Attempts whose call has come to no end count under None.
    """
    attempts, calls = TABLES[Attempt], TABLES[Call]
    tokens = attempts.c.prompt_tokens + attempts.c.completion_tokens
    sums = (func.coalesce(func.sum(attempts.c.usd), 0.0), func.count(), func.coalesce(func.sum(tokens), 0))
    joined = attempts.outerjoin(calls, calls.c.id == attempts.c.call)
    return select(calls.c.model, *sums).select_from(joined).group_by(calls.c.model).order_by(calls.c.model)


def unfinished(session: str) -> Select[Any]:
    """Calls that are not there though the session made attempts of them, each with their number."""
    attempts, calls = TABLES[Attempt], TABLES[Call]
    done = select(calls.c.id).where(calls.c.id == attempts.c.call).exists()
    of_call = select(attempts.c.call, func.count()).group_by(attempts.c.call)
    return of_call.where(*where(attempts, {"session": session}), ~done)


@cache
def upsert(dialect: str, table: Table) -> str:
    """Insert rows, or replace those with the same id: text for the driver, values in the order of the columns."""
    names = [f'"{column.name}"' for column in table.c]
    others = ", ".join(f"{name} = excluded.{name}" for name in names if name != '"id"')
    insert = f'INSERT INTO "{table.name}" ({", ".join(names)}) VALUES ({_values(dialect, len(names))})'
    return f"{insert} ON CONFLICT (id) DO UPDATE SET {others}"


def _values(dialect: str, number: int) -> str:
    """What stands for so many values; all else that the driver is told is the same for SQLite and PostgreSQL."""
    return ", ".join(["?" if dialect == "sqlite" else "%s"] * number)


@cache
def removal(table: Table, columns: tuple[str, ...]) -> Delete:
    """Delete rows whose columns have the values of the parameters of the same names."""
    return delete(table).where(*(column(table, name) == bindparam(name) for name in columns))


def removal_of_unused_calls(key: str | None = None) -> Delete:
    """Calls that no session uses: this one, or all."""
    calls, uses = TABLES[Call], TABLES[CallUse]
    unused = delete(calls).where(~select(uses.c.id).where(uses.c.call == calls.c.id).exists())
    return unused if key is None else unused.where(calls.c.id == key)
