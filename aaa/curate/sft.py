"""SFT samples: the best single answer of each instruction, and every dialogue that is good enough (our design).

By verdict an answer is worth learning if a verifier passed it, or it won more matches than it lost. A revision that
won takes the place of its draft.
"""

from __future__ import annotations

from collections.abc import Iterator

from aaa.curate.faults import Fault, text_fault
from aaa.curate.origin import Origin
from aaa.curate.record import ItemRecord
from aaa.scenario import SftRule
from aaa.types import Answer, Rejection, SftSample, row_id


def sft_samples(origin: Origin, record: ItemRecord, rule: SftRule) -> Iterator[SftSample | Rejection]:
    """Samples and rejections of one instruction."""
    candidates: list[Answer] = []
    for answer in record.answers:
        fault = text_fault(answer, origin.rule, rule.contexts, as_chosen=True) or _fault(record, answer, rule)
        if fault is not None:
            yield origin.reject("sft", record, (answer.id,), fault)
        elif answer.context == "dialogue":
            yield _sample(origin, record, answer, rule)
        else:
            candidates.append(answer)
    candidates.sort(key=lambda answer: _standing(record, answer, rule), reverse=True)
    for place, answer in enumerate(candidates):
        if place == 0:
            yield _sample(origin, record, answer, rule)
        else:
            yield origin.reject("sft", record, (answer.id,), ("not_best", f"{candidates[0].id} stands higher"))


def _fault(record: ItemRecord, answer: Answer, rule: SftRule) -> Fault | None:
    """Why the rule does not take this answer."""
    grade = record.grades.get(answer.id)
    if answer.check is not None and not answer.check.passed:
        return "failed_check", answer.check.detail
    if record.revision_won(answer):
        return "superseded", "its revision won"
    if grade is None and (rule.min_grade or rule.by == "score"):
        return "ungraded", "the rule asks for a score, and no judge gave one"
    if grade is not None and grade < rule.min_grade:
        return "low_grade", f"{grade:.2f} < {rule.min_grade:g}"
    return None if rule.by == "score" else _verdict_fault(record, answer, grade)


def _verdict_fault(record: ItemRecord, answer: Answer, grade: float | None) -> Fault | None:
    verified = answer.check is not None
    if answer.context == "dialogue":
        return None if verified or grade is not None else ("ungraded", "neither checked nor graded")
    net = record.net_wins(answer.id)
    if net < 0 or (answer.context == "revised" and net <= 0):
        return "lost", f"{net:+d} net wins"
    if not verified and net == 0:
        return "no_verdict", "won no more matches than it lost, and no verifier passed it"
    return None


def _standing(record: ItemRecord, answer: Answer, rule: SftRule) -> tuple[float, float, int, str]:
    """Order of candidates: wins (a revision's on top of its draft's) and grade as the rule ranks them, then brevity."""
    wins, current = 0, answer
    while current.context == "revised" and current.lineage.parent in record.by_id:
        wins, current = wins + 1, record.by_id[current.lineage.parent]
    wins += record.net_wins(current.id, among="plain")
    grade = record.grades.get(answer.id, 0.0)
    first, second = (grade, float(wins)) if rule.by == "score" else (float(wins), grade)
    return first, second, -answer.style.words, answer.id


def _sample(origin: Origin, record: ItemRecord, answer: Answer, rule: SftRule) -> SftSample:
    return SftSample(
        id=row_id("sft", origin.session, origin.selection, answer.id),
        **origin.fields(record, (answer,)),
        answer=answer.id,
        completion=answer.messages,
        context=answer.context,
        grade=record.grades.get(answer.id),
        verified=None if answer.check is None else answer.check.passed,
        by=rule.by,
    )
