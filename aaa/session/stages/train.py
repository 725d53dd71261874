"""Stage `train`: models learn from what the session selects so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pydantic import JsonValue

from aaa.curate import ItemRecord, Origin, Selecting
from aaa.scenario import AnswerStage, Scenario, TrainStage
from aaa.session.cast import model_definition
from aaa.session.item_records import duplicate_answers
from aaa.session.stages.base import Crowd, Kit, RunningBarrier, decided, fingerprint
from aaa.types import Place, SessionRecord, SftSample, content_hash


@dataclass(frozen=True)
class RunningTrain(RunningBarrier):
    """See `TrainStage`."""

    spec: TrainStage
    kit: Kit
    scenario: Scenario

    @property
    def fingerprint(self) -> str:
        return content_hash([fingerprint(self.kit, self.spec, [], []), self._selection, self.students])

    @property
    def sources(self) -> Mapping[str, str]:
        return {f"selection {self.spec.selection!r}": content_hash(self._selection)}

    @property
    def _selection(self) -> JsonValue:
        """May change freely elsewhere."""
        return self.scenario.select[self.spec.selection].model_dump(mode="json")

    @property
    def students(self) -> tuple[str, ...]:
        """Names of the models that learn."""
        if self.spec.models:
            return self.spec.models
        if self.scenario.target is not None:
            return (self.scenario.target,)
        groups = [stage.models for stage in self.scenario.stages if isinstance(stage, AnswerStage)]
        return tuple(sorted({name for group in groups for name in self.scenario.cast[group].models}))

    def reads(self, crowd: Crowd) -> JsonValue:
        """The answers that were set aside, and the students as earlier training left them."""
        models = crowd.resolved.models
        students: list[JsonValue] = [[*model_definition(models[name])] for name in self.students]
        return [[*sorted(self._duplicates(crowd))], students]

    async def decide(self, crowd: Crowd, place: Place) -> list[SessionRecord]:
        terms = {name: model.license for name, model in self.scenario.models.items()}
        name, target = self.spec.selection, self.scenario.target
        origin = Origin(place.session, name, self.scenario.select[name], terms, target, self.scenario.seed)
        selecting = Selecting(origin, lambda: self._records(crowd))
        samples = sorted((row for row in selecting.rows() if isinstance(row, SftSample)), key=lambda row: row.id)
        from aaa.sim import LearningRule, learn  # heavy

        rule, models = LearningRule(rate=self.spec.rate, ceiling=self.spec.ceiling), crowd.resolved.models
        learned = {name: learn(models[name], samples, rule) for name in self.students}
        value: dict[str, JsonValue] = {
            "models": {name: one.model.model_dump(mode="json") for name, one in learned.items()},
            "learned": {name: one.progress() for name, one in learned.items()},
        }
        return [decided(place, content_hash([sample.id for sample in samples]), value)]

    def _records(self, crowd: Crowd) -> Iterator[ItemRecord]:
        """What is known of each item, as selections read it."""
        gone = self._duplicates(crowd)
        return (replace(item.record(), duplicates=gone) for item in crowd)

    def _duplicates(self, crowd: Crowd) -> frozenset[str]:
        """Answers that earlier stages set aside; what later ones did in an earlier run is not known yet."""
        names = [stage.name for stage in self.scenario.stages]
        return duplicate_answers(crowd.store, crowd.resolved.session, names[: names.index(self.spec.name)])
