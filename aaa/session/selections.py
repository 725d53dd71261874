"""Which selections a session has, by their names, and the panels that they may go by."""

from __future__ import annotations

from aaa.errors import UsageError
from aaa.scenario import JudgedStage, Scenario, Selection
from aaa.types import Session

IMPORTED = "imported"
"""The selection of all that `aaa import` read, as the file said it; it is never made anew."""


def rules_of(session: Session, scenario: Scenario) -> dict[str, Selection]:
    """Selections that are made of what the session holds: the scenario's, and those of `aaa select`."""
    own = {name: rule for name, rule in session.selections.items() if name not in scenario.select}
    return {**scenario.select, **{name: Selection.model_validate(rule) for name, rule in own.items()}}


def selections_of(session: Session) -> tuple[str, ...]:
    """Names of the selections that the session has."""
    select = session.scenario.get("select")
    made = dict.fromkeys((*(select if isinstance(select, dict) else ()), *session.selections))
    return (*made, IMPORTED) if IMPORTED in session.stages else (*made,)


def panels_of(session: Session, scenario: Scenario) -> set[str]:
    """The panels that a selection may name: groups that judge in the scenario, and those that judged afterwards."""
    return {stage.judges for stage in scenario.stages if isinstance(stage, JudgedStage)} | set(session.panels)


def refuse_unjudged(session: Session, scenario: Scenario, selection: str) -> None:
    """Raise `UsageError` for a selection that goes by a panel which has judged nothing here."""
    panel, known = rules_of(session, scenario)[selection].panel, panels_of(session, scenario)
    if panel is not None and panel not in known:
        raise UsageError(
            f"Selection {selection!r} goes by the panel {panel!r}, but session {session.id!r} was judged only by: "
            f"{', '.join(sorted(known)) or 'nobody'}. Let it judge with `aaa judge {session.id} --judges FILE`."
        )
