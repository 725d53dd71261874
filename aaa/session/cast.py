"""Agents for an episode: each model of a group, with its card, its parameters and its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import JsonValue

from aaa.agents import Agent
from aaa.judge import Panel
from aaa.llm import Asker, Fallback, resolve_params
from aaa.scenario import JudgedStage
from aaa.session.resolved import Resolved, quorum
from aaa.types import Instruction, Model, Params, Place, content_hash, value_json

Chains = tuple[tuple[Fallback, ...], ...]


@dataclass(frozen=True)
class Cast:
    """Makes agents. Nothing of an episode is kept for the next."""

    resolved: Resolved
    asker: Asker
    _known: dict[tuple[str, str], Chains] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The same for every episode, by group and parameters of the stage."""

    def agents(
        self,
        group: str,
        role: str,
        place: Place,
        instruction: Instruction,
        params: Params | None = None,
        *,
        batch: bool = False,
    ) -> tuple[Agent, ...]:
        """Fresh agents for all models of a group; with `batch` their calls may wait for a provider's batch."""
        facts = {"skill": instruction.skill or "general", "language": instruction.language or "en"}
        return tuple(
            Agent(
                model=own.model,
                card=self.resolved.cards[group],
                params=own.params,
                asker=self.asker,
                place=place,
                role=role,
                group=group,
                facts=facts,
                batch=batch,
                fallbacks=tuple(fallbacks),
            )
            for own, *fallbacks in self._chains(group, params or Params())
        )

    def _chains(self, group: str, asked: Params) -> Chains:
        """Each model of a group before its fallbacks, with the parameters of its calls in a stage that asks so."""
        key = group, value_json(asked)
        if key not in self._known:
            card, resolved = self.resolved.cards[group], self.resolved
            self._known[key] = tuple(
                tuple(Fallback(one, resolve_params(one, card, asked)) for one in (model, *resolved.fallbacks(model)))
                for model in resolved.group(group)
            )
        return self._known[key]

    def panel(self, group: str, place: Place, instruction: Instruction, *, batch: bool = False) -> Panel:
        """The group as a panel of jurors; see `agents`."""
        spec = self.resolved.scenario.cast[group]
        return Panel(
            name=self.panel_name(group),
            jurors=self.agents(group, "judge", place, instruction, batch=batch),
            quorum=quorum(spec.quorum, len(spec.models)),
            own_family=spec.own_family,
            structured=spec.structured,
            reliability=spec.reliability,
        )

    def panels(
        self, spec: JudgedStage, place: Place, instruction: Instruction, *, batch: bool = False
    ) -> tuple[Panel, Panel | None]:
        """The panel of a stage, and the one that decides where it leaves the matter open."""
        panel = self.panel(spec.judges, place, instruction, batch=batch)
        if spec.escalate is None:
            return panel, None
        return panel, self.panel(spec.escalate, place, instruction, batch=batch)

    def panel_name(self, group: str) -> str:
        """Name of a panel: the group's name and a hash of all that its verdicts depend on."""
        return self._panel_names[group]

    @cached_property
    def _panel_names(self) -> dict[str, str]:
        return {group: self._name_of(group) for group in self.resolved.cards}

    def _name_of(self, group: str) -> str:
        spec = self.resolved.scenario.cast[group]
        rule = [spec.quorum, spec.own_family, spec.structured, *([spec.reliability] if spec.reliability else [])]
        return f"{group}-{content_hash([self.definition(group), *rule])[:8]}"

    def definition(self, group: str) -> list[object]:
        """What the replies of a group depend on, as plain JSON."""
        return group_definition(self.resolved, group)


def group_definition(resolved: Resolved, group: str) -> list[object]:
    """Identity and parameters of each model of a group and of its fallbacks, and the card's text."""
    card = resolved.cards[group]
    models = [
        [model_definition(model), [model_definition(other) for other in resolved.fallbacks(model)]]
        for model in resolved.group(group)
    ]
    return [models, None if card is None else [card.persona, card.variables, _plain(card.params)]]


def model_definition(model: Model) -> list[JsonValue]:
    """What the replies of a model depend on, as plain JSON."""
    return [model.name, model.model, model.family, model.identity, model.revision, _plain(model.params)]


def draw(options: Sequence[Agent], *position: str | int) -> Agent:
    """One of several agents, drawn by the hash of a logical position."""
    return ranked(options, *position)[0]


def ranked(options: Sequence[Agent], *position: str | int) -> list[Agent]:
    """The agents in an order drawn by the hash of a logical position; `draw` takes the first."""
    return sorted(options, key=lambda agent: content_hash([*position, agent.name]))


def _plain(params: Params) -> dict[str, JsonValue]:
    return params.model_dump(mode="json", exclude_defaults=True)
