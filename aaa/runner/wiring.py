"""How calls, journal and simulated models are joined."""

from __future__ import annotations

from aaa import sim
from aaa.llm import Gateway, open_routes
from aaa.scenario import Scenario
from aaa.store import Store, StoreJournal


def open_gateway(store: Store, scenario: Scenario, session: str) -> Gateway:
    """The call layer of a session, as an async context manager: `async with open_gateway(...) as gateway`."""
    return Gateway(StoreJournal(store), open_routes(sim.reply), session=session, budget=scenario.budget)
