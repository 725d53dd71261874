"""Selections of a session, free of calls."""

from __future__ import annotations

from collections.abc import Iterator

from aaa.curate import ItemRecord, Origin, Selected, select
from aaa.scenario import Scenario
from aaa.session.records import records
from aaa.store import Store
from aaa.types import Session


async def select_all(store: Store, session: str, scenario: Scenario) -> None:
    """Make every named selection of the scenario anew, each in one transaction."""
    row = store.get(Session, session)
    assert row is not None, session
    stages = list(row.stages)  # also those that keep evaluation prompts out, which the scenario does not name
    terms = {name: model.license for name, model in scenario.models.items()}
    for name, rule in scenario.select.items():
        origin = Origin(session, name, rule, terms, scenario.target)
        await store.replace_selection(session, name, _selected(origin, records(store, session, stages, rule.panel)))


IMPORTED = "imported"
"""The selection of all that `aaa import` read, as the file said it; it is never made anew."""


def selections_of(session: Session) -> tuple[str, ...]:
    """Names of the selections that the session has."""
    select = session.scenario.get("select")
    made = tuple(select) if isinstance(select, dict) else ()
    return (*made, IMPORTED) if IMPORTED in session.stages else made


def _selected(origin: Origin, items: Iterator[ItemRecord]) -> Iterator[Selected]:
    for record in items:
        yield from select(origin, record)
