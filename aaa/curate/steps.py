"""Worked answers with a label for each step, for process reward models (our design; the labels' form is PRM800K's).

The panel says which step is the first wrong one. Nothing is known of the steps after it: with `after: cut` they are
left out, as PRM800K leaves them without a label (arXiv 2305.20050); with `after: wrong` they are called wrong, as
Math-Shepherd's labels mostly call them, since from a mistake on few ways lead to the result (arXiv 2312.08935).
"""

from __future__ import annotations

from collections.abc import Iterator

from aaa.curate.faults import Fault, text_fault
from aaa.curate.origin import Origin
from aaa.curate.record import ItemRecord
from aaa.scenario import StepRule
from aaa.types import Answer, Rejection, SteppedSample, StepReading, StepVerdict, row_id


def stepped_samples(origin: Origin, record: ItemRecord, rule: StepRule) -> Iterator[SteppedSample | Rejection]:
    """Samples and rejections of one instruction; each `steps` stage that read an answer gives one.

    A text is taken once, however many answers say the same.
    """
    taken: dict[str, str] = {}
    for answer in record.answers:
        fault = text_fault(record, answer, origin.rule, rule.contexts, as_chosen=True)
        if fault is None and answer.text in taken:
            fault = "equal_text", f"{taken[answer.text]} = {answer.id}"
        verdicts = [verdict for verdict in record.step_verdicts if verdict.answer == answer.id]
        if fault is None and not verdicts:
            fault = "unread", "no panel read its steps"
        if fault is not None:
            yield origin.reject("steps", record.instruction.id, (answer.id,), fault)
            continue
        for verdict in verdicts:
            if (open_ := _fault(verdict, rule)) is not None:
                yield origin.reject("steps", record.instruction.id, (answer.id, verdict.id), open_)
            else:
                taken[answer.text] = answer.id
                yield _sample(origin, record, answer, verdict, rule)


def _fault(verdict: StepVerdict, rule: StepRule) -> Fault | None:
    """Why there are no labels to learn."""
    steps = len(verdict.steps)
    match verdict.outcome:
        case "too_few_steps" | "too_many_steps":
            return verdict.outcome, f"it has {steps}"
        case "no_quorum":
            return "no_quorum", f"{len(verdict.votes)} votes of {verdict.quorum}"
        case "contradicted":
            return "contradicted", "a verifier failed the result, and too few jurors found a wrong step"
        case "split":
            return "split_votes", f"{verdict.agreement or 0.0:.2f} agree at most"
    if verdict.agreement is not None and verdict.agreement < rule.min_agreement:
        return "split_votes", f"{verdict.agreement:.2f} agree < {rule.min_agreement:g}"
    if verdict.first_wrong is not None and verdict.passed and rule.recovered == "drop":
        return "contradicted", f"step {verdict.first_wrong + 1} is said to be wrong, and a verifier passed the result"
    return None


def labels_of(verdict: StepVerdict, rule: StepRule) -> tuple[bool, ...]:
    """Whether each step is right, as far as the rule has labels for them."""
    if verdict.first_wrong is None:
        return (True,) * len(verdict.steps)
    after = len(verdict.steps) - verdict.first_wrong - 1 if rule.after == "wrong" else 0
    return (True,) * verdict.first_wrong + (False,) * (1 + after)


def _sample(origin: Origin, record: ItemRecord, answer: Answer, verdict: StepVerdict, rule: StepRule) -> SteppedSample:
    """Judges and judgments are those of the panel that decided."""
    fields, labels = origin.fields(record, (answer,)), labels_of(verdict, rule)
    panel = verdict.escalated or verdict.panel
    readings = [
        judgment
        for judgment in record.judgments_on(answer.id)
        if isinstance(judgment.reading, StepReading) and (judgment.episode, judgment.panel) == (verdict.episode, panel)
    ]
    lineage = {**fields["lineage"], "verdict": verdict.id, "judgments": [judgment.id for judgment in readings]}
    judges = tuple(sorted({judgment.judge for judgment in readings}))
    return SteppedSample(
        id=row_id("stepped", origin.session, origin.selection, verdict.id),
        **{**fields, "lineage": lineage, "judges": judges},
        answer=answer.id,
        steps=tuple(answer.text[start:end] for start, end in verdict.steps[: len(labels)]),
        labels=labels,
        context=answer.context,
        agreement=verdict.agreement,
        verified=verdict.passed,
    )
