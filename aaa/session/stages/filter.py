"""Stage `filter`: prompts that a rule leaves out go no further."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.curate.filters import fault
from aaa.scenario import FilterStage
from aaa.session.item import Item
from aaa.session.stages.base import UNDECIDED, RunningStage, set_aside
from aaa.types import Place, SessionRecord, content_hash

FILTERED = "filtered"
"""Why prompts are set aside here; the detail names the rule."""


@dataclass(frozen=True)
class RunningFilter(RunningStage):
    """See `FilterStage`."""

    spec: FilterStage

    @property
    def fingerprint(self) -> str:
        return content_hash([rule.model_dump(mode="json", exclude_unset=True) for rule in self.spec.rules])

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        found = fault(item.instruction, self.spec.rules)
        return [] if found is None else [set_aside(place, item.instruction.id, FILTERED, ": ".join(found))]

    def broken_off(self, item: Item, place: Place) -> list[SessionRecord]:
        return [set_aside(place, item.instruction.id, UNDECIDED)]
