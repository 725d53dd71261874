"""Preference pairs of one prompt: candidates by what decides, faults of each, then how many of them are taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aaa.curate.candidates import Candidate, Faulty, candidates
from aaa.curate.faults import Fault, sides_fault
from aaa.curate.origin import Origin
from aaa.curate.record import ItemRecord
from aaa.scenario import PairRule
from aaa.types import Answer, PreferencePair, Rejection, characters, content_hash, row_id


def preference_pairs(
    origin: Origin, record: ItemRecord, rule: PairRule, parent: ItemRecord | None = None
) -> Iterator[PreferencePair | Rejection]:
    """Pairs and rejections of one instruction; `parent` is the record of the instruction that it was made from."""
    fit: list[Candidate] = []
    for found in candidates(origin, record, rule, parent):
        fault = found.fault if isinstance(found, Faulty) else _fault(origin, record, found, rule)
        if fault is not None:
            yield origin.reject("pair", record.instruction.id, found.rows, fault)
        elif isinstance(found, Candidate):
            fit.append(found)
    taken = _taken(origin, record, fit, rule)
    for place, one in enumerate(sorted(taken, key=lambda one: (-one.margin, one.rows))):
        if rule.per_prompt is not None and place >= rule.per_prompt:
            cap = f"more than {rule.per_prompt} of this prompt"
            yield origin.reject("pair", record.instruction.id, one.rows, ("over_cap", cap))
        else:
            yield _pair(origin, record, one, rule)
    for one in fit:
        if one not in taken:
            yield origin.reject("pair", record.instruction.id, one.rows, ("not_best", rule.taking))


def _fault(origin: Origin, record: ItemRecord, found: Candidate, rule: PairRule) -> Fault | None:
    """The first reason against a candidate."""
    chosen, rejected = found.sides
    return (
        sides_fault(record, chosen, rejected, origin.rule, rule.contexts)
        or _policy_fault(origin, found, rule)
        or _family_fault(chosen, rejected, rule)
        or _votes_fault(found, rule)
        or _length_fault(chosen, rejected, rule)
        or (("disagree", "verdict and grades") if rule.disagree == "drop" and _disagree(record, found, rule) else None)
    )


def _policy_fault(origin: Origin, found: Candidate, rule: PairRule) -> Fault | None:
    if origin.target is None:
        return None
    chosen, rejected = (side.member == origin.target for side in found.sides)
    kept = {
        "any": True,
        "either": chosen or rejected,
        "both": chosen and rejected,
        "chosen": chosen,
        "rejected": rejected,
    }[rule.policy]
    return None if kept else ("not_of_target", f"asked for: {rule.policy} of {origin.target}")


def _family_fault(chosen: Answer, rejected: Answer, rule: PairRule) -> Fault | None:
    shared = {p.family for p in chosen.producers} & {p.family for p in rejected.producers}
    if rule.same_family == "drop" and shared:
        return "excluded_family", f"both sides hold text of {', '.join(sorted(shared))}"
    if rule.same_family == "only" and not shared:
        return "excluded_family", "the sides share no family"
    return None


def _votes_fault(found: Candidate, rule: PairRule) -> Fault | None:
    """What the votes of a panel lack."""
    verdict = found.verdict
    if rule.votes == "majority" or verdict is None or found.decided_by != "panel":
        return None
    if verdict.orders == 1:
        return "split_votes", "one seat order was played"
    unsure = [vote.judge for vote in verdict.votes if vote.choice in ("inconsistent", "failed")]
    if unsure:
        return "split_votes", f"not the same in both orders, or unread: {', '.join(unsure)}"
    others = [vote.judge for vote in verdict.votes if vote.choice != verdict.winner]
    if rule.votes == "unanimous" and others:
        return "split_votes", f"not for the winner: {', '.join(others)}"
    return None


def _length_fault(chosen: Answer, rejected: Answer, rule: PairRule) -> Fault | None:
    if rule.max_length_ratio is None:
        return None
    short, long = sorted((characters(chosen.messages), characters(rejected.messages)))
    ratio = long / max(1, short)
    return None if ratio <= rule.max_length_ratio else ("length_ratio", f"{ratio:.2f} > {rule.max_length_ratio:g}")


def _taken(origin: Origin, record: ItemRecord, fit: Sequence[Candidate], rule: PairRule) -> list[Candidate]:
    """All that are fit, or one: of the best chosen side, with the worst rejected one or a random one."""
    if rule.taking == "all" or not fit:
        return list(fit)
    worth = _Worth(record, by_grades=rule.by == "score")
    best = max(fit, key=lambda one: worth.of(one.chosen)).chosen
    of_best = [one for one in fit if one.chosen == best]
    if rule.taking == "best_worst":
        return [min(of_best, key=lambda one: worth.of(one.rejected))]
    return [min(of_best, key=lambda one: content_hash([origin.seed, "rejected", *one.rows, one.rejected.id]))]


@dataclass(frozen=True)
class _Worth:
    """Order of answers: by grades or wins, then the other, then brevity, so that length never wins by itself."""

    record: ItemRecord
    by_grades: bool

    def of(self, answer: Answer) -> tuple[float, float, int, str]:
        measures = (self.record.points.get(answer.id, 0.0), float(self.record.net_wins(answer.id)))
        first, second = measures if self.by_grades else reversed(measures)
        return first, second, -answer.style.words, answer.id


def _pair(origin: Origin, record: ItemRecord, found: Candidate, rule: PairRule) -> PreferencePair:
    chosen, rejected = found.sides
    return PreferencePair(
        id=row_id("pair", origin.session, origin.selection, chosen.id, rejected.id),
        **origin.fields(record, (chosen, rejected), found.verdict),
        chosen_answer=chosen.id,
        rejected_answer=rejected.id,
        chosen_model=chosen.member,
        rejected_model=rejected.member,
        chosen=chosen.messages,
        rejected=rejected.messages,
        chosen_context=chosen.context,
        rejected_context=rejected.context,
        by=rule.by,
        decided_by=found.decided_by,
        margin=found.margin,
        grade=record.grades.get(chosen.id),
        rejected_grade=record.grades.get(rejected.id),
        disagree=_disagree(record, found, rule),
    )


def _disagree(record: ItemRecord, found: Candidate, rule: PairRule) -> bool | None:
    """Whether the measure that did not decide points the other way; None where it is missing."""
    chosen, rejected = found.sides
    if rule.by == "score":
        verdict = found.verdict
        return None if verdict is None or verdict.winner is None else verdict.winner != chosen.id
    grades = record.grades
    if chosen.id not in grades or rejected.id not in grades:
        return None
    return grades[chosen.id] < grades[rejected.id]
