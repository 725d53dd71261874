"""What goes wrong below the store, as `StoreError` with advice."""

from __future__ import annotations

import errno
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from aaa.errors import AaaError, StoreError

_ADVICE = {
    "SQLITE_FULL": "the disk is full: free some space and run the same command again; what was saved is intact",
    "SQLITE_IOERR": "the disk refused to read or write: check its space, quota and health, then run the command again",
    "SQLITE_READONLY": "it may not be written: check permissions of the file and its folder, or name another with --db",
    "SQLITE_CANTOPEN": "it cannot be opened: check that its folder may be written, or name another with --db",
    "SQLITE_NOTADB": "it is no SQLite database: name another file with --db",
    "SQLITE_CORRUPT": "it is damaged: copy it, save what `sqlite3 FILE .recover` can read, or name another with --db",
    "SQLITE_BUSY": "another process has kept it locked: wait for it to end, or stop it, and run the same command again",
}
"""Advice by SQLite's primary result codes."""
_OF_SYSTEM = {
    errno.ENOSPC: "SQLITE_FULL",
    errno.EDQUOT: "SQLITE_FULL",
    errno.EIO: "SQLITE_IOERR",
    errno.EROFS: "SQLITE_READONLY",
    errno.EACCES: "SQLITE_READONLY",
    errno.EPERM: "SQLITE_READONLY",
}
"""What the same faults are called where the file system tells of them, as when folders or locks are made."""


def store_error(place: str, error: BaseException) -> StoreError:
    """The error to raise for `error` in the store at `place`; a `StoreError` stays itself."""
    if isinstance(error, StoreError):
        return error
    cause = error.orig if isinstance(error, SQLAlchemyError) and hasattr(error, "orig") else error
    advice = _advice(cause)
    found = f"{type(cause).__name__}: {cause}"
    return StoreError(f"store {place}: {advice} ({found})" if advice else f"store {place}: {found}")


@contextmanager
def as_store_error(place: str) -> Iterator[None]:
    """Raise faults of the database and of the file system as `StoreError`."""
    try:
        yield
    except AaaError:
        raise
    except (SQLAlchemyError, sqlite3.Error, zlib.error, OSError) as error:
        raise store_error(place, error) from error


def _advice(cause: BaseException | None) -> str | None:
    if isinstance(cause, OSError):
        code = _OF_SYSTEM.get(cause.errno or 0, "")
    else:
        code = "SQLITE_CORRUPT" if isinstance(cause, zlib.error) else getattr(cause, "sqlite_errorname", None) or ""
    return next((advice for name, advice in _ADVICE.items() if code.startswith(name)), None)
