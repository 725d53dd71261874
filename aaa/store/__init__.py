"""Rows in SQLite through SQLModel: written by one thread in groups, read by anybody, with the journal of calls.

Importing this package imports SQLAlchemy: do it where a store is opened, not at the top of what must start fast.
"""

from aaa.store.journal import StoreJournal
from aaa.store.mapper import EncodedRow, encode
from aaa.store.store import Store, StoreSize
from aaa.store.upkeep import Forgotten

__all__ = ["EncodedRow", "Forgotten", "Store", "StoreJournal", "StoreSize", "encode"]
