"""Stage `self_teach`: a model answers several times, and the best of its answers is found."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.agents import Agent, failure_row, together
from aaa.errors import WorkError
from aaa.scenario import SelfTeachStage
from aaa.session.item import Item
from aaa.session.stages.base import (
    Kit,
    RunningStage,
    comparing_prompts,
    contests,
    fingerprint,
    panels,
    rows_of,
    tool_desk,
    tool_players,
)
from aaa.teach import draw_answers, find_best
from aaa.types import Params, Place, SessionRecord

WARM = Params(temperature=0.8)
"""Where the stage names no temperature; Magpie draws its preference data at 0.8."""


@dataclass(frozen=True)
class RunningSelfTeach(RunningStage):
    """See `SelfTeachStage`."""

    spec: SelfTeachStage
    kit: Kit

    @property
    def fingerprint(self) -> str:
        players, prompts = tool_players(self.spec)
        groups = [self.spec.student, *panels(self.spec), *players]
        return fingerprint(self.kit, self.spec, groups, [*comparing_prompts(self.spec), *prompts])

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        params = self.spec.params.over(WARM)
        learners = self.kit.cast.agents(self.spec.student, "student", place, item.instruction, params)
        return [row for rows in await together(self._learn(item, place, one) for one in learners) for row in rows]

    async def _learn(self, item: Item, place: Place, learner: Agent) -> list[SessionRecord]:
        kit, spec = self.kit, self.spec
        desk = tool_desk(kit, spec, item.instruction, place)
        try:
            answers = await draw_answers(item.instruction, learner, draws=spec.draws, sandbox=kit.sandbox, desk=desk)
        except WorkError as error:
            return [failure_row(error, place, step=f"draw/{learner.name}", role="student", model=learner.name)]
        found = await find_best(answers, contests(kit, spec, item.instruction, place))
        return [*answers, *rows_of(found)]
