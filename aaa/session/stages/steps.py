"""Stage `steps`: a panel reads worked answers step by step and finds the first wrong one."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.agents import together
from aaa.judge import Stepping, find_first_wrong
from aaa.scenario import StepsStage
from aaa.session.item import Item
from aaa.session.stages.base import Kit, RunningStage, fingerprint, panels, rows_of
from aaa.types import Answer, Place, SessionRecord


@dataclass(frozen=True)
class RunningSteps(RunningStage):
    """See `StepsStage`."""

    spec: StepsStage
    kit: Kit

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.kit, self.spec, panels(self.spec), ["judge_steps", "ask_again"])

    def missing(self, item: Item) -> str | None:
        return None if self._worked(item) else "no worked answer to read"

    def _worked(self, item: Item) -> list[Answer]:
        return [answer for answer in item.answers(*self.spec.contexts) if is_worked(answer)]

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        batch = self.spec.mode == "batch"
        panel, escalate = self.kit.cast.panels(self.spec, place, item.instruction, batch=batch)
        found = await together(
            find_first_wrong(
                item.instruction,
                answer,
                panel,
                self.kit.prompts,
                stepping=stepping_of(self.spec),
                seed=self.kit.seed,
                place=place,
                show_reference=self.spec.reference == "show",
                escalate=escalate,
            )
            for answer in self._worked(item)
        )
        return rows_of(found)


def stepping_of(spec: StepsStage) -> Stepping:
    """How the stage takes answers apart."""
    return Stepping(spec.split, spec.min_steps, spec.max_steps)


def is_worked(answer: Answer) -> bool:
    """Whether it is one whole text: no conversation, no calls of tools, nothing refused or cut off."""
    whole = len(answer.messages) == 1 and not answer.messages[0].tool_calls
    return whole and not answer.refused and answer.finish_reason != "length"
