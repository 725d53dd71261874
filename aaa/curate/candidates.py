"""Which pairs of a prompt could be taken, by what decides: verdicts, grades, battles of the target, or construction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from aaa.curate.arena import battle_fault, battle_margin, least_gap
from aaa.curate.faults import Fault, text_fault
from aaa.curate.origin import Origin
from aaa.curate.record import ItemRecord
from aaa.errors import WorkError
from aaa.scenario import PairRule
from aaa.types import Answer, Verdict
from aaa.verify import IN_A_PROCESS, check

RELAXED = "constraint"
"""The operation of `evolve` that adds one demand: without it the instruction is its parent."""


@dataclass(frozen=True)
class Faulty:
    """What makes no pair, and why; `rows` are the ids that its rejection names."""

    rows: tuple[str, ...]
    fault: Fault


@dataclass(frozen=True)
class Candidate:
    """Two answers, the better one first; `rows` are the ids that a rejection would name."""

    rows: tuple[str, ...]
    sides: tuple[Answer, Answer]
    margin: float
    decided_by: Literal["panel", "verifier", "score", "construction"]
    verdict: Verdict | None = None

    @property
    def chosen(self) -> Answer:
        return self.sides[0]

    @property
    def rejected(self) -> Answer:
        return self.sides[1]


def candidates(
    origin: Origin, record: ItemRecord, rule: PairRule, parent: ItemRecord | None
) -> Iterator[Candidate | Faulty]:
    """All of one instruction."""
    match rule.by:
        case "verdict":
            return _by_verdict(record, rule)
        case "score":
            return _by_score(origin, record, rule)
        case "arena":
            return _by_arena(origin, record, rule)
        case "construction":
            return _by_construction(record, parent)


def _by_verdict(record: ItemRecord, rule: PairRule) -> Iterator[Candidate | Faulty]:
    for verdict in record.verdicts:
        rows = (verdict.id,)
        if verdict.outcome == "tie" and rule.ties == "by_score":
            yield _broken_tie(record, verdict, rule)
        elif verdict.outcome != "win":
            yield Faulty(rows, (verdict.outcome, f"decided by {verdict.decided_by}"))
        elif verdict.decided_by == "panel" and verdict.margin < rule.min_margin:
            yield Faulty(rows, ("low_margin", f"{verdict.margin:g} votes < {rule.min_margin:g}"))
        else:
            sides = record.sides(verdict)
            yield Candidate(rows, sides, verdict.margin, verdict.decided_by, verdict)


def _broken_tie(record: ItemRecord, verdict: Verdict, rule: PairRule) -> Candidate | Faulty:
    """A tie that the grades decide, where they lie far enough apart."""
    points, rows = record.points, (verdict.id,)
    if verdict.left not in points or verdict.right not in points:
        return Faulty(rows, ("tie", "and not both sides are graded"))
    better, worse = sorted((verdict.left, verdict.right), key=lambda id_: -points[id_])
    gap, bound = points[better] - points[worse], least_gap(record, rule.min_gap)
    if gap <= 0 or gap < bound:
        return Faulty(rows, ("tie", f"and {gap:.2f} points < {bound:g}"))
    return Candidate(rows, (record.by_id[better], record.by_id[worse]), gap, "score", verdict)


def _by_arena(origin: Origin, record: ItemRecord, rule: PairRule) -> Iterator[Candidate | Faulty]:
    target = origin.target if rule.policy == "either" else None
    for verdict in record.verdicts:
        fault = battle_fault(record, verdict, target, rule.min_gap)
        if fault is not None:
            yield Faulty((verdict.id,), fault)
        else:
            margin = battle_margin(record, verdict)
            yield Candidate((verdict.id,), record.sides(verdict), margin, verdict.decided_by, verdict)


def _by_score(origin: Origin, record: ItemRecord, rule: PairRule) -> Iterator[Candidate | Faulty]:
    """Every pair of graded answers; or, where one is taken, those of the best answer that may be chosen."""
    points = record.points
    graded = [answer for answer in record.answers if answer.id in points and answer.context in rule.contexts]
    if len(graded) < 2:
        rows = tuple(answer.id for answer in graded)
        yield Faulty(rows, ("ungraded", "fewer than two graded answers"))
        return
    graded.sort(key=lambda answer: (points[answer.id], -answer.style.words, answer.id), reverse=True)
    if rule.taking == "all":
        yield from (_of_grades(record, better, worse, rule) for better, worse in combinations(graded, 2))
        return
    for place, answer in enumerate(graded):
        fault = text_fault(record, answer, origin.rule, rule.contexts, as_chosen=True)
        if fault is None and rule.policy in ("chosen", "both") and origin.target not in (None, answer.member):
            fault = "not_of_target", f"asked for: {rule.policy} of {origin.target}"
        if fault is None:
            yield from (_of_grades(record, answer, worse, rule) for worse in reversed(graded[place + 1 :]))
            return
        yield Faulty((answer.id,), fault)


def _of_grades(record: ItemRecord, better: Answer, worse: Answer, rule: PairRule) -> Candidate | Faulty:
    points, rows = record.points, (better.id, worse.id)
    margin = points[better.id] - points[worse.id]
    if margin <= 0:
        return Faulty(rows, ("equal_score", f"both {points[better.id]:.2f}"))
    if margin < rule.min_margin:
        return Faulty(rows, ("low_margin", f"{margin:.2f} points < {rule.min_margin:g}"))
    return Candidate(rows, (better, worse), margin, "score", record.verdict_of(better.id, worse.id))


def _by_construction(record: ItemRecord, parent: ItemRecord | None) -> Iterator[Candidate | Faulty]:
    """Each member's own answer to the whole instruction, and its answer to the one without the last demand."""
    if record.instruction.lineage.operation != RELAXED:
        return
    relaxed = [answer for answer in parent.answers if answer.context == "plain"] if parent is not None else []
    for answer in record.answers:
        if answer.context != "plain":
            continue
        others = [other for other in relaxed if other.member == answer.member]
        if not others:
            yield Faulty((answer.id,), ("not_relaxed", f"{answer.member} did not answer the relaxed instruction"))
        for other in others:
            yield _constructed(record, answer, other)


def _constructed(record: ItemRecord, answer: Answer, other: Answer) -> Candidate | Faulty:
    """Where a verifier can tell, the one must meet the demand and the other not."""
    rows, verifier = (answer.id, other.id), record.instruction.verifier
    if answer.check is not None and not answer.check.passed:
        return Faulty(rows, ("failed_check", answer.check.detail))
    try:
        told = verifier is not None and verifier.kind not in IN_A_PROCESS and check(record.instruction, other.text)
    except WorkError as error:
        return Faulty(rows, ("not_relaxed", str(error)))
    if told and told.passed:
        return Faulty(rows, ("not_relaxed", f"{other.id} meets the demand that it was not told of"))
    return Candidate(rows, (answer, other), 1.0, "construction")
