"""Scenarios of the gallery that teach and converse, run as they are shipped: what their headers promise comes true."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from aaa.session import RunOptions, RunResult, resolve, run_session, transcripts_of, what_was_learned
from aaa.store import Store
from aaa.types import (
    Answer,
    Critique,
    Decision,
    Evolution,
    Instruction,
    PreferencePair,
    Rejection,
    Session,
    SftSample,
)

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


async def run(name: str, folder: Path, *settings: str) -> tuple[RunResult, Path]:
    db = folder / "aaa.db"
    result = await run_session(
        resolve([SCENARIOS / f"{name}.yaml"], settings=["export=[]", *settings]), RunOptions(db=db)
    )
    assert (result.stopped, result.progress.failed) == (None, 0)
    return result, db


def decision(store: Store, name: str) -> Any:
    return next(one.value for one in store.rows(Decision) if one.name == name)


async def test_co_teaching_uses_every_kind_of_teaching_and_narrows_the_gaps_that_it_found(tmp_path: Path) -> None:
    _, db = await run("co_teaching", tmp_path)
    with Store.open(db) as store:
        session = store.get(Session, "co-teaching")
        assert session is not None
        answers = list(store.rows(Answer))
        made = Counter(one.lineage.operation or one.context for one in answers)
        assert {"plain", "lesson", "revise", "team", "chat", "converse", "replay", "draw"} <= set(made), made
        assert store.count(Critique) > 0
        edges = {tuple(edge[:3]) for edge in decision(store, "gaps")["teaching"]}
        assert edges == {("ash", "beech", "dates"), ("beech", "ash", "arithmetic")}, "it found out by itself"
        taught = [one for one in answers if one.context == "hinted"]
        assert {one.member for one in taught} == {"ash", "beech"}, "and teaches both ways"
        assert {one.operation for one in store.rows(Evolution)} == {"neighbour"}
        parents = {one.lineage.parent for one in store.rows(Instruction) if one.lineage.parent}
        assert parents <= set(decision(store, "choose"))
        learned = decision(store, "train")["learned"]
        assert learned["ash"]["arithmetic"]["after"] > 0.5 > learned["ash"]["arithmetic"]["before"]
        assert learned["beech"]["dates"]["after"] > 0.5 > learned["beech"]["dates"]["before"]
        (said,) = what_was_learned(store, session)
        assert "narrowed: ash on arithmetic (to beech), beech on dates (to ash)" in said
        assert {one.context for one in store.rows(SftSample)} >= {"plain", "dialogue"}
        assert {one.chosen_context for one in store.rows(PreferencePair)} >= {"plain", "hinted", "revised"}


async def test_multi_turn_measures_all_conversations_and_leaves_the_spoilt_out(tmp_path: Path) -> None:
    _, db = await run("multi_turn", tmp_path)
    with Store.open(db) as store:
        session = store.get(Session, "multi-turn")
        assert session is not None
        found = transcripts_of(store, session)
        assert set(found) == {"chat", "converse", "replay"}
        dialogues = {one.id: one for one in store.rows(Answer) if one.context == "dialogue"}
        assert sum(one.number for one in found.values()) == len(dialogues)
        spoilt = {one.rows[0]: one.detail for one in store.rows(Rejection) if one.reason == "bad_transcript"}
        assert {detail.partition(":")[0] for detail in spoilt.values()} >= {"role_flip", "farewell_loop", "repetition"}
        taken = {one.answer for one in store.rows(SftSample)}
        assert taken
        assert not taken & set(spoilt)
        replayed = [one for one in dialogues.values() if one.lineage.operation == "replay"]
        assert {one.member for one in replayed} == {"iris", "moss"}


async def test_self_teaching_practises_near_its_failures(tmp_path: Path) -> None:
    _, db = await run("self_teaching", tmp_path)
    with Store.open(db) as store:
        failures = set(decision(store, "choose"))
        near = {one.id for one in store.rows(Instruction) if one.lineage.parent in failures}
        assert len(near) > len(failures) / 2
        pairs = [one for one in store.rows(PreferencePair) if one.chosen_model == one.rejected_model]
        assert {one.chosen_model for one in pairs} == {"elm"}
        assert {one.instruction for one in pairs} <= failures | near
        assert {one.instruction for one in pairs} & near
