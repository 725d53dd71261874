"""The journal of calls over a store: what `aaa.llm` asks for, by structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aaa.store.store import Store
from aaa.types import Attempt, Batch, Call, CallUse, Spent


class StoreJournal:
    """Calls, their uses and attempts in a store. Whatever returns has been committed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, key: str) -> Call | None:
        """The call of this journal key."""
        return await self._store.find(Call, key)

    async def reserve(self, attempt: Attempt) -> None:
        """Keep the worst case of an attempt before its request leaves."""
        await self._store.write(attempt)

    async def settle(self, attempt: Attempt) -> None:
        """Keep what an attempt came to that brought no call to an end."""
        await self._store.write(attempt)

    async def commit(self, call: Call, use: CallUse, attempts: Sequence[Attempt]) -> None:
        """Keep a finished call, its first use and its settled last attempts, together."""
        await self._store.write(call, use, *attempts)

    async def used(self, use: CallUse) -> None:
        """Link one more use of a call. The use that paid for it stays as it is when it is replayed."""
        before = await self._store.find(CallUse, use.id)
        if before is None or before.call != use.call:
            await self._store.write(use)

    async def hold(self, batch: Batch, attempts: Sequence[Attempt] = ()) -> None:
        """Keep a batch as it stands, and those of its attempts that change with it, together."""
        await self._store.write(batch, *attempts)

    async def held(self, session: str) -> Sequence[tuple[Batch, Sequence[Attempt]]]:
        """The session's batches with attempts that have not been settled, and these, in the order of their ids."""
        attempts: dict[str, list[Attempt]] = {}
        for attempt in self._store.rows(Attempt, session=session, state="reserved"):
            if attempt.batch is not None:
                attempts.setdefault(attempt.batch, []).append(attempt)
        batches = ((self._store.get(Batch, id_), attempts[id_]) for id_ in sorted(attempts))
        return [(batch, open_) for batch, open_ in batches if batch is not None]

    async def spent(self, session: str) -> Mapping[str, Spent]:
        """What the session's attempts cost so far, by the name of the model."""
        return self._store.spent_by_name(session)

    async def spent_by_group(self, session: str) -> Mapping[str, Spent]:
        """The same by the group of the cast."""
        return self._store.spent_by_group(session)

    async def unfinished(self, session: str) -> Mapping[str, int]:
        """Attempts the session made of calls that have come to no end."""
        return self._store.unfinished(session)
