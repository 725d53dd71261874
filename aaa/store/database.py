"""Opening the database: a SQLite file or a server, with tables of the version that this AAA understands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from aaa.errors import StoreError, UsageError
from aaa.store.tables import METADATA

SCHEMA_VERSION = 4
"""Raised with every change of the tables that an older AAA could not read or write."""

_BUSY_SECONDS = 60
"""How long to wait for another process that writes to the same file. Ours: a group commit takes milliseconds."""


def locate(place: Path | str) -> URL:
    """The address of a store: a file's path stands for SQLite; raises `UsageError` for an address that is none."""
    if isinstance(place, Path) or "://" not in place:
        return URL.create("sqlite", database=str(Path(place).absolute()))
    try:
        url = make_url(place)
    except ArgumentError as error:
        raise UsageError(f"{place!r} is neither a file nor the address of a database: {error}") from error
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise UsageError(f"a store is a SQLite file or a PostgreSQL database, not {url.get_backend_name()!r}")
    return url


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite store; None for a database server."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def name_of(url: URL) -> str:
    """The store as messages name it, without a password."""
    return str(sqlite_file(url) or url.render_as_string(hide_password=True))


def open_database(url: URL, *, create: bool) -> Engine:
    """An engine over a store that is there and understood; raises `StoreError` or `UsageError` else."""
    file = sqlite_file(url)
    if file is not None:
        _prepare_file(file, create=create)
    engine = _engine(url)
    if file is not None:
        event.listen(engine, "connect", _set_pragmas)
    try:
        _check_schema(engine, name_of(url))
    except BaseException:
        engine.dispose()
        raise
    return engine


def _engine(url: URL) -> Engine:
    try:
        return create_engine(url)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"{name_of(url)} needs the driver {error.name!r}, which is not installed; for PostgreSQL: "
            "python -m pip install 'psycopg[binary]' and write postgresql+psycopg://"
        ) from error


def _prepare_file(file: Path, *, create: bool) -> None:
    if file.is_dir():
        raise StoreError(f"store {file}: it is a folder; name a file in it, such as {file / 'aaa.db'}")
    if create:
        file.parent.mkdir(parents=True, exist_ok=True)
    elif not file.exists():
        raise StoreError(f"there is no store at {file}: name one with --db, or make one with `aaa run SCENARIO`")


def _set_pragmas(connection: Any, _record: object) -> None:
    """WAL lets readers and the writer go on side by side; FULL keeps what was acknowledged over a loss of power."""
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _check_schema(engine: Engine, name: str) -> None:
    """Make the tables in an empty database; else see that they are ours and of this version."""
    meta = METADATA.tables["meta"]
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        if not tables:
            _make_tables(connection)
            tables = set(METADATA.tables)
        if "meta" not in tables:
            raise StoreError(f"{name} is a database of something else: name another with --db")
        found = connection.scalar(select(meta.c.value).where(meta.c.id == "schema"))
    if found != str(SCHEMA_VERSION):
        raise StoreError(
            f"the store {name} has schema version {found}, this AAA reads and writes version {SCHEMA_VERSION}: "
            "use the version of AAA that wrote it, or name another store with --db; nothing was changed"
        )


def _make_tables(connection: Connection) -> None:
    """All tables in one transaction, whoever comes first: another process may be doing the same."""
    connection.rollback()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    METADATA.create_all(connection)
    meta = METADATA.tables["meta"]
    if connection.scalar(select(meta.c.value).where(meta.c.id == "schema")) is None:
        connection.execute(meta.insert().values(id="schema", value=str(SCHEMA_VERSION)))
    connection.commit()
