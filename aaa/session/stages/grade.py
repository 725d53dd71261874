"""Stage `grade`: a panel scores each answer by itself."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.agents import together
from aaa.judge import Rubric, grade
from aaa.scenario import GradeStage
from aaa.session.item import Item
from aaa.session.stages.base import Kit, RunningStage, fingerprint, panels
from aaa.types import Place, SessionRecord


@dataclass(frozen=True)
class RunningGrade(RunningStage):
    """See `GradeStage`."""

    spec: GradeStage
    kit: Kit

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.kit, self.spec, panels(self.spec), [self._rubric.prompt, "ask_again"])

    @property
    def _rubric(self) -> Rubric:
        low, high = self.spec.scale
        return Rubric(low, high, self.spec.aspects, self.spec.turn)

    def missing(self, item: Item) -> str | None:
        return None if item.answers(*self.spec.contexts) else "no answer to grade"

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        batch = self.spec.mode == "batch"
        panel, escalate = self.kit.cast.panels(self.spec, place, item.instruction, batch=batch)
        gradings = await together(
            grade(
                item.instruction,
                answer,
                panel,
                self.kit.prompts,
                rubric=self._rubric,
                seed=self.kit.seed,
                place=place,
                show_reference=self.spec.reference == "show",
                escalate=escalate,
                escalate_over=self.spec.escalate_over,
            )
            for answer in item.answers(*self.spec.contexts)
        )
        return [row for grading in gradings for row in (*grading.judgments, *grading.failures)]
