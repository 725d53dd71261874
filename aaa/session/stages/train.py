"""Stage `train`: models learn from what the session selects so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pydantic import JsonValue

from aaa.curate import ItemRecord, Origin, Selecting
from aaa.scenario import AnswerStage, Scenario, TrainStage
from aaa.session.records import duplicate_answers
from aaa.session.stages.base import Crowd, Kit, RunningBarrier, decided, fingerprint
from aaa.sim import LearningRule, learn
from aaa.types import Place, SessionRecord, SftSample, content_hash


@dataclass(frozen=True)
class RunningTrain(RunningBarrier):
    """See `TrainStage`."""

    spec: TrainStage
    kit: Kit
    scenario: Scenario

    @property
    def fingerprint(self) -> str:
        selection = self.scenario.select[self.spec.selection].model_dump(mode="json")
        return content_hash([fingerprint(self.kit, self.spec, [], []), selection, self.students])

    @property
    def students(self) -> tuple[str, ...]:
        """Names of the models that learn."""
        if self.spec.models:
            return self.spec.models
        if self.scenario.target is not None:
            return (self.scenario.target,)
        groups = [stage.models for stage in self.scenario.stages if isinstance(stage, AnswerStage)]
        return tuple(sorted({name for group in groups for name in self.scenario.cast[group].models}))

    async def decide(self, crowd: Crowd, place: Place) -> list[SessionRecord]:
        terms = {name: model.license for name, model in self.scenario.models.items()}
        name, target = self.spec.selection, self.scenario.target
        origin = Origin(place.session, name, self.scenario.select[name], terms, target, self.scenario.seed)
        selecting = Selecting(origin, lambda: _records(crowd))
        samples = sorted((row for row in selecting.rows() if isinstance(row, SftSample)), key=lambda row: row.id)
        rule, models = LearningRule(rate=self.spec.rate, ceiling=self.spec.ceiling), crowd.resolved.models
        learned = {name: learn(models[name], samples, rule) for name in self.students}
        value: dict[str, JsonValue] = {
            "models": {name: one.model.model_dump(mode="json") for name, one in learned.items()},
            "learned": {name: one.progress() for name, one in learned.items()},
        }
        return [decided(place, content_hash([sample.id for sample in samples]), value)]


def _records(crowd: Crowd) -> Iterator[ItemRecord]:
    """What is known of each item, as selections read it."""
    gone = duplicate_answers(
        crowd.store, crowd.resolved.session, [stage.name for stage in crowd.resolved.scenario.stages]
    )
    return (replace(item.record(), duplicates=gone) for item in crowd)
