"""Stage `critique`: critics suggest, the author or another model revises, and the panel compares."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.agents import Agent, failure_row, together
from aaa.errors import WorkError
from aaa.scenario import AUTHOR, CritiqueStage
from aaa.session.cast import draw, ranked
from aaa.session.item import Item
from aaa.session.stages.base import (
    Kit,
    RunningStage,
    alone_check,
    alone_prompts,
    comparing_prompts,
    contests,
    fingerprint,
    panels,
    rows_of,
)
from aaa.teach import revise, suggest
from aaa.types import Answer, Critique, Place, SessionRecord, Verdict

PROMPTS = ["critique", "revise", "ask_again"]


@dataclass(frozen=True)
class RunningCritique(RunningStage):
    """See `CritiqueStage`. `members` is the group whose models are the authors."""

    spec: CritiqueStage
    kit: Kit
    members: str
    target: str | None

    @property
    def fingerprint(self) -> str:
        groups = [self.spec.by, *panels(self.spec), self._revisers]
        prompts = [*PROMPTS, *alone_prompts(self.spec), *comparing_prompts(self.spec)]
        base = fingerprint(self.kit, self.spec, groups, prompts)
        return f"{base}/{self.target}" if self.spec.of == "target" else base

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
            winners = {verdict.winner for verdict in item.rows(Verdict)}
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
        kit, instruction = self.kit, item.instruction
        critiques = await self._criticised(item, place, draft, round_, rows)
        if not any(critique.suggestions for critique in critiques):
            return None, None
        reviser = self._reviser(item, place, draft)
        revision = await revise(
            instruction,
            draft,
            critiques,
            reviser,
            kit.prompts,
            seed=kit.seed,
            round=round_,
            check=alone_check(kit, self.spec, instruction, place),
            sandbox=kit.sandbox,
        )
        rows.append(revision)
        if revision.text.strip() == draft.text.strip():
            return None, None
        comparison = await contests(kit, self.spec, instruction, place)(draft, revision)
        rows += rows_of([comparison])
        return comparison.verdict, revision

    async def _criticised(
        self, item: Item, place: Place, draft: Answer, round_: int, rows: list[SessionRecord]
    ) -> list[Critique]:
        """What the critics say of a draft, added to `rows`. One who fails is a row too; raises where all do."""
        kit = self.kit
        critics = self._critics(item, place, draft, round_)

        async def ask(critic: Agent) -> Critique | WorkError:
            try:
                return await suggest(item.instruction, draft, critic, kit.prompts, seed=kit.seed)
            except WorkError as error:
                return error

        said = await together(ask(critic) for critic in critics)
        critiques = [one for one in said if isinstance(one, Critique)]
        rows += critiques
        if not critiques:
            raise next(one for one in said if isinstance(one, WorkError))
        rows += [
            failure_row(one, place, step=f"{draft.id}/critique/{critic.name}", role="critic", model=critic.name)
            for critic, one in zip(critics, said, strict=True)
            if isinstance(one, WorkError)
        ]
        return critiques

    def _critics(self, item: Item, place: Place, draft: Answer, round_: int) -> list[Agent]:
        """Drawn by seed, never the author where there are others."""
        critics = self.kit.cast.agents(self.spec.by, "critic", place, item.instruction)
        others = [critic for critic in critics if critic.name != draft.member]
        return ranked(others or critics, self.kit.seed, "critic", draft.id, round_)[: self.spec.critics]

    @property
    def _revisers(self) -> str:
        """The group whose models revise."""
        return self.members if self.spec.reviser == AUTHOR else self.spec.reviser

    def _reviser(self, item: Item, place: Place, draft: Answer) -> Agent:
        own = self.spec.reviser == AUTHOR
        role = "member" if own else "reviser"
        agents = self.kit.cast.agents(self._revisers, role, place, item.instruction, self.spec.params)
        if own:
            return next(agent for agent in agents if agent.name == draft.member)
        others = [agent for agent in agents if agent.name != draft.member]
        return draw(others or agents, self.kit.seed, "reviser", draft.id)
