"""Stage `sample`: a part of the prompts goes on, drawn by quota, weight, likeness or diversity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from pydantic import JsonValue

from aaa.curate.sampling import choose
from aaa.scenario import SampleStage
from aaa.session.pools import entry, liked, likeness_of
from aaa.session.skill_gaps import GapSource
from aaa.session.stages.base import Crowd, Kit, RunningBarrier, decided, set_aside
from aaa.types import Place, SessionRecord, content_hash

NOT_SAMPLED = "not_sampled"
"""Why prompts are set aside here; the detail is their cell."""


@dataclass(frozen=True)
class RunningSample(RunningBarrier):
    """See `SampleStage`."""

    spec: SampleStage
    kit: Kit
    weights: GapSource

    @property
    def fingerprint(self) -> str:
        parameters = self.spec.model_dump(mode="json", exclude={"where", "name", "mode"})
        like = [] if self._like is None else [self._like]
        return content_hash([parameters, self.kit.seed, self.weights.definition, *like])

    @property
    def sources(self) -> Mapping[str, str]:
        like = {} if self._like is None else {f"prompts {self.spec.like!r}": self._like}
        return {**self.weights.sources, **like}

    @cached_property
    def _like(self) -> str | None:
        """Hash of the prompts whose likes are drawn."""
        if self.spec.like is None:
            return None
        return content_hash(liked(self.spec.like, near=self.kit.cast.resolved.folder))

    def reads(self, crowd: Crowd) -> JsonValue:
        """The gaps that weigh the skills."""
        return self.weights.reads(crowd.store, crowd.resolved.session)

    async def decide(self, crowd: Crowd, place: Place) -> list[SessionRecord]:
        """The decision holds the report: natural, target and achieved shares, and the effective sample size."""
        gaps, near = self.weights.read(crowd.store, place.session), self.kit.cast.resolved.folder
        spec = self.spec if gaps is None else gaps.steer(self.spec)
        likeness = likeness_of(spec, lambda: (item.instruction for item in crowd), near=near)
        pool, ids = [], {}
        for key, instruction in crowd.keyed():
            pool.append(replace(entry(instruction, spec, likeness), id=key))
            ids[key] = instruction.id
        drawn = choose(pool, spec, seed=self.kit.seed)
        taken = set(drawn.ids)
        left = [set_aside(place, ids[e.id], NOT_SAMPLED, ", ".join(e.cell)) for e in pool if e.id not in taken]
        inputs = content_hash([[e.id, e.cell, sorted(e.tags), e.log_weight] for e in pool])
        return [decided(place, inputs, drawn.report.document()), *left]
