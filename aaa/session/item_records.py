"""What a session made of each of its instructions, by the panel whose verdicts count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from aaa.curate import ItemRecord
from aaa.evolve import outcome_of
from aaa.session.instructions import instructions_of
from aaa.session.item import Item
from aaa.store import Store
from aaa.types import AnswerEvolution, Game, SetAside, panel_stage


def records(store: Store, session: str, stages: Sequence[str], panel: str | None = None) -> Iterator[ItemRecord]:
    """What the session made of each of its instructions, in order, as far as these stages made it.

    With `panel`, the verdicts and games are those of this panel: a group of the scenario, or one that judged afterwards
    (`aaa judge`). Grades stay, since they are given by the stages alone.
    """
    made = stages if panel is None else [*stages, panel_stage(panel)]
    ids, gone = instructions_of(store, session, stages), duplicate_answers(store, session, stages)
    for item in Item.all_at_end(store, session, ids, made):
        record = replace(item.record(), duplicates=gone) if gone else item.record()
        yield record if panel is None else _judged_by(panel, record)


def duplicate_answers(store: Store, session: str, stages: Sequence[str]) -> frozenset[str]:
    """Answers that these stages set aside."""
    rows = store.rows(SetAside, session=session)
    return frozenset(row.answer for row in rows if row.answer and row.stage in stages)


def _judged_by(panel: str, record: ItemRecord) -> ItemRecord:
    """Without the verdicts of other panels, and without the games behind those."""
    verdicts = [verdict for verdict in record.verdicts if panel_group(verdict.panel) == panel]
    stepped = [verdict for verdict in record.step_verdicts if panel_group(verdict.panel) == panel]
    sat = {(verdict.match, jury) for verdict in verdicts for jury in (verdict.panel, verdict.escalated)}
    judgments = [j for j in record.judgments if not isinstance(j.reading, Game) or (j.reading.match, j.panel) in sat]
    record = replace(record, verdicts=verdicts, judgments=judgments, step_verdicts=stepped)
    return replace(record, evolutions=[_outcome_anew(record, evolution) for evolution in record.evolutions])


def _outcome_anew(record: ItemRecord, evolution: AnswerEvolution) -> AnswerEvolution:
    """An attempt as this panel sees it: where it did not judge a match, nothing took a place."""
    if evolution.verdict is None or evolution.candidate is None:
        return evolution
    verdict = record.verdict_of(evolution.answer, evolution.candidate)
    if verdict is None:
        return evolution.model_copy(update={"outcome": "no_quorum", "verdict": None})
    outcome = outcome_of(verdict, record.by_id[evolution.answer], record.by_id[evolution.candidate])
    return evolution.model_copy(update={"outcome": outcome, "verdict": verdict.id})


def panel_group(panel: str) -> str:
    """The group in the name of a panel, which ends in a hash of its definition."""
    return panel.rpartition("-")[0]
