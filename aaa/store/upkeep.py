"""Taking rows out of a store: calls that nobody uses, and all that was made of one prompt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from aaa.store import queries
from aaa.store.kinds import TABLES
from aaa.store.writer import remove
from aaa.types import CallUse, Instruction, SessionRecord


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was taken out."""

    instructions: tuple[tuple[str, str], ...]
    """Session and id of each instruction: the prompt itself, and what was made of it."""
    rows: int
    """Rows beside calls."""
    calls: int
    kept_calls: int
    """Calls that other prompts use too, and which therefore stay."""


def family(found: Collection[Instruction], others: Iterable[Instruction]) -> list[Instruction]:
    """`found`, and all instructions that descend from them."""
    children: dict[str, list[Instruction]] = {}
    for other in others:
        if other.lineage.parent is not None:
            children.setdefault(other.lineage.parent, []).append(other)
    whole = {instruction.id: instruction for instruction in found}
    waiting = list(found)
    while waiting:
        for child in children.get(waiting.pop().id, []):
            if child.id not in whole:
                whole[child.id] = child
                waiting.append(child)
    return list(whole.values())


def forget(connection: Connection, episodes: Mapping[tuple[str, str], Collection[str]]) -> Forgotten:
    """Delete all rows of instructions, given as (session, id) with the episodes that worked on them.

    Attempts stay: they hold no text, and a budget counts them.
    """
    rows, asked = 0, set[str]()
    for (session, instruction), ids in episodes.items():
        for episode in ids:
            asked.update(_calls_of(connection, session, episode))
            rows += remove(connection, TABLES[CallUse], session=session, episode=episode)
        for kind, table in TABLES.items():
            if issubclass(kind, SessionRecord) and "instruction" in table.c:
                rows += remove(connection, table, session=session, instruction=instruction)
        rows += remove(connection, TABLES[Instruction], session=session, id=instruction)
    deleted = sum(connection.execute(queries.removal_of_unused_calls(key)).rowcount for key in sorted(asked))
    return Forgotten(tuple(episodes), rows, deleted, len(asked) - deleted)


def prune(connection: Connection) -> int:
    """Delete calls that no session uses; returns their number."""
    return int(connection.execute(queries.removal_of_unused_calls()).rowcount)


def compact(engine: Engine) -> None:
    """Write a SQLite file anew without what was deleted, which would stay readable in its free pages."""
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _calls_of(connection: Connection, session: str, episode: str) -> Iterable[str]:
    uses = TABLES[CallUse]
    return connection.scalars(select(uses.c.call).where(uses.c.session == session, uses.c.episode == episode))
