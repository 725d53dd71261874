"""SFT samples: the best answers to each instruction, and every dialogue that is good enough (our design).

By verdict an answer is worth learning if a verifier passed it, or it won more matches than it lost. A revision or
rewriting that won takes the place of its draft. By arena it is the answer that the target lost to by most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aaa.curate.arena import battle_fault, battle_margin
from aaa.curate.faults import Fault, text_fault
from aaa.curate.origin import Origin
from aaa.curate.record import ItemRecord
from aaa.scenario import SftRule
from aaa.types import Answer, Rejection, SftSample, Verdict, row_id


def sft_samples(origin: Origin, record: ItemRecord, rule: SftRule) -> Iterator[SftSample | Rejection]:
    """Samples and rejections of one instruction."""
    if rule.by == "arena":
        yield from _of_lost_battles(origin, record, rule)
        return
    candidates: list[Answer] = []
    for answer in record.answers:
        fault = text_fault(record, answer, origin.rule, rule.contexts, as_chosen=True) or _fault(record, answer, rule)
        if fault is not None:
            yield origin.reject("sft", record.instruction.id, (answer.id,), fault)
        elif answer.context == "dialogue":
            yield _sample(origin, record, answer, rule)
        else:
            candidates.append(answer)
    candidates.sort(key=lambda answer: _standing(record, answer, rule), reverse=True)
    yield from _best(origin, record, candidates, rule, "stands higher")


def _best(
    origin: Origin, record: ItemRecord, ranked: Sequence[Answer], rule: SftRule, why: str
) -> Iterator[SftSample | Rejection]:
    """The first of them as samples."""
    for answer in ranked[: rule.per_prompt]:
        yield _sample(origin, record, answer, rule)
    for answer in ranked[rule.per_prompt :]:
        fault: Fault = "not_best", f"{ranked[rule.per_prompt - 1].id} {why}"
        yield origin.reject("sft", record.instruction.id, (answer.id,), fault)


def _of_lost_battles(origin: Origin, record: ItemRecord, rule: SftRule) -> Iterator[SftSample | Rejection]:
    """The answer that the target lost to by most, a verifier's word before a panel's; of equals the shorter."""
    candidates: list[tuple[bool, float, int, str]] = []
    for answer in record.answers:
        won = [verdict for verdict in record.verdicts if verdict.winner == answer.id and _lost(record, verdict, origin)]
        faults = {verdict.id: battle_fault(record, verdict, origin.target, rule.min_gap) for verdict in won}
        fault = text_fault(record, answer, origin.rule, rule.contexts, as_chosen=True)
        fault = fault or _fault(record, answer, rule)
        if fault is None and None not in faults.values():
            fault = next(iter(faults.values()), ("not_of_target", "the target lost no battle to it"))
        if fault is not None:
            yield origin.reject("sft", record.instruction.id, (answer.id,), fault)
        else:
            clear = [(v.decided_by == "verifier", battle_margin(record, v)) for v in won if faults[v.id] is None]
            candidates.append((*max(clear), -answer.style.words, answer.id))
    candidates.sort(reverse=True)
    yield from _best(origin, record, [record.by_id[id_] for *_, id_ in candidates], rule, "won by more")


def _lost(record: ItemRecord, verdict: Verdict, origin: Origin) -> bool:
    """Whether the target, or where there is none anybody, is who lost this match."""
    return origin.target in (None, record.by_id[str(verdict.loser)].member)


def _fault(record: ItemRecord, answer: Answer, rule: SftRule) -> Fault | None:
    """Why the rule does not take this answer."""
    points = record.points.get(answer.id)
    if answer.check is not None and not answer.check.passed:
        return "failed_check", answer.check.detail
    if rule.verified and answer.check is None:
        return "unverified", "no verifier checked it"
    if record.superseded(answer):
        return "superseded", "what was made of it took its place"
    if points is None and (rule.min_grade or rule.min_lead or rule.by == "score"):
        return "ungraded", "the rule asks for a score, and no judge gave one"
    if points is not None and points < rule.min_grade:
        return "low_grade", f"{points:.2f} < {rule.min_grade:g}"
    return _lead_fault(record, answer, rule) or (
        _verdict_fault(record, answer, graded=points is not None) if rule.by == "verdict" else None
    )


def _lead_fault(record: ItemRecord, answer: Answer, rule: SftRule) -> Fault | None:
    """Why it does not stand out among the other members' answers."""
    if not rule.min_lead:
        return None
    others = [record.points[o.id] for o in record.answers if o.member != answer.member and o.id in record.points]
    if not others:
        return "ungraded", "no answer of another member was graded"
    lead = record.points[answer.id] - max(others)
    return None if lead >= rule.min_lead else ("low_margin", f"leads by {lead:.2f} points < {rule.min_lead:g}")


def _verdict_fault(record: ItemRecord, answer: Answer, *, graded: bool) -> Fault | None:
    verified = answer.check is not None
    if answer.context == "dialogue":
        return None if verified or graded else ("ungraded", "neither checked nor graded")
    net = net_wins(record, answer)
    if net < 0 or not record.stands(answer):
        return "lost", f"{net:+d} net wins"
    if not verified and net == 0:
        return "no_verdict", "won no more matches than it lost, and no verifier passed it"
    return None


def net_wins(record: ItemRecord, answer: Answer) -> int:
    """Net wins; an answer that took another's place by a tie, since it is shorter, inherits what that one had won."""
    net, evolution = record.net_wins(answer.id), record.evolution_of(answer.id)
    while evolution is not None and evolution.outcome == "shorter":
        net += record.net_wins(evolution.answer)
        evolution = record.evolution_of(evolution.answer)
    return net


def _standing(record: ItemRecord, answer: Answer, rule: SftRule) -> tuple[float, float, int, str]:
    """Order of candidates: wins (of later versions on top of their draft's) and grade by the rule, then brevity."""
    wins, current = 0, answer
    while current.context in ("hinted", "revised", "evolved") and current.lineage.parent in record.by_id:
        wins, current = wins + 1, record.by_id[current.lineage.parent]
    wins += record.net_wins(current.id, among="plain")
    points = record.points.get(answer.id, 0.0)
    first, second = (points, float(wins)) if rule.by == "score" else (float(wins), points)
    return first, second, -answer.style.words, answer.id


def _sample(origin: Origin, record: ItemRecord, answer: Answer, rule: SftRule) -> SftSample:
    return SftSample(
        id=row_id("sft", origin.session, origin.selection, answer.id),
        **origin.fields(record, (answer,)),
        answer=answer.id,
        completion=answer.messages,
        unlearnt=answer.unlearnt,
        context=answer.context,
        grade=record.grades.get(answer.id),
        verified=None if answer.check is None else answer.check.passed,
        by=rule.by,
    )
