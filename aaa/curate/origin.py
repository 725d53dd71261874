"""What every selected row says of itself: prompt, producers with their terms, judges, lineage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aaa.curate.faults import Fault
from aaa.curate.record import ItemRecord
from aaa.scenario import Selection
from aaa.types import Answer, Producer, Rejection, SelectionTarget, Verdict, row_id


@dataclass(frozen=True)
class Origin:
    """A named selection over one session. `terms` maps a model's name to the license that the scenario states today."""

    session: str
    selection: str
    rule: Selection
    terms: Mapping[str, str]
    target: str | None = None
    """The model to be improved, where there is one."""
    seed: int = 0

    def fields(self, record: ItemRecord, answers: tuple[Answer, ...], verdict: Verdict | None = None) -> dict[str, Any]:
        """The fields that SFT samples and preference pairs share."""
        instruction, ids = record.instruction, [answer.id for answer in answers]
        texts = [*instruction.producers, *(producer for answer in answers for producer in answer.producers)]
        producers = self.with_terms(texts)
        heard = self.with_terms(producer for answer in answers for producer in answer.influences)
        lineage: dict[str, object] = {
            "answers": ids,
            "verdict": None if verdict is None else verdict.id,
            "judgments": [judgment.id for judgment in record.judgments_on(*ids)],
            "calls": sorted({key for answer in answers for key in answer.calls}),
        }
        return {
            "session": self.session,
            "selection": self.selection,
            "instruction": instruction.id,
            "source_id": instruction.source_id,
            "prompt": answers[0].prompt,
            "skill": instruction.skill,
            "language": instruction.language,
            "slice": instruction.slice,
            "producers": producers,
            "licenses": tuple(sorted({producer.license for producer in (*producers, *heard)})),
            "judges": record.judges_of(*ids),
            "simulated": any(producer.simulated for producer in producers),
            "lineage": lineage,
        }

    def reject(self, target: SelectionTarget, instruction: str, rows: tuple[str, ...], fault: Fault) -> Rejection:
        """The row that says why these answers, or this verdict, were left out."""
        reason, detail = fault
        return Rejection(
            id=row_id("rejection", self.session, self.selection, target, instruction, *rows),
            session=self.session,
            selection=self.selection,
            target=target,
            instruction=instruction,
            rows=rows,
            reason=reason,
            detail=detail,
        )

    def with_terms(self, producers: Iterable[Producer]) -> tuple[Producer, ...]:
        """Each producer once, under today's terms."""
        return tuple(dict.fromkeys(map(self._renewed, producers)))

    def _renewed(self, producer: Producer) -> Producer:
        license_ = self.terms.get(producer.model, producer.license)
        return producer if license_ == producer.license else producer.model_copy(update={"license": license_})
