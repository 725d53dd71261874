"""Selections: which answers become SFT samples and which verdicts become preference pairs, and why the rest does not.

Pure functions over what a session made of one instruction; the rules are DESIGN.md 8's, their details our design.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from aaa.curate.record import ItemRecord
from aaa.scenario import PairRule, Selection, SftRule
from aaa.types import (
    Answer,
    PreferencePair,
    Producer,
    Rejection,
    RejectionReason,
    SftSample,
    Verdict,
    row_id,
)

Selected = SftSample | PreferencePair | Rejection


@dataclass(frozen=True)
class Selector:
    """One named selection over one session. `terms` maps a model's name to the license the scenario states today."""

    session: str
    name: str
    rule: Selection
    terms: Mapping[str, str]

    def select(self, record: ItemRecord) -> list[Selected]:
        """Samples, pairs and rejections of one instruction."""
        selected: list[Selected] = []
        if self.rule.sft is not None:
            selected += self._sft(record, self.rule.sft)
        if self.rule.pairs is not None:
            pick = self._pairs_by_verdict if self.rule.pairs.by == "verdict" else self._pairs_by_score
            selected += pick(record, self.rule.pairs)
        return selected

    # SFT samples

    def _sft(self, record: ItemRecord, rule: SftRule) -> Iterator[Selected]:
        """The best single answer of the item, and every dialogue that is good enough."""
        candidates: list[Answer] = []
        for answer in record.answers:
            fault = self._sft_fault(record, answer, rule)
            if fault is not None:
                yield self._reject("sft", record, (answer.id,), *fault)
            elif answer.context == "dialogue":
                yield self._sample(record, answer, rule)
            else:
                candidates.append(answer)
        best = max(candidates, key=lambda a: _standing(record, a, rule), default=None)
        for answer in candidates:
            if answer is best:
                yield self._sample(record, answer, rule)
            else:
                yield self._reject(
                    "sft", record, (answer.id,), "not_best", f"{best.id if best else None} stands higher"
                )

    def _sft_fault(self, record: ItemRecord, answer: Answer, rule: SftRule) -> tuple[RejectionReason, str] | None:
        fault = self._text_fault(answer, rule.contexts, as_chosen=True)
        if fault is not None:
            return fault
        grade = record.grades.get(answer.id)
        if answer.check is not None and not answer.check.passed:
            return "failed_check", answer.check.detail
        if _superseded(record, answer):
            return "superseded", "its revision won"
        if rule.min_grade and grade is None:
            return "ungraded", f"min_grade is {rule.min_grade:g} and no judge scored it"
        if grade is not None and grade < rule.min_grade:
            return "low_grade", f"{grade:.2f} < {rule.min_grade:g}"
        if rule.by == "score":
            return ("ungraded", "by: score, and no judge scored it") if grade is None else None
        return _verdict_fault(record, answer, grade)

    def _sample(self, record: ItemRecord, answer: Answer, rule: SftRule) -> SftSample:
        return SftSample(
            id=row_id("sft", self.session, self.name, answer.id),
            **self._shared(record, (answer,)),
            answer=answer.id,
            completion=answer.messages,
            context=answer.context,
            grade=record.grades.get(answer.id),
            verified=None if answer.check is None else answer.check.passed,
            by=rule.by,
        )

    # Preference pairs

    def _pairs_by_verdict(self, record: ItemRecord, rule: PairRule) -> Iterator[Selected]:
        for verdict in record.verdicts:
            fault = self._pair_fault(record, verdict, rule)
            if fault is not None:
                yield self._reject("pair", record, (verdict.id,), *fault)
                continue
            assert verdict.winner is not None
            assert verdict.loser is not None
            chosen, rejected = record.by_id[verdict.winner], record.by_id[verdict.loser]
            yield self._pair(record, chosen, rejected, "verdict", verdict.margin, verdict)

    def _pair_fault(self, record: ItemRecord, verdict: Verdict, rule: PairRule) -> tuple[RejectionReason, str] | None:
        if verdict.winner is None or verdict.loser is None:
            return verdict.outcome, f"decided by {verdict.decided_by}"  # type: ignore[return-value]
        if verdict.decided_by == "panel" and verdict.margin < rule.min_margin:
            return "low_margin", f"{verdict.margin:g} votes < {rule.min_margin:g}"
        return self._sides_fault(record.by_id[verdict.winner], record.by_id[verdict.loser], rule)

    def _pairs_by_score(self, record: ItemRecord, rule: PairRule) -> Iterator[Selected]:
        """One pair for each instruction: the best graded answer against the worst."""
        graded = [a for a in record.answers if a.id in record.grades and a.context in rule.contexts]
        if len(graded) < 2:
            yield self._reject("pair", record, tuple(a.id for a in graded), "ungraded", "fewer than two graded answers")
            return
        chosen = max(graded, key=lambda a: (record.grades[a.id], -a.style.words, a.id))
        rejected = min(graded, key=lambda a: (record.grades[a.id], -a.style.words, a.id))
        margin = record.grades[chosen.id] - record.grades[rejected.id]
        rows = (chosen.id, rejected.id)
        if margin <= 0:
            yield self._reject("pair", record, rows, "equal_score", f"all {record.grades[chosen.id]:.2f}")
        elif margin < rule.min_margin:
            yield self._reject("pair", record, rows, "low_margin", f"{margin:.2f} points < {rule.min_margin:g}")
        elif (fault := self._sides_fault(chosen, rejected, rule)) is not None:
            yield self._reject("pair", record, rows, *fault)
        else:
            yield self._pair(record, chosen, rejected, "score", margin, record.verdict_of(*rows))

    def _sides_fault(self, chosen: Answer, rejected: Answer, rule: PairRule) -> tuple[RejectionReason, str] | None:
        fault = self._text_fault(chosen, rule.contexts, as_chosen=True)
        fault = fault or self._text_fault(rejected, rule.contexts, as_chosen=False)
        if fault is None and chosen.text.strip() == rejected.text.strip():
            return "equal_text", ""
        return fault

    def _pair(
        self, record: ItemRecord, chosen: Answer, rejected: Answer, by: str, margin: float, verdict: Verdict | None
    ) -> PreferencePair:
        grade, rejected_grade = record.grades.get(chosen.id), record.grades.get(rejected.id)
        return PreferencePair.model_validate(
            {
                "id": row_id("pair", self.session, self.name, chosen.id, rejected.id),
                **self._shared(record, (chosen, rejected), verdict),
                "chosen_answer": chosen.id,
                "rejected_answer": rejected.id,
                "chosen": chosen.messages,
                "rejected": rejected.messages,
                "chosen_context": chosen.context,
                "rejected_context": rejected.context,
                "by": by,
                "decided_by": verdict.decided_by if by == "verdict" and verdict else "score",
                "margin": margin,
                "grade": grade,
                "rejected_grade": rejected_grade,
                "disagree": _disagree(by, chosen.id, verdict, grade, rejected_grade),
            }
        )

    # What both share

    def _text_fault(
        self, answer: Answer, contexts: Sequence[str], *, as_chosen: bool
    ) -> tuple[RejectionReason, str] | None:
        """Why this text may not be exported on this side."""
        if answer.context not in contexts:
            return "excluded_context", answer.context
        if not all(m.text.strip() or m.tool_calls for m in answer.messages) or not answer.messages:
            return "empty", answer.id
        if as_chosen and answer.finish_reason == "length":
            return "truncated", answer.id
        if answer.stands_alone is False:
            return "context_leak", answer.id
        if answer.refused and self.rule.refusals != "allow" and (as_chosen or self.rule.refusals == "drop"):
            return "refusal", answer.id
        return None

    def _shared(
        self, record: ItemRecord, answers: tuple[Answer, ...], verdict: Verdict | None = None
    ) -> dict[str, object]:
        """Fields of every sample: prompt, terms, judges and lineage."""
        instruction, ids = record.instruction, tuple(a.id for a in answers)
        producers = _distinct([p for a in answers for p in self._with_terms(a.producers)])
        producers = _distinct([*self._with_terms(instruction.producers), *producers])
        lineage: dict[str, JsonValue] = {
            "answers": list(ids),
            "verdict": None if verdict is None else verdict.id,
            "judgments": [j.id for j in record.judgments_on(*ids)],
            "calls": sorted({key for a in answers for key in a.calls}),
        }
        return {
            "session": self.session,
            "selection": self.name,
            "instruction": instruction.id,
            "source_id": instruction.source_id,
            "prompt": answers[0].prompt,
            "skill": instruction.skill,
            "language": instruction.language,
            "producers": producers,
            "licenses": tuple(sorted({p.license for p in producers})),
            "judges": record.judges_of(*ids),
            "simulated": any(p.simulated for p in producers),
            "lineage": lineage,
        }

    def _with_terms(self, producers: Sequence[Producer]) -> list[Producer]:
        return [p.model_copy(update={"license": self.terms.get(p.model, p.license)}) for p in producers]

    def _reject(
        self, target: str, record: ItemRecord, rows: tuple[str, ...], reason: RejectionReason, detail: str
    ) -> Rejection:
        return Rejection.model_validate(
            {
                "id": row_id("rejection", self.session, self.name, target, record.instruction.id, *rows),
                "session": self.session,
                "selection": self.name,
                "target": target,
                "instruction": record.instruction.id,
                "rows": rows,
                "reason": reason,
                "detail": detail,
            }
        )


