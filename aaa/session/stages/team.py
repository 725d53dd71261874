"""Stage `team`: models with different parts work together, and a moderator decides who speaks next."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.agents import Agent
from aaa.scenario import TeamStage
from aaa.session.cast import draw
from aaa.session.item import Item
from aaa.session.stages.base import Kit, RunningStage, alone_check, alone_prompts, fingerprint
from aaa.teach import work_as_team
from aaa.types import Place, SessionRecord

PROMPTS = ["team_member", "team_select", "team_answer", "ask_again"]


@dataclass(frozen=True)
class RunningTeam(RunningStage):
    """See `TeamStage`."""

    spec: TeamStage
    kit: Kit

    @property
    def fingerprint(self) -> str:
        spec = self.spec
        groups = [*spec.members, spec.moderator, *([spec.judges] if spec.stand_alone == "judge" else [])]
        return fingerprint(self.kit, spec, groups, [*PROMPTS, *alone_prompts(spec)])

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        kit, spec, instruction = self.kit, self.spec, item.instruction
        members: dict[str, Agent] = {}
        for group in spec.members:
            able = kit.cast.agents(group, "member", place, instruction, spec.params)
            taken = {agent.name for agent in members.values()}
            others = [agent for agent in able if agent.name not in taken]
            members[group] = draw(others or able, kit.seed, group, place.episode)
        moderators = kit.cast.agents(spec.moderator, "moderator", place, instruction, spec.params)
        moderator = draw(moderators, kit.seed, "moderator", place.episode)
        return [
            await work_as_team(
                instruction,
                members,
                moderator,
                kit.prompts,
                turns=spec.turns,
                seed=kit.seed,
                check=alone_check(kit, spec, instruction, place),
                sandbox=kit.sandbox,
            )
        ]
