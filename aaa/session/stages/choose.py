"""Stage `choose`: the prompts that promise to teach most, by what came so far."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue

from aaa.curate import promise
from aaa.scenario import ChooseStage
from aaa.session.stages.base import Crowd, Kit, RunningBarrier, decided, priority
from aaa.types import Decision, Place, content_hash


@dataclass(frozen=True)
class RunningChoose(RunningBarrier):
    """See `ChooseStage`."""

    spec: ChooseStage
    kit: Kit
    target: str | None

    @property
    def fingerprint(self) -> str:
        parameters = self.spec.model_dump(mode="json", exclude={"where", "name", "mode"})
        return content_hash([parameters, self.target, self.kit.seed])

    async def decide(self, crowd: Crowd, place: Place) -> list[Decision]:
        """The chosen by id, with what they promise; of equals, those that the seed puts first."""
        found: list[tuple[float, float, str]] = []
        for item in crowd:
            hope = promise(item.record(), self.spec.by, self.target)
            if hope:
                lot = priority(self.kit.seed, self.spec.name, item.instruction.source_id)
                found.append((-hope, lot, item.instruction.id))
        most = round(len(crowd) * self.spec.share)
        size = most if self.spec.size is None else min(most, self.spec.size)
        chosen = sorted(found)[:size]
        value: dict[str, JsonValue] = {id_: round(-hope, 6) for hope, _, id_ in sorted(chosen, key=lambda one: one[2])}
        return [decided(place, content_hash(sorted(found)), value)]
