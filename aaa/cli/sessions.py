"""Sessions of a store, as commands ask for them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.store import Store
    from aaa.types import Session


def find_session(store: Store, name: str) -> Session:
    """The session of this name; raises `UsageError` that lists those there are."""
    from aaa.types import Session

    found = store.get(Session, name)
    if found is None:
        known = ", ".join(session.id for session in store.rows(Session)) or "none"
        raise UsageError(f"There is no session {name!r} in {store.name}; it holds: {known}.")
    return found


def select_unfinished(store: Store, session: Session) -> None:
    """Make the selections of a session that did not come to its end: a run that was killed could not. Costs no call."""
    from aaa.scenario import Scenario
    from aaa.session import select_all

    if not session.complete:
        asyncio.run(select_all(store, session.id, Scenario.model_validate(session.scenario)))
