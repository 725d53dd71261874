"""Stage `battle`: a panel compares the members' plain answers in pairs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

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

    @property
    def fingerprint(self) -> str:
        base = fingerprint(self.kit, self.spec, panels(self.spec), comparing_prompts(self.spec))
        return f"{base}/{self.target if self.spec.against == 'target' else 'all'}"

    def missing(self, item: Item) -> str | None:
        return None if self._pairs(item) else "fewer than two answers to compare"

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        contest = contests(self.kit, self.spec, item.instruction, place)
        return rows_of(await together(contest(left, right) for left, right in self._pairs(item)))

    def _pairs(self, item: Item) -> list[tuple[Answer, Answer]]:
        """Pairs of plain answers: with the target's, or all."""
        pairs = combinations(item.own_answers(), 2)
        if self.spec.against == "all" or self.target is None:
            return list(pairs)
        return [pair for pair in pairs if self.target in (pair[0].member, pair[1].member)]
