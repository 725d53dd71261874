"""Stage `evolve_answer`: a rewriter betters answers aim by aim, and each rewriting has to win."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.agents import together
from aaa.evolve import evolve_answer
from aaa.scenario import EvolveAnswerStage
from aaa.session.cast import draw
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
)
from aaa.types import Answer, Place, SessionRecord

PROMPTS = ["evolve_answer", "ask_again"]


@dataclass(frozen=True)
class RunningEvolveAnswer(RunningStage):
    """See `EvolveAnswerStage`."""

    spec: EvolveAnswerStage
    kit: Kit
    target: str | None

    @property
    def fingerprint(self) -> str:
        groups = [self.spec.by, *panels(self.spec)]
        prompts = [*PROMPTS, *alone_prompts(self.spec), *comparing_prompts(self.spec)]
        base = fingerprint(self.kit, self.spec, groups, prompts)
        return f"{base}/{self.target}" if self.spec.of == "target" else base

    def missing(self, item: Item) -> str | None:
        return None if self._answers(item) else "no answer to better"

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        answers = self._answers(item)
        return [row for rows in await together(self._evolve(item, place, answer) for answer in answers) for row in rows]

    def _answers(self, item: Item) -> list[Answer]:
        """Answers of one message of text that stand; of lineages, the last."""
        record = item.record()
        found = [
            answer
            for answer in record.answers
            if answer.context in ("plain", "revised", "evolved")
            and not answer.refused
            and not any(message.tool_calls for message in answer.messages)
            and record.stands(answer)
        ]
        if self.spec.of == "target" and self.target is not None:
            return [answer for answer in found if record.first_of(answer).member == self.target]
        if self.spec.of == "winners":
            return [answer for answer in found if not record.lost_battle(record.first_of(answer))]
        return found

    async def _evolve(self, item: Item, place: Place, answer: Answer) -> tuple[SessionRecord, ...]:
        kit, spec, instruction = self.kit, self.spec, item.instruction
        rewriters = kit.cast.agents(spec.by, "rewriter", place, instruction, spec.params)
        author = item.record().first_of(answer).member
        others = [rewriter for rewriter in rewriters if rewriter.name != author]
        rewriter = draw(others or rewriters, kit.seed, "rewriter", answer.id)
        evolved = await evolve_answer(
            instruction,
            answer,
            rewriter,
            contests(kit, spec, instruction, place),
            kit.prompts,
            aims=spec.aims,
            rounds=spec.rounds,
            max_growth=spec.max_growth,
            seed=kit.seed,
            check=alone_check(kit, spec, instruction, place),
            sandbox=kit.sandbox,
        )
        return evolved.rows
