"""Selections and exports of a session; both free of calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aaa.curate import ItemRecord, Origin, Selected, select
from aaa.errors import UsageError
from aaa.export import Written, export_rows
from aaa.scenario import Scenario
from aaa.session.audit import session_games
from aaa.session.gates import Gate, check_gates, parse_gates
from aaa.session.records import records, refuse_unjudged
from aaa.store import Store
from aaa.types import Episode, PreferencePair, Session, SftSample

KIND_OF_FORMAT: dict[str, type[PreferencePair] | type[SftSample]] = {
    "trl-preference": PreferencePair,
    "trl-sft": SftSample,
}


async def select_all(store: Store, session: str, scenario: Scenario) -> None:
    """Make every named selection of the scenario anew, each in one transaction."""
    stages = [stage.name for stage in scenario.stages]
    terms = {name: model.license for name, model in scenario.models.items()}
    for name, rule in scenario.select.items():
        origin = Origin(session, name, rule, terms)
        await store.replace_selection(session, name, _selected(origin, records(store, session, stages, rule.panel)))


def selections_of(session: Session) -> tuple[str, ...]:
    """Names of the selections that the session makes."""
    select = session.scenario.get("select")
    return tuple(select) if isinstance(select, dict) else ()


def _selected(origin: Origin, items: Iterator[ItemRecord]) -> Iterator[Selected]:
    for record in items:
        yield from select(origin, record)


@dataclass(frozen=True)
class Exported:
    """One file written from a selection."""

    selection: str
    format: str
    written: Written
    partial: bool


def export(
    store: Store, session: str, selection: str, format_name: str, to: Path, *, gates: Sequence[Gate] = ()
) -> Exported:
    """Write one selection in one format.

    Raises `UsageError` for an unknown session, selection or format, and `GateError` where the judging passes not all
    gates of the scenario, and `gates`; nothing is written then.
    """
    row = store.get(Session, session)
    if row is None:
        known = ", ".join(s.id for s in store.rows(Session)) or "none"
        raise UsageError(f"There is no session {session!r} in this store; it holds: {known}.")
    if selection not in selections_of(row):
        raise UsageError(
            f"Session {session!r} has no selection {selection!r}; it has: {', '.join(selections_of(row))}."
        )
    if format_name not in KIND_OF_FORMAT:
        raise UsageError(f"There is no format {format_name!r}; there are: {', '.join(KIND_OF_FORMAT)}.")
    _check_gates(store, row, selection, gates)
    kind = KIND_OF_FORMAT[format_name]
    partial = not row.complete or store.count(Episode, session=session, retry=True) > 0
    rows = store.rows(kind, session=session, selection=selection)
    return Exported(selection, format_name, export_rows(format_name, rows, to, partial=partial), partial)


def _check_gates(store: Store, session: Session, selection: str, gates: Sequence[Gate]) -> None:
    """Against the games of the panel that the selection goes by, which must have judged."""
    scenario = Scenario.model_validate(session.scenario)
    refuse_unjudged(session, scenario, selection)
    asked = (*parse_gates(scenario.gates), *gates)
    if asked:
        check_gates(asked, session_games(store, session, scenario.select[selection].panel))
