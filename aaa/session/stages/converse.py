"""Stages `converse` and `replay`: simulated conversations, and conversations whose assistant is replaced."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from aaa.agents import Agent, failure_row, together
from aaa.errors import WorkError
from aaa.scenario import ConverseStage, ReplayStage
from aaa.session.cast import draw
from aaa.session.item import Item
from aaa.session.stages.base import Kit, RunningStage, fingerprint, priority
from aaa.teach import HABITS, hold_conversation, replay_conversation
from aaa.types import Answer, Failure, Place, SessionRecord


@dataclass(frozen=True)
class RunningConverse(RunningStage):
    """See `ConverseStage`."""

    spec: ConverseStage
    kit: Kit

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.kit, self.spec, [*self.spec.person, self.spec.assistant], ["converse_user"])

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        kit, spec, instruction = self.kit, self.spec, item.instruction
        helpers = kit.cast.agents(spec.assistant, "member", place, instruction, spec.params)
        groups = sorted(spec.person)
        group = groups[int(priority(kit.seed, "person", place.episode) * len(groups))]
        people = kit.cast.agents(group, "person", place, instruction, spec.params)
        habit = HABITS[int(priority(kit.seed, "habit", place.episode) * len(HABITS))]

        async def talk(helper: Agent) -> Answer:
            others = [person for person in people if person.name != helper.name]
            person = draw(others or people, kit.seed, "person", place.episode, helper.name)
            return await hold_conversation(
                instruction,
                person,
                helper,
                kit.prompts,
                turns=spec.turns,
                habit=habit,
                seed=kit.seed,
                sandbox=kit.sandbox,
            )

        return [*await _each(helpers, talk, place)]


@dataclass(frozen=True)
class RunningReplay(RunningStage):
    """See `ReplayStage`."""

    spec: ReplayStage
    kit: Kit

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.kit, self.spec, [self.spec.models], [])

    def missing(self, item: Item) -> str | None:
        spoken = any(message.role == "assistant" for message in item.instruction.messages)
        return None if spoken else "no assistant has spoken in it"

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        helpers = self.kit.cast.agents(self.spec.models, "member", place, item.instruction, self.spec.params)

        async def speak(helper: Agent) -> Answer:
            return await replay_conversation(item.instruction, helper, sandbox=self.kit.sandbox)

        return [*await _each(helpers, speak, place)]


async def _each(
    helpers: Iterable[Agent], work: Callable[[Agent], Awaitable[Answer]], place: Place
) -> list[Answer | Failure]:
    """What each of the agents makes; the failure of one leaves the others theirs."""

    async def one(helper: Agent) -> Answer | Failure:
        try:
            return await work(helper)
        except WorkError as error:
            return failure_row(error, place, step=f"conversation/{helper.name}", role="member", model=helper.name)

    return await together(one(helper) for helper in helpers)
