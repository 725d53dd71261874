"""Stage `battle`: a panel compares the members' plain answers in pairs."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

from pydantic import JsonValue

from aaa.agents import together
from aaa.scenario import BattleStage
from aaa.session.item import Item
from aaa.session.stages.base import Kit, RunningStage, comparing_prompts, contests, fingerprint, panels, rows_of
from aaa.types import Answer, Place, SessionRecord


@dataclass(frozen=True)
class RunningBattle(RunningStage):
    """See `BattleStage`. `target` is the model to be improved, or None where every member is one."""

    spec: BattleStage
    kit: Kit
    target: str | None
    matches: str | None = None
    """The stage that designed its pairs, where it plays such."""
    design: dict[str, JsonValue] = field(default_factory=dict)
    """Pairs by prompt, once they were read."""

    @property
    def fingerprint(self) -> str:
        base = fingerprint(self.kit, self.spec, panels(self.spec), comparing_prompts(self.spec))
        return f"{base}/{self.target if self.spec.against == 'target' else 'all'}"

    def reads(self, item: Item) -> JsonValue:
        """The pairs that were designed for this prompt."""
        if self.spec.against != "designed" or self.matches is None:
            return None
        if not self.design:
            from aaa.session.stages.match import designed_pairs  # heavy

            self.design.update(designed_pairs(item.decision(self.matches)))
        return self.design.get(item.instruction.id, [])

    def missing(self, item: Item) -> str | None:
        return None if self._pairs(item) else "no two answers to compare"

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        contest = contests(self.kit, self.spec, item.instruction, place)
        return rows_of(await together(contest(left, right) for left, right in self._pairs(item)))

    def _pairs(self, item: Item) -> list[tuple[Answer, Answer]]:
        """Pairs of plain answers: with the target's, or all."""
        pairs = combinations(item.contestants(), 2)
        if self.spec.against == "designed":
            designed = self.reads(item)
            assert isinstance(designed, list)
            return [pair for pair in pairs if sorted((pair[0].member, pair[1].member)) in designed]
        if self.spec.against == "all" or self.target is None:
            return list(pairs)
        return [pair for pair in pairs if self.target in (pair[0].member, pair[1].member)]
