"""What jurors found in the steps of answers, as an audit reads it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from aaa.curate import ItemRecord
from aaa.rate.step_audit import StepRead
from aaa.store import Store
from aaa.types import Failure, StepReading


def step_reads(store: Store, record: ItemRecord, failed: Collection[str]) -> Iterator[StepRead]:
    """Readings behind the verdicts on steps, and those that failed; in the episodes `failed` something did."""
    item = record.instruction.id
    passed = {(verdict.episode, verdict.answer): verdict.passed for verdict in record.step_verdicts}
    panels = {(one.episode, panel) for one in record.step_verdicts for panel in (one.panel, one.escalated)}
    for judgment in record.judgments:
        reading = judgment.reading
        if isinstance(reading, StepReading) and (judgment.episode, judgment.panel) in panels:
            checked = passed[judgment.episode, reading.answer]
            yield StepRead(item, reading.answer, judgment.judge, reading.first_wrong, checked)
    if {episode for episode, _ in passed}.isdisjoint(failed):
        return
    for failure in store.by_instruction(Failure, record.instruction.session, item):
        answer, _, rest = failure.step.partition("/")
        if failure.role == "judge" and (failure.episode, answer) in passed:
            judge = rest.partition("/")[0]
            yield StepRead(item, answer, judge, None, passed[failure.episode, answer], failure.kind)
