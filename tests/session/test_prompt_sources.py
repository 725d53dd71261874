"""Prompts of a session from memory, from an earlier session, and from files with faults."""

import pytest

from aaa.errors import ScenarioError
from aaa.session import RunOptions, resolve, run_session
from aaa.store import Store
from aaa.types import Decision, Instruction, SetAside, row_id


async def test_rows_of_memory_then_of_that_session_then_faulty_ones(desk) -> None:
    desk.scenario |= {"stages": ["answer"], "export": []}
    desk.resolve()
    rows = [{"id": "a", "instruction": "What is 17 + 25?"}, {"id": "b", "instruction": "Give me a tip."}]
    scenario = desk.folder / "scenario.yaml"
    await run_session(resolve([scenario], session="first", rows=rows), RunOptions(db=desk.db))

    desk.scenario["prompts"] = {"from": ["session:first", "prompts.jsonl"], "db": str(desk.db), "faults": "set_aside"}
    desk.prompts += [{"id": "a", "instruction": "again"}, {"id": "blank", "instruction": " "}]
    await run_session(desk.resolve(session="second"), RunOptions(db=desk.db))
    with Store.open(desk.db) as store:
        texts = {row.source_id: row.text for row in store.rows(Instruction, session="second")}
        decision = store.get(Decision, row_id("decision", "second", "sources"))
    assert decision is not None
    assert decision.value == {"read": 8, "kept": 6, "refused": {"duplicate_id": 1, "empty": 1}}
    assert len(texts) == 6
    assert texts["a"] == "What is 17 + 25?"

    desk.scenario["prompts"]["from"] = "session:none"
    with pytest.raises(ScenarioError, match="no session 'none'; it holds first, second"):
        await run_session(desk.resolve(session="third"), RunOptions(db=desk.db))


async def test_filters_leave_rows_out_before_the_sample(desk) -> None:
    desk.scenario |= {"stages": ["answer"], "export": []}
    desk.scenario["prompts"] |= {"filter": [{"language": ["en"]}, "pii", {"length": {"min": 4}}]}
    desk.prompts += [{"id": "mail", "instruction": "Please write to me at jane@firm.org today."}]
    await run_session(desk.resolve(), RunOptions(db=desk.db))
    with Store.open(desk.db) as store:
        ids = {row.source_id for row in store.rows(Instruction, session="small")}
        decision = store.get(Decision, row_id("decision", "small", "sources"))
    assert decision is not None
    assert decision.value == {"read": 5, "kept": 4, "refused": {"filtered": 1}}
    assert "mail" not in ids


async def test_an_earlier_session_gives_neither_what_was_set_aside_nor_what_it_no_longer_works_on(desk) -> None:
    desk.scenario |= {"stages": ["dedup", {"evolve": {"by": "critics", "rounds": 1}}, "answer"], "export": []}
    desk.prompts.append({**desk.prompts[0], "id": "sum-again"})
    desk.scenario["evaluation"] = {"prompts": "benchmark.jsonl"}
    (desk.folder / "benchmark.jsonl").write_text('{"question": "What is 12 times 11?"}\n')
    await desk.run(session="first")
    with Store.open(desk.db) as store:
        aside = {row.instruction for row in store.rows(SetAside, session="first")}
        made = {row.source_id: row for row in store.rows(Instruction, session="first")}
    assert {made[id_].source_id for id_ in made if made[id_].id in aside} == {"product", "sum-again"}

    desk.scenario |= {"stages": ["answer"], "evaluation": None}
    desk.scenario["prompts"] = {"from": "session:first", "db": str(desk.db)}
    await desk.run(session="second")
    with Store.open(desk.db) as store:
        taken = {row.source_id: row for row in store.rows(Instruction, session="second")}
    assert set(taken) == set(made) - {"product", "sum-again"}
    evolved = [row for row in taken.values() if row.lineage.parent]
    assert evolved
    assert all(row.producers == made[row.source_id].producers != () for row in evolved)
