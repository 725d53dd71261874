"""A scenario with everything it names found and loaded: models, cards, method prompts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aaa import sim
from aaa.errors import ScenarioError
from aaa.prompts import PromptSet, check_template
from aaa.scenario import Scenario, check_references, load_card, load_scenario
from aaa.types import AgentCard, Model


@dataclass(frozen=True)
class Resolved:
    """All that a session is made of. `session` is its id."""

    session: str
    scenario: Scenario
    folder: Path
    models: Mapping[str, Model]
    cards: Mapping[str, AgentCard | None]
    """Card of each group of the cast."""
    prompts: PromptSet
    rows: Sequence[Mapping[str, Any]] | None = None
    """Prompts from memory, in the place of the scenario's sources."""

    @property
    def simulated(self) -> bool:
        """Whether any model only pretends."""
        return any(model.simulated for model in self.models.values())

    def group(self, name: str) -> tuple[Model, ...]:
        """Models of a group of the cast, in the order of the scenario."""
        return tuple(self.models[model] for model in self.scenario.cast[name].models)

    def fallbacks(self, model: Model) -> tuple[Model, ...]:
        """Models that are asked where this one gives no service, in that order; their own fallbacks are not."""
        return tuple(self.models[name] for name in model.fallbacks)


def resolve(
    files: Sequence[Path],
    *,
    settings: Sequence[str] = (),
    session: str | None = None,
    rehearse: bool = False,
    rows: Sequence[Mapping[str, Any]] | None = None,
) -> Resolved:
    """Load and check a scenario; `rows` are prompts from memory, in the form of a prompt file's lines.

    Raises `ScenarioError` or `TemplateError`; nothing is written and no model called.
    """
    scenario = load_scenario(files, settings=settings)
    if rehearse:
        scenario = _aside(scenario)
    folder = files[-1].resolve().parent
    cards = {
        name: None if group.card is None else load_card(group.card, near=[folder])
        for name, group in scenario.cast.items()
    }
    check_references(scenario, cards)
    for card in cards.values():
        if card is not None:
            check_template(card.persona, name=f"persona of card {card.name!r}")
    prompts = PromptSet.load({name: folder / path for name, path in scenario.templates.items()})
    models = {name: sim.twin(model) if rehearse else sim.resolve(model) for name, model in scenario.models.items()}
    resolved = Resolved(
        session=session or (f"{scenario.name}-rehearsal" if rehearse else scenario.name),
        scenario=scenario,
        folder=folder,
        models=models,
        cards=cards,
        prompts=prompts,
        rows=rows,
    )
    refuse_mix(resolved)
    return resolved


def _aside(scenario: Scenario) -> Scenario:
    """The scenario with its exports in folders `rehearsal`, so that they never take the place of real data."""
    exports = (
        export.model_copy(update={"to": str((to := Path(export.to)).parent / "rehearsal" / to.name)})
        for export in scenario.export
    )
    return scenario.model_copy(update={"export": tuple(exports)})


def refuse_mix(resolved: Resolved) -> None:
    """Raise `ScenarioError` where simulated and real models would speak in one session that does not allow it."""
    kinds = {model.simulated for model in resolved.models.values()}
    if len(kinds) > 1 and not resolved.scenario.allow_simulated_mix:
        simulated = sorted(name for name, model in resolved.models.items() if model.simulated)
        raise ScenarioError(
            f"models {', '.join(simulated)} are simulated and the others are real; text of both would be mixed in one "
            "session. Use `--rehearse` to simulate all of them, or set `allow_simulated_mix: true`."
        )


def quorum(asked: int | None, jurors: int) -> int:
    """The quorum of a panel: as asked, else more than half of it."""
    return asked if asked is not None else jurors // 2 + 1
