"""The store: all rows of all sessions in one database; one thread writes, anybody reads."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, Select

from aaa.errors import UsageError
from aaa.store import queries, upkeep
from aaa.store.columns import Packed, unpack
from aaa.store.database import locate, name_of, open_database, sqlite_file
from aaa.store.faults import as_store_error
from aaa.store.kinds import OF_EPISODE, OF_SELECTION, TABLES
from aaa.store.lock import file_lock, server_lock
from aaa.store.lookups import Lookups
from aaa.store.mapper import Cell, EncodedRow, R, cell, decode, encode, table_of
from aaa.store.spool import Spool
from aaa.store.writer import Writer, remove
from aaa.types import Attempt, Episode, Instruction, Place, Record, Rejection, Sample, Session, SessionRecord, Spent

_CHUNK = 500
"""Rows read at once: some MB at most. Ours."""
_LISTED = 50_000
"""Ids listed at once: some MB. Ours: listing them anew for each chunk would sort the session each time."""

Selected = Sample | Rejection
"""What a selection makes."""


@dataclass(frozen=True, slots=True)
class StoreSize:
    """How large a store is."""

    bytes: int | None
    """Bytes of the SQLite file and what is not yet merged into it; None for a database server."""
    rows: dict[str, int]
    """Rows by table."""


class Store:
    """Rows of all sessions. Writes are coroutines that return when they are durable; reads are plain, quick calls.

    Reads see what was committed before them, never wait for the writer, and may come from any thread. Everything here
    raises `StoreError` when the database fails, and `TypeError` for a type or column that the store does not hold.
    """

    def __init__(self, engine: Engine) -> None:
        """Over an engine whose tables were checked; use `Store.open`."""
        self.name = name_of(engine.url)
        """What messages call it: the path of its file, or the address of its server without the password."""
        self._engine = engine
        self._file = sqlite_file(engine.url)
        self._writer = Writer(engine, self.name)
        self._lookups = Lookups(self.get_all)

    @classmethod
    def open(cls, place: Path | str, *, create: bool = True) -> Store:
        """The store at a path, or at an address such as `postgresql+psycopg://user@host/name`.

        With `create`, a missing file and its folders are made. Raises `StoreError` for a store that is missing,
        damaged, of another version or no store at all, without changing it.
        """
        url = locate(place)
        with as_store_error(name_of(url)):
            return cls(open_database(url, create=create))

    def close(self) -> None:
        """Commit what waits and let go of the database. May be called twice."""
        self._writer.close()
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def lock(self, session: str) -> AbstractContextManager[None]:
        """Work on a session alone; raises `UsageError` if another process does. Released however the process ends."""
        return server_lock(self._engine, session) if self._file is None else file_lock(self._file, session)

    async def write(self, *rows: Record) -> None:
        """Insert rows, or replace those with the same id: all of them or none."""
        if rows:
            await self._writer.submit([encode(row) for row in rows])

    async def finish(self, episode: Episode, rows: Sequence[EncodedRow], *, first: bool = False) -> None:
        """Put an episode and what it made in the place of all that it made before, in one transaction.

        The rows come encoded, since whoever runs an episode hashes them too. `first` says that there is no row of the
        episode, so that nothing can be in its place.
        """

        def clear(connection: Connection) -> None:
            for kind in OF_EPISODE:
                remove(connection, TABLES[kind], session=episode.session, episode=episode.id)

        await self._writer.submit([*rows, encode(episode)], None if first else clear)

    async def replace_selection(
        self, session: str, selection: str, rows: AsyncIterable[Selected] | Iterable[Selected]
    ) -> None:
        """Put rows in the place of all that the selection made before, in one transaction.

        The rows wait in a temporary file until all are there: memory stays bounded, and no transaction is open while
        they are being made, so `rows` may read from and write to the store.
        """

        def replace(connection: Connection) -> None:
            for kind in OF_SELECTION:
                remove(connection, TABLES[kind], session=session, selection=selection)
            spool.write_to(connection)

        # Beside the store, where there must be space for the rows anyway; the usual folder may lie in memory.
        folder = None if self._file is None else self._file.parent
        with tempfile.TemporaryFile(dir=folder) as file:
            spool = Spool(file, self.name)
            await spool.fill(rows)
            await self._writer.submit((), replace)

    async def delete_session(self, session: str, *, prune: bool = False) -> None:
        """Delete all rows of a session; its calls stay for others, with `prune` only those that another session uses.

        Raises `UsageError` if there is no such session, or another process works on it.
        """
        if self.get(Session, session) is None:
            known = ", ".join(sorted(found.id for found in self.rows(Session))) or "none"
            raise UsageError(f"there is no session {session!r} in {self.name}; there are: {known}")

        def clear(connection: Connection) -> None:
            for kind, table in TABLES.items():
                if issubclass(kind, SessionRecord):
                    remove(connection, table, session=session)
            remove(connection, TABLES[Session], id=session)
            if prune:
                connection.execute(queries.removal_of_unused_calls())

        with self.lock(session):
            await self._writer.submit((), clear)

    async def prune(self) -> int:
        """Delete calls that no session uses; returns their number. Raises `UsageError` while a session is at work."""
        pruned: list[int] = []
        with ExitStack() as locks:
            for session in self.rows(Session):
                locks.enter_context(self.lock(session.id))
            await self._writer.submit((), lambda connection: pruned.append(upkeep.prune(connection)))
        return pruned[0]

    async def forget(self, prompt: str) -> upkeep.Forgotten:
        """Delete one prompt, given by its id in the data or in the store, with all that every session made of it.

        Instructions that descend from it go too, and the calls that only they use. The text may stay in the free pages
        of a SQLite file until `compact`. Raises `UsageError` where there is none, or a session is in use.
        """
        found = [*self.rows(Instruction, source_id=prompt), *self.rows(Instruction, id=prompt)]
        if not found:
            raise UsageError(f"there is no prompt {prompt!r} in {self.name}: give the id of a prompt or an instruction")
        sessions = sorted({instruction.session for instruction in found})
        others = (instruction for session in sessions for instruction in self.rows(Instruction, session=session))
        episodes = {(one.session, one.id): self._episodes(one) for one in upkeep.family(found, others)}
        forgotten: list[upkeep.Forgotten] = []
        with ExitStack() as locks:
            for session in sessions:
                locks.enter_context(self.lock(session))
            await self._writer.submit((), lambda connection: forgotten.append(upkeep.forget(connection, episodes)))
        return forgotten[0]

    def compact(self) -> None:
        """Give back the space of what was deleted, and scrub it from the file; a server does that by itself."""
        if self._file is not None:
            with as_store_error(self.name):
                upkeep.compact(self._engine)

    def get(self, kind: type[R], key: str) -> R | None:
        """The row with this id."""
        found = self._read(queries.body_of(table_of(kind)), {"key": cell(key)})
        return decode(kind, found[0][0]) if found else None

    async def find(self, kind: type[R], key: str) -> R | None:
        """The same for those who ask many at once: all that is asked in one turn of the event loop is one query."""
        found: R | None = await self._lookups.find(kind, key)
        return found

    def get_all(self, kind: type[R], keys: Sequence[str]) -> dict[str, R]:
        """The rows with these ids, as far as they are there, by id."""
        found: dict[str, R] = {}
        for start in range(0, len(keys), _CHUNK):
            cells = {cell(key): key for key in keys[start : start + _CHUNK]}
            found |= {cells[id_]: decode(kind, body) for id_, body in self._bodies(kind, list(cells)).items()}
        return found

    def rows(self, kind: type[R], /, *, order: str = "id", **columns: object) -> Iterator[R]:
        """Rows whose columns have these values, ordered by a column that every row has, then by id.

        Their ids are listed first, then the rows are read in batches: those deleted meanwhile are passed over.
        """
        absent = tuple(name for name, value in columns.items() if value is None)
        values = {name: cell(value) for name, value in columns.items() if value is not None}
        page = partial(queries.page, table_of(kind), order, tuple(values), absent, _LISTED)
        after: dict[str, object] = {}
        while keys := self._read(page(first=not after), {**values, **after}):
            for start in range(0, len(keys), _CHUNK):
                ids = [id_ for *_, id_ in keys[start : start + _CHUNK]]
                bodies = self._bodies(kind, ids)
                yield from (decode(kind, bodies[id_]) for id_ in ids if id_ in bodies)
            if len(keys) < _LISTED:
                return
            after = {f"after_{number}": key for number, key in enumerate(keys[-1])}

    def by_instruction(self, kind: type[R], session: str, instruction: str) -> list[R]:
        """Rows that a session made of one instruction, by id."""
        return self.by_instructions(kind, session, (instruction,)).get(instruction, [])

    def by_instructions(self, kind: type[R], session: str, instructions: Sequence[str]) -> dict[str, list[R]]:
        """The same for several instructions at once, by instruction; none for those without a row."""
        found: dict[str, list[R]] = {}
        query = queries.bodies_of_instructions(table_of(kind))
        for start in range(0, len(instructions), _CHUNK):
            asked = {"session": cell(session), "instructions": list(instructions[start : start + _CHUNK])}
            for instruction, body in self._read(query, asked):
                found.setdefault(instruction, []).append(decode(kind, body))
        return found

    def count(self, kind: type[Record], /, **columns: object) -> int:
        """How many rows have these values in their columns."""
        return int(self._read(queries.number(table_of(kind), columns))[0][0])

    def counts(self, kind: type[Record], by: str, /, **columns: object) -> dict[str, int]:
        """How many rows there are by the value of a column, sorted; those without one count under the empty text."""
        found = self._read(queries.numbers(table_of(kind), by, columns))
        return {"" if value is None else str(value): number for value, number in found}

    def spent(self, session: str) -> Spent:
        """What the session's attempts cost so far; what was reserved and never settled counts in full."""
        usd, calls, tokens = self._read(queries.spending(session))[0]
        return Spent(usd=usd, calls=calls, tokens=tokens)

    def spent_by_name(self, session: str) -> dict[str, Spent]:
        """The same by the name that the session gives to the model."""
        found = self._read(queries.spending_by_name(session))
        return {model: Spent(usd=usd, calls=calls, tokens=tokens) for model, usd, calls, tokens in found}

    def spent_by_group(self, session: str) -> dict[str, Spent]:
        """The same by the group of the cast, which the rows' bodies hold; the empty text stands for none."""
        found: dict[str, Spent] = {}
        for one in self.rows(Attempt, session=session):
            old = found.get(one.group, Spent(usd=0.0, calls=0, tokens=0))
            tokens = old.tokens + one.prompt_tokens + one.completion_tokens
            found[one.group] = Spent(usd=old.usd + (one.usd or 0.0), calls=old.calls + 1, tokens=tokens)
        return found

    def spent_by_model(self) -> dict[str, Spent]:
        """What attempts of all sessions cost, by identity of the model; those of calls that have come to no end count
        under the empty text."""
        found = self._read(queries.spending_by_model())
        return {model or "": Spent(usd=usd, calls=calls, tokens=tokens) for model, usd, calls, tokens in found}

    def unfinished(self, session: str) -> dict[str, int]:
        """Attempts that the session made of calls that are not there, by journal key."""
        return dict(self._read(queries.unfinished(session)))

    def size(self) -> StoreSize:
        """How large the store is."""
        files = [] if self._file is None else [self._file, self._file.with_name(f"{self._file.name}-wal")]
        size = sum(file.stat().st_size for file in files if file.exists()) if files else None
        return StoreSize(size, {table.name: self.count(kind) for kind, table in TABLES.items()})

    def _episodes(self, instruction: Instruction) -> set[str]:
        """All episodes that may have worked on an instruction, those that were cut off before their end included."""
        session = self.get(Session, instruction.session)
        stages = () if session is None else session.all_stages
        begun = {Place.of(instruction.session, stage, instruction.id).episode for stage in stages}
        return begun | {e.id for e in self.by_instruction(Episode, instruction.session, instruction.id)}

    def _bodies(self, kind: type[Record], ids: Sequence[Cell]) -> dict[Cell, str]:
        """Bodies of the rows with these ids, as columns hold them, as far as they are there.

        Each call of a model asks for some, and SQLAlchemy takes longer to write out the question than SQLite to answer.
        """
        table = table_of(kind)
        query = queries.bodies_of(self._engine.dialect.name, table, len(ids))
        with as_store_error(self.name), self._engine.connect() as connection:
            rows = connection.exec_driver_sql(query, tuple(ids)).all()
            return {id_: unpack(body) if isinstance(table.c.body.type, Packed) else body for id_, body in rows}

    def _read(self, query: Select[Any], parameters: Mapping[str, object] | None = None) -> Sequence[Any]:
        with as_store_error(self.name), self._engine.connect() as connection:
            return connection.execute(query, parameters).all()
