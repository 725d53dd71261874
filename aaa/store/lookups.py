"""Look-ups that share queries: all that are asked for in one turn of the event loop are one query for each type."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aaa.types import Record

Reader = Callable[[type[Any], Sequence[str]], Mapping[str, Any]]
"""The rows of a type with these ids, by id."""
Wanted = list[tuple[type[Record], str, asyncio.Future[Any]]]


class Lookups:
    """A query by itself costs as much as the rest of a call, since it has to take turns with the thread that writes."""

    def __init__(self, read: Reader) -> None:
        self._read = read
        self._wanted: dict[asyncio.AbstractEventLoop, Wanted] = {}

    async def find(self, kind: type[Record], key: str) -> Any:
        """The row with this id, or None."""
        loop = asyncio.get_running_loop()
        if loop not in self._wanted:
            self._wanted[loop] = []
            loop.call_soon(self._answer, loop)
        found: asyncio.Future[Any] = loop.create_future()
        self._wanted[loop].append((kind, key, found))
        return await found

    def _answer(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer all who wait; those that were cancelled meanwhile do not."""
        waiting: dict[type[Record], list[tuple[str, asyncio.Future[Any]]]] = {}
        for kind, key, found in self._wanted.pop(loop):
            if not found.done():
                waiting.setdefault(kind, []).append((key, found))
        for kind, asked in waiting.items():
            try:
                rows = self._read(kind, [key for key, _ in asked])
            except Exception as error:  # noqa: BLE001 - it goes to those who wait, or they would wait for ever
                for _, found in asked:
                    found.set_exception(error)
            else:
                for key, found in asked:
                    found.set_result(rows.get(key))