def _superseded(record: ItemRecord, answer: Answer) -> bool:
    """Whether a revision of this answer won against it."""
    return any(
        other.lineage.parent == answer.id
        and (verdict := record.verdict_of(answer.id, other.id)) is not None
        and verdict.winner == other.id
        for other in record.answers
    )


def _verdict_fault(record: ItemRecord, answer: Answer, grade: float | None) -> tuple[RejectionReason, str] | None:
    """By verdict an answer is worth learning if a verifier passed it, or it won more matches than it lost."""
    verified = answer.check is not None
    if answer.context == "dialogue":
        return ("ungraded", "neither checked nor graded") if grade is None and not verified else None
    net = record.net_wins(answer.id)
    if net < 0 or (answer.context == "revised" and net <= 0):
        return "lost", f"won {net:+d} net"
    if not verified and net == 0:
        return "no_verdict", "won no more matches than it lost, and no verifier passed it"
    return None


def _standing(record: ItemRecord, answer: Answer, rule: SftRule) -> tuple[float, float, int, str]:
    """Order of candidates: a winning revision stands above its draft's standing; ties go to the shorter text."""
    wins, current = 0, answer
    while current.context == "revised" and current.lineage.parent in record.by_id:
        wins, current = wins + 1, record.by_id[current.lineage.parent]
    rival = [v for v in record.verdicts if current.id in (v.left, v.right) and not _own_revision(record, v)]
    wins += sum((v.winner == current.id) - (v.loser == current.id) for v in rival)
    grade = record.grades.get(answer.id, 0.0)
    first, second = (grade, float(wins)) if rule.by == "score" else (float(wins), grade)
    return first, second, -answer.style.words, answer.id


def _own_revision(record: ItemRecord, verdict: Verdict) -> bool:
    left, right = record.by_id.get(verdict.left), record.by_id.get(verdict.right)
    if left is None or right is None:
        return False
    return left.lineage.parent == right.id or right.lineage.parent == left.id


def _disagree(
    by: str, chosen: str, verdict: Verdict | None, grade: float | None, rejected_grade: float | None
) -> bool | None:
    """Whether the measure that did not decide points the other way."""
    if by == "verdict":
        return None if grade is None or rejected_grade is None else grade < rejected_grade
    return None if verdict is None or verdict.winner is None else verdict.winner != chosen


def _distinct(producers: Sequence[Producer]) -> tuple[Producer, ...]:
    return tuple(dict.fromkeys(producers))
