"""One process at a time works on a session."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, func, select

from aaa.errors import UsageError
from aaa.store.faults import as_store_error


@contextmanager
def file_lock(store: Path, session: str) -> Iterator[None]:
    """Hold a session of the SQLite store in this file; raises `UsageError` with the pid of the process that has it.

    The system lets go of the lock when the process ends, however it ends. The file beside the store stays: to remove it
    would let two processes hold locks on two files of one name.
    """
    file = store.with_name(f"{store.name}.{quote(session, safe='')}.lock")
    with as_store_error(str(store)):
        file.touch()
    with file.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            raise UsageError(
                f"session {session!r} of {store} is in use by process {handle.read().strip() or '(starting)'}: "
                "wait for it to end, stop it, or begin another with --session"
            ) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


@contextmanager
def server_lock(engine: Engine, session: str) -> Iterator[None]:
    """Hold a session of the PostgreSQL store by an advisory lock, which ends with the connection that took it."""
    with engine.connect() as connection:
        if not connection.scalar(select(func.pg_try_advisory_lock(func.hashtext(f"aaa/{session}")))):
            raise UsageError(
                f"session {session!r} is in use by another process: wait for it to end, stop it, or begin another "
                "with --session"
            )
        try:
            yield
        finally:
            connection.invalidate()
