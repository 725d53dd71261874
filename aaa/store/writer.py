"""The only thread that writes: whatever waits is committed as one group, and everybody is told when it is durable."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from typing import NamedTuple

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import OperationalError

from aaa.errors import StoreError
from aaa.store import queries
from aaa.store.columns import Packed, pack
from aaa.store.faults import store_error
from aaa.store.mapper import Cells, EncodedRow, cell

Work = Callable[[Connection], None]

_GROUP = 512
"""Most jobs in one commit. Ours: more makes the first of them wait without saving much."""
_CROWD = 5
"""Jobs in a commit that show that many are at work, whose next jobs are worth waiting for. Ours, as PostgreSQL's
`commit_siblings`."""
_PAUSE = 0.003
"""Seconds of that wait. Ours: each commit costs work of its own, and a call waits far longer for its model."""


class _Job(NamedTuple):
    """What one caller wants to have committed whole or not at all: `work` first, then `rows`."""

    rows: Sequence[EncodedRow]
    work: Work | None
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[None]


class Writer:
    """Group commit over one engine. Thread-safe; each caller waits on its own event loop."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine, self._place = engine, place
        self._operational = (OperationalError, engine.dialect.loaded_dbapi.OperationalError)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._run, name="aaa-store-writer", daemon=True)
        self._thread.start()

    async def submit(self, rows: Sequence[EncodedRow], work: Work | None = None) -> None:
        """Commit `work` and `rows` together; returns when they are durable, raises `StoreError` if they are not.

        A caller that is cancelled while it waits does not take its job back.
        """
        loop = asyncio.get_running_loop()
        job = _Job(rows, work, loop, loop.create_future())
        with self._closing:
            if self._closed:
                raise StoreError(f"store {self._place} is closed; nothing was written")
            self._jobs.put(job)
        await job.done

    def close(self) -> None:
        """Commit what waits and end the thread. May be called twice."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        last = crowded = False
        while not last and (first := self._jobs.get()) is not None:
            if crowded:
                time.sleep(_PAUSE)
            group, last = self._drain(first)
            crowded = len(group) >= _CROWD
            self._commit(group)
        if self._connection is not None:
            self._connection.close()

    def _drain(self, first: _Job) -> tuple[list[_Job], bool]:
        """All jobs that wait now, up to a group, and whether the end of all jobs came among them."""
        group = [first]
        with suppress(queue.Empty):
            while len(group) < _GROUP:
                job = self._jobs.get_nowait()
                if job is None:
                    return group, True
                group.append(job)
        return group, False

    def _commit(self, group: list[_Job]) -> None:
        """One transaction for the group; if a row is at fault, one for each job, so that only the culprit fails.

        An operational error concerns everybody (disk full, another process holds the lock): all hear of it at once.
        """
        try:
            with self._connected().begin() as transaction:
                _execute(transaction.connection, group)
        except Exception as error:  # noqa: BLE001 - whatever it is, it goes to those who wait; the thread must live on
            if len(group) == 1 or isinstance(error, self._operational):
                _tell(group, str(store_error(self._place, error)))
            else:
                for job in group:
                    self._commit([job])
        else:
            _tell(group, None)

    def _connected(self) -> Connection:
        """The thread's own connection. A lost one is made anew by SQLAlchemy in the next transaction."""
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection


def upsert(connection: Connection, table: Table, rows: Sequence[Cells]) -> None:
    """Insert rows, or replace those with the same id; raises the driver's own errors.

    They go past SQLAlchemy, whose handling of each row takes longer than SQLite does to write it.
    """
    values: Sequence[tuple[object, ...]] = rows
    if isinstance(table.c.body.type, Packed):
        values = [(*cells, pack(str(body))) for *cells, body in rows]
    with closing(connection.connection.cursor()) as cursor:
        cursor.executemany(queries.upsert(connection.dialect.name, table), values)


def remove(connection: Connection, table: Table, **columns: str) -> int:
    """Delete the rows whose columns have these values; returns their number."""
    values = {name: cell(value) for name, value in columns.items()}
    return int(connection.execute(queries.removal(table, tuple(columns)), values).rowcount)


def _execute(connection: Connection, group: Iterable[_Job]) -> None:
    """Jobs in their order; rows of one table that no work comes between go to the database in one statement."""
    waiting: dict[Table, list[Cells]] = {}
    for job in group:
        if job.work is not None:
            _flush(connection, waiting)
            job.work(connection)
        for table, cells in job.rows:
            waiting.setdefault(table, []).append(cells)
    _flush(connection, waiting)


def _flush(connection: Connection, waiting: dict[Table, list[Cells]]) -> None:
    for table, rows in waiting.items():
        upsert(connection, table, rows)
    waiting.clear()


def _tell(group: Iterable[_Job], fault: str | None) -> None:
    """Wake all who wait, each event loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in group:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, jobs in by_loop.items():
        # A loop that has ended meanwhile has nobody left who waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_resolve, jobs, fault)


def _resolve(jobs: Iterable[_Job], fault: str | None) -> None:
    for job in jobs:
        if not job.done.done():
            if fault is None:
                job.done.set_result(None)
            else:
                job.done.set_exception(StoreError(fault))
