"""How calls, journal and simulated models are joined."""

from __future__ import annotations

import asyncio

from aaa import sim
from aaa.llm import BatchPolicy, Gateway, OutagePolicy, open_routes
from aaa.scenario import Scenario
from aaa.store import Store, StoreJournal


def open_gateway(
    store: Store,
    scenario: Scenario,
    session: str,
    *,
    stop: asyncio.Event | None = None,
    batching: BatchPolicy | None = None,
) -> Gateway:
    """The call layer of a session, as an async context manager: `async with open_gateway(...) as gateway`.

    Once `stop` is set no further attempt leaves, and nobody waits for a batch any longer.
    """
    routes = open_routes(sim.reply)
    return Gateway(
        StoreJournal(store),
        routes,
        session=session,
        budget=scenario.budget,
        stop=stop,
        batching=batching,
        outages=OutagePolicy(patience=scenario.failures.patience_seconds),
    )
