"""Preference pairs: by verdict (every decided match), by score (the best graded answer against the worst), or by arena
(the battles of the target that were won or lost by enough points)."""

from __future__ import annotations

from collections.abc import Iterator

from aaa.curate.arena import battle_fault, battle_margin
from aaa.curate.faults import Fault, sides_fault
from aaa.curate.origin import Origin
from aaa.curate.record import ItemRecord
from aaa.scenario import PairRule
from aaa.types import Answer, PreferencePair, Rejection, Verdict, row_id


def preference_pairs(origin: Origin, record: ItemRecord, rule: PairRule) -> Iterator[PreferencePair | Rejection]:
    """Pairs and rejections of one instruction."""
    make = {"verdict": _by_verdict, "score": _by_score, "arena": _by_arena}[rule.by]
    return make(origin, record, rule)


def _by_verdict(origin: Origin, record: ItemRecord, rule: PairRule) -> Iterator[PreferencePair | Rejection]:
    for verdict in record.verdicts:
        if verdict.outcome != "win":
            yield origin.reject("pair", record, (verdict.id,), (verdict.outcome, f"decided by {verdict.decided_by}"))
            continue
        chosen, rejected = record.sides(verdict)
        fault: Fault | None = None
        if verdict.decided_by == "panel" and verdict.margin < rule.min_margin:
            fault = "low_margin", f"{verdict.margin:g} votes < {rule.min_margin:g}"
        fault = fault or sides_fault(record.instruction, chosen, rejected, origin.rule, rule.contexts)
        if fault is not None:
            yield origin.reject("pair", record, (verdict.id,), fault)
        else:
            yield _pair(origin, record, chosen, rejected, verdict.margin, rule, verdict)


def _by_arena(origin: Origin, record: ItemRecord, rule: PairRule) -> Iterator[PreferencePair | Rejection]:
    target = origin.target if rule.battles == "target" else None
    for verdict in record.verdicts:
        fault = battle_fault(record, verdict, target, rule.min_gap)
        if fault is None:
            fault = sides_fault(record.instruction, *record.sides(verdict), origin.rule, rule.contexts)
        if fault is not None:
            yield origin.reject("pair", record, (verdict.id,), fault)
        else:
            yield _pair(origin, record, *record.sides(verdict), battle_margin(record, verdict), rule, verdict)


def _by_score(origin: Origin, record: ItemRecord, rule: PairRule) -> Iterator[PreferencePair | Rejection]:
    graded = [answer for answer in record.answers if answer.id in record.grades and answer.context in rule.contexts]
    if len(graded) < 2:
        rows = tuple(answer.id for answer in graded)
        yield origin.reject("pair", record, rows, ("ungraded", "fewer than two graded answers"))
        return
    # Of equal grades the shorter text stands higher, so that length never wins by itself.
    graded.sort(key=lambda answer: (record.grades[answer.id], -answer.style.words, answer.id))
    rejected, chosen = graded[0], graded[-1]
    margin = record.grades[chosen.id] - record.grades[rejected.id]
    fault: Fault | None = None
    if margin <= 0:
        fault = "equal_score", f"all {record.grades[chosen.id]:.2f}"
    elif margin < rule.min_margin:
        fault = "low_margin", f"{margin:.2f} points < {rule.min_margin:g}"
    fault = fault or sides_fault(record.instruction, chosen, rejected, origin.rule, rule.contexts)
    if fault is not None:
        yield origin.reject("pair", record, (chosen.id, rejected.id), fault)
    else:
        verdict = record.verdict_of(chosen.id, rejected.id)
        yield _pair(origin, record, chosen, rejected, margin, rule, verdict)


def _pair(
    origin: Origin,
    record: ItemRecord,
    chosen: Answer,
    rejected: Answer,
    margin: float,
    rule: PairRule,
    verdict: Verdict | None,
) -> PreferencePair:
    return PreferencePair(
        id=row_id("pair", origin.session, origin.selection, chosen.id, rejected.id),
        **origin.fields(record, (chosen, rejected), verdict),
        chosen_answer=chosen.id,
        rejected_answer=rejected.id,
        chosen_model=chosen.member,
        rejected_model=rejected.member,
        chosen=chosen.messages,
        rejected=rejected.messages,
        chosen_context=chosen.context,
        rejected_context=rejected.context,
        by=rule.by,
        decided_by=verdict.decided_by if rule.by != "score" and verdict is not None else "score",
        margin=margin,
        grade=record.grades.get(chosen.id),
        rejected_grade=record.grades.get(rejected.id),
        disagree=_disagree(record, chosen, rejected, rule, verdict),
    )


def _disagree(
    record: ItemRecord, chosen: Answer, rejected: Answer, rule: PairRule, verdict: Verdict | None
) -> bool | None:
    """Whether the measure that did not decide points the other way; None where it is missing."""
    if rule.by == "score":
        return None if verdict is None or verdict.winner is None else verdict.winner != chosen.id
    grades = record.grades
    if chosen.id not in grades or rejected.id not in grades:
        return None
    return grades[chosen.id] < grades[rejected.id]
