"""Answers called good or bad by themselves (KTO, arXiv 2402.01306): a label rests on that answer's own record."""

from __future__ import annotations

from collections.abc import Iterator

from aaa.curate.faults import Fault, text_fault
from aaa.curate.origin import Origin
from aaa.curate.record import ItemRecord
from aaa.curate.sft import net_wins
from aaa.scenario import LabelRule
from aaa.types import Answer, LabelledSample, Rejection, row_id


def labelled_samples(origin: Origin, record: ItemRecord, rule: LabelRule) -> Iterator[LabelledSample | Rejection]:
    """Labels and rejections of one instruction; a good answer must be fit to be chosen, a bad one to be rejected."""
    for answer in record.answers:
        label = _label(record, answer, rule)
        if isinstance(label, bool):
            fault = text_fault(record, answer, origin.rule, rule.contexts, as_chosen=label)
        else:
            fault = label
        if fault is not None:
            yield origin.reject("label", record.instruction.id, (answer.id,), fault)
        else:
            yield _sample(origin, record, answer, label=label is True)


def _label(record: ItemRecord, answer: Answer, rule: LabelRule) -> bool | Fault:
    """Whether it is good, or why nothing says so."""
    if rule.by == "score":
        return _by_score(record, answer, rule)
    if answer.check is not None:
        return answer.check.passed
    if rule.by == "check":
        return "unverified", "no verifier checked it"
    net = net_wins(record, answer)
    return net > 0 if net else ("no_verdict", "won no more matches than it lost, and lost no more")


def _by_score(record: ItemRecord, answer: Answer, rule: LabelRule) -> bool | Fault:
    points = record.points.get(answer.id)
    if points is None:
        return "ungraded", "the rule asks for a score, and no judge gave one"
    if rule.bad < points < rule.good:
        return "between", f"{points:.2f} lies between {rule.bad:g} and {rule.good:g}"
    return points >= rule.good


def _sample(origin: Origin, record: ItemRecord, answer: Answer, *, label: bool) -> LabelledSample:
    """The label is that of what is to be learnt; what came before is its prompt."""
    fields = origin.fields(record, (answer,))
    return LabelledSample(
        id=row_id("labelled", origin.session, origin.selection, answer.id),
        **{**fields, "prompt": (*fields["prompt"], *answer.messages[: answer.unlearnt])},
        answer=answer.id,
        completion=answer.messages[answer.unlearnt :],
        label=label,
        context=answer.context,
        grade=record.grades.get(answer.id),
        verified=None if answer.check is None else answer.check.passed,
    )
