"""Rows that wait in a temporary file until all of them are there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import IO

import orjson
from sqlalchemy import Connection

from aaa.store.faults import as_store_error
from aaa.store.mapper import Cells, encode
from aaa.store.tables import METADATA
from aaa.store.writer import upsert
from aaa.types import Record

CHUNK = 500
"""Rows held, and written by one statement: some MB at most. Ours."""


class Spool:
    """Lines of JSON, each with the name of a table and some of its rows. `place` is what errors call the store."""

    def __init__(self, file: IO[bytes], place: str) -> None:
        self._file, self._place = file, place

    async def fill(self, rows: AsyncIterable[Record] | Iterable[Record]) -> None:
        """Take in rows as they come, with a turn for others after each chunk."""
        chunk: dict[str, list[Cells]] = {}
        waiting = 0
        async for row in _each(rows):
            table, cells = encode(row)
            chunk.setdefault(table.name, []).append(cells)
            waiting += 1
            if waiting == CHUNK:
                self._keep(chunk)
                waiting = 0
                await asyncio.sleep(0)
        self._keep(chunk)

    def write_to(self, connection: Connection) -> None:
        """Write them all to their tables."""
        self._file.seek(0)
        for line in self._file:
            table, rows = orjson.loads(line)
            upsert(connection, METADATA.tables[table], rows)

    def _keep(self, chunk: dict[str, list[Cells]]) -> None:
        with as_store_error(self._place):
            self._file.writelines(orjson.dumps(part, option=orjson.OPT_APPEND_NEWLINE) for part in chunk.items())
        chunk.clear()


async def _each(rows: AsyncIterable[Record] | Iterable[Record]) -> AsyncIterator[Record]:
    if isinstance(rows, AsyncIterable):
        async for row in rows:
            yield row
    else:
        for row in rows:
            yield row
