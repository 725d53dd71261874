"""Stage `answer`: each member answers, and what prompts bring along stands beside."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.agents import Agent, failure_row, together
from aaa.errors import WorkError
from aaa.scenario import AnswerStage
from aaa.session.item import Item
from aaa.session.stages.base import Kit, RunningStage, fingerprint, tool_desk, tool_players
from aaa.teach import answer, given_answers
from aaa.types import Answer, Failure, Place, SessionRecord


@dataclass(frozen=True)
class RunningAnswer(RunningStage):
    """See `AnswerStage`."""

    spec: AnswerStage
    kit: Kit

    @property
    def fingerprint(self) -> str:
        groups, prompts = tool_players(self.spec)
        return fingerprint(self.kit, self.spec, [self.spec.models, *groups], prompts)

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        desk = tool_desk(self.kit, self.spec, item.instruction, place)

        async def one(member: Agent) -> Answer | Failure:
            try:
                return await answer(item.instruction, member, sandbox=self.kit.sandbox, desk=desk)
            except WorkError as error:
                return failure_row(error, place, step=member.name, role="member", model=member.name)

        cast, batch = self.kit.cast, self.spec.mode == "batch"
        members = cast.agents(self.spec.models, "member", place, item.instruction, self.spec.params, batch=batch)
        given = await given_answers(item.instruction, place, self.spec.given, self.kit.sandbox)
        return [*given, *await together(one(member) for member in members)]
