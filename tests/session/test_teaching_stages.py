"""Lessons and self-teaching in whole sessions."""

from __future__ import annotations

import pytest

from aaa.errors import ScenarioError
from aaa.session import standings
from aaa.session.findings import TAUGHT
from aaa.store import Store
from aaa.types import Answer, Decision, Episode, Instruction, PreferencePair, Session


async def test_a_lesson_betters_a_weak_student_and_its_pairs_say_so(desk):
    desk.scenario["models"]["ant"]["sim"] = {"default_skill": 0.0}
    desk.scenario["stages"] = ["answer", {"battle": {"against": "target"}}, {"lesson": {"turns": 2}}]
    result = await desk.run()
    assert result.progress.failed == 0
    with Store.open(desk.db) as store:
        hinted = [one for one in store.rows(Answer) if one.context == "hinted"]
        assert len(hinted) >= 3
        assert {one.member for one in hinted} == {"ant"}
        found = standings(store, store.get(Session, "small"))
        assert found.improvements[TAUGHT]["better"] >= 3
        pairs = [one for one in store.rows(PreferencePair) if one.chosen_context == "hinted"]
        assert pairs
        assert all({p.model for p in one.producers} <= {"ant", "bee", "cat"} for one in pairs)


async def test_a_second_run_makes_no_call_and_the_same_rows(desk):
    desk.scenario["stages"] = [
        "answer",
        "battle",
        "lesson",
        {"choose": {}},
        {"self_teach": {"where": {"chosen": "choose"}}},
    ]
    await desk.run()
    before = (desk.folder / "pairs.jsonl").read_bytes()
    again = await desk.run()
    assert again.gateway.tally.made == 0
    assert (desk.folder / "pairs.jsonl").read_bytes() == before


async def test_self_teaching_takes_what_was_chosen_and_makes_on_policy_pairs(desk):
    desk.scenario["models"]["ant"]["sim"] = {"default_skill": 0.5}
    desk.prompts = [
        {
            "id": f"sum-{n}",
            "instruction": f"What is {n} + 25?",
            "reference": str(n + 25),
            "verifier": {"kind": "numeric"},
        }
        for n in range(30, 60)
    ]
    desk.scenario["stages"] = [
        "answer",
        {"battle": {"against": "target"}},
        {"choose": {"by": "loss_rate", "share": 0.3}},
        {"self_teach": {"draws": 4, "where": {"chosen": "choose"}}},
    ]
    await desk.run()
    with Store.open(desk.db) as store:
        (decision,) = [one for one in store.rows(Decision) if one.name == "choose"]
        assert 1 <= len(decision.value) <= 9
        worked = {one.instruction for one in store.rows(Episode, stage="self_teach") if one.status == "done"}
        assert worked == set(decision.value)
        pairs = [one for one in store.rows(PreferencePair) if one.chosen_model == one.rejected_model == "ant"]
        assert pairs
        assert {one.instruction for one in pairs} <= worked
        lost = {store.get(Instruction, id_).source_id for id_ in decision.value}
        assert lost, "what the target lost is what it learns from"


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        (["answer", {"self_teach": {"where": {"chosen": "coose"}}}], "coose"),
        (["answer", {"choose": {}}], "needs a `battle` stage"),
        ([{"choose": {"by": "draws"}}], "needs a `self_teach` stage"),
    ],
)
async def test_stages_that_lack_what_they_build_on_are_refused(desk, stages, words):
    desk.scenario["stages"] = stages
    with pytest.raises(ScenarioError, match=words):
        await desk.run()
