"""Stage `critique`: critics suggest, the author revises, and the panel compares the revision with the draft."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.agents import Agent, failure_row, together
from aaa.errors import WorkError
from aaa.scenario import CritiqueStage
from aaa.session.cast import draw
from aaa.session.item import Item
from aaa.session.stages.base import Kit, RunningStage, comparing_prompts, contests, fingerprint, panels, rows_of
from aaa.teach import revise, suggest
from aaa.types import Answer, Place, SessionRecord, Verdict

PROMPTS = ["critique", "revise", "rewrite_alone"]


@dataclass(frozen=True)
class RunningCritique(RunningStage):
    """See `CritiqueStage`. `members` is the group whose models are the authors."""

    spec: CritiqueStage
    kit: Kit
    members: str
    target: str | None

    @property
    def fingerprint(self) -> str:
        groups = [self.spec.by, *panels(self.spec), self.members]
        return fingerprint(self.kit, self.spec, groups, [*PROMPTS, *comparing_prompts(self.spec)])

    def missing(self, item: Item) -> str | None:
        return None if self._drafts(item) else "no answer to criticise"

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        drafts = self._drafts(item)
        return [row for rows in await together(self._improve(item, place, draft) for draft in drafts) for row in rows]

    def _drafts(self, item: Item) -> list[Answer]:
        authors = self.kit.cast.resolved.scenario.cast[self.members].models
        drafts = [answer for answer in item.own_answers() if answer.member in authors and not answer.refused]
        if self.spec.of == "target" and self.target is not None:
            return [draft for draft in drafts if draft.member == self.target]
        if self.spec.of == "losers":
            winners = {verdict.winner for verdict in item.verdicts()}
            return [draft for draft in drafts if draft.id not in winners]
        return drafts

    async def _improve(self, item: Item, place: Place, draft: Answer) -> list[SessionRecord]:
        """Rounds of critique and revision, as long as each wins."""
        rows: list[SessionRecord] = []
        try:
            for round_ in range(1, self.spec.revise + 1):
                verdict, revision = await self._round(item, place, draft, round_, rows)
                if verdict is None or revision is None or verdict.winner != revision.id:
                    break
                draft = revision
        except WorkError as error:
            step = f"{draft.member}/round-{len([r for r in rows if isinstance(r, Verdict)]) + 1}"
            rows.append(failure_row(error, place, step=step, role="critic", model=draft.member))
        return rows

    async def _round(
        self, item: Item, place: Place, draft: Answer, round_: int, rows: list[SessionRecord]
    ) -> tuple[Verdict | None, Answer | None]:
        """One round; what it makes is added to `rows` as soon as it is there. No suggestion: no revision."""
        kit, cast, instruction = self.kit, self.kit.cast, item.instruction
        critic = self._critic(place, item, draft, round_)
        critique = await suggest(instruction, draft, critic, kit.prompts, seed=kit.seed)
        rows.append(critique)
        if not critique.suggestions:
            return None, None
        authors = cast.agents(self.members, "member", place, instruction, self.spec.params)
        author = next(agent for agent in authors if agent.name == draft.member)
        revision = await revise(
            instruction, draft, critique, author, kit.prompts, seed=kit.seed, round=round_, sandbox=kit.sandbox
        )
        rows.append(revision)
        if revision.text.strip() == draft.text.strip():
            return None, None
        comparison = await contests(kit, self.spec, instruction, place)(draft, revision)
        rows += rows_of([comparison])
        return comparison.verdict, revision

    def _critic(self, place: Place, item: Item, draft: Answer, round_: int) -> Agent:
        critics = self.kit.cast.agents(self.spec.by, "critic", place, item.instruction)
        others = [critic for critic in critics if critic.name != draft.member]
        return draw(others or critics, self.kit.seed, "critic", draft.id, round_)
