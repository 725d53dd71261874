"""Stage `tag`: labels for later stages, selections and sessions; earlier stages never see them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from loopback import Loopback, simulated

from aaa.errors import ScenarioError
from aaa.llm import BatchPolicy
from aaa.scenario import Prompts
from aaa.session import RunOptions, run_session
from aaa.session.planning import PlanOptions, plan
from aaa.session.sources import session_rows
from aaa.store import Store
from aaa.types import Answer, CallUse, Episode, Instruction, SftSample, Tagging


def tagging(desk: Any, *stages: Any, **spec: Any) -> None:
    desk.scenario["cast"]["taggers"] = {"models": ["dog"], "card": "tagger"}
    desk.scenario["stages"] = [{"tag": spec}, *stages]
    desk.scenario["target"] = None
    desk.scenario["select"] = {"main": {"sft": {"by": "score"}}}
    desk.scenario["export"] = [{"selection": "main", "format": "trl-sft", "to": "sft.jsonl"}]


def rows(desk: Any, kind: Any) -> list[Any]:
    with Store.open(desk.db) as store:
        return list(store.rows(kind, session="small"))


def sources(desk: Any, kind: Any) -> set[str]:
    names = {one.id: one.source_id for one in rows(desk, Instruction)}
    return {names[row.instruction] for row in rows(desk, kind)}


async def test_later_stages_and_samples_go_by_its_labels(desk: Any) -> None:
    tagging(desk, {"answer": {"where": {"skill": "arithmetic", "max_difficulty": 5}}}, "grade")
    result = await desk.run()
    assert result.progress.failed == 0
    assert sources(desk, Answer) == {"sum", "product", "difference"}
    assert len(rows(desk, Tagging)) == 4
    samples = rows(desk, SftSample)
    assert samples
    assert {sample.skill for sample in samples} == {"arithmetic"}
    assert all(one.skill is None for one in rows(desk, Instruction) if one.source_id != "advice"), "prompts stay"
    again = await desk.run()
    assert again.gateway.tally.made == 0


async def test_what_a_prompt_has_it_keeps_and_whole_prompts_are_passed_over(desk: Any) -> None:
    desk.prompts[0] |= {"skill": "logic", "difficulty": 2, "language": "de"}
    desk.prompts[1] |= {"skill": "mine"}
    tagging(desk, "answer", "grade")
    await desk.run()
    assert sources(desk, Tagging) == {"product", "difference", "advice"}
    found = {sample.source_id: sample.skill for sample in rows(desk, SftSample)}
    assert found["sum"] == "logic"
    assert found["product"] == "mine"


async def test_stages_before_it_never_see_labels_even_when_they_run_again(desk: Any) -> None:
    tagging(desk, "grade")
    desk.scenario["stages"] = ["answer", {"tag": {}}, "grade"]
    await desk.run()
    before = {row.id: row.fingerprint for row in rows(desk, Episode) if row.stage == "answer"}
    desk.scenario["stages"][0] = {"answer": {"params": {"temperature": 0.5}}}
    result = await desk.run(accept_changes=True)
    after = {row.id: row.fingerprint for row in rows(desk, Episode) if row.stage == "answer"}
    assert all(before[id_] != after[id_] for id_ in before)
    fresh = type(desk)(desk.folder)
    fresh.db = Path("fresh.db")
    fresh.scenario = desk.scenario
    await fresh.run()
    assert {row.id: row.fingerprint for row in rows(fresh, Episode)} == {
        row.id: row.fingerprint for row in rows(desk, Episode)
    }
    assert result.progress.failed == 0


async def test_prompts_made_by_stages_are_labelled_and_hand_labels_on(desk: Any) -> None:
    desk.scenario["cast"]["evolvers"] = {"models": ["bee"]}
    tagging(desk, {"evolve": {"by": "evolvers", "rounds": 1, "direction": "up"}}, {"answer": {"name": "last"}}, "grade")
    await desk.run()
    made = [one for one in rows(desk, Instruction) if one.episode is not None]
    assert made
    assert {one.skill for one in made if one.source_id.startswith("sum")} == {"arithmetic"}
    desk.scenario["stages"] = [desk.scenario["stages"][1], {"tag": {}}, *desk.scenario["stages"][2:]]
    desk.db = Path("other.db")
    await desk.run()
    assert len(rows(desk, Tagging)) == len(rows(desk, Instruction))


async def test_an_earlier_sessions_prompts_come_with_their_labels(desk: Any) -> None:
    tagging(desk, "answer", "grade", whom="all")
    await desk.run()
    found = {row.source_id: row for row in session_rows("small", Prompts(patterns=("session:small",), db=str(desk.db)))}
    assert found["sum"].skill == "arithmetic"
    assert found["sum"].meta["task"] == "problem"
    assert found["advice"].meta["safety"] == "safe"
    assert found["sum"].tags


async def test_open_tags_and_taxonomies_of_ones_own(desk: Any) -> None:
    own = {
        "title": "t",
        "source": "me",
        "entries": {"sums": {"is": "what is to be worked out"}, "tips": {"is": "tips"}},
    }
    (desk.folder / "mine.yaml").write_text(yaml.safe_dump(own))
    tagging(desk, skills="mine.yaml")
    await desk.run()
    assert {row.skill for row in rows(desk, Tagging)} <= {"sums", "tips"}
    tagging(desk, "answer", "grade", skills="open")
    desk.db = Path("open.db")
    await desk.run()
    assert {row.skill for row in rows(desk, Tagging)} == {None}
    assert "arithmetic" in {sample.skill for sample in rows(desk, SftSample)}
    tagging(desk, skills="nowhere")
    with pytest.raises(ScenarioError, match="no taxonomy 'nowhere'"):
        await desk.run()


async def test_cards_and_groups_are_checked(desk: Any) -> None:
    tagging(desk)
    desk.scenario["cast"]["taggers"]["card"] = "judge"
    with pytest.raises(ScenarioError, match="needs: tagger"):
        desk.resolve()
    del desk.scenario["cast"]["taggers"]
    with pytest.raises(ScenarioError, match="taggers"):
        desk.resolve()


async def test_a_plan_counts_its_calls_and_those_of_stages_that_go_by_labels(desk: Any) -> None:
    tagging(desk, {"answer": {"where": {"skill": "arithmetic"}}})
    found = await plan(desk.resolve(), desk.resolve(rehearse=True), PlanOptions(db=desk.db))
    worst = {one.stage: one.calls for one in found.worst}
    assert worst["tag"] >= 4
    assert worst["answer"] == 2 * 3, "three prompts may be of this skill, the fourth is of another"
    await desk.run()
    used = [use for use in rows(desk, CallUse) if use.role == "tagger"]
    assert len(used) == 4


async def test_barriers_sample_and_slice_by_labels_and_leave_prompts_as_they_were(desk: Any) -> None:
    tagging(desk, {"sample": {"size": 3, "by": ["skill"]}}, {"slice": {"slices": 2}}, "answer", "grade")
    await desk.run()
    prompts = {one.source_id: one for one in rows(desk, Instruction)}
    assert all(one.skill is None for name, one in prompts.items() if name != "advice")
    assert sum(one.slice is not None for one in prompts.values()) == 3
    assert "advice" in sources(desk, Answer), "one of two skills"
    again = await desk.run()
    assert (again.gateway.tally.made, again.gateway.tally.replayed) == (0, 0)


async def test_its_calls_may_wait_for_a_batch(desk: Any) -> None:
    async with Loopback(simulated) as server:
        tagging(desk, mode="batch")
        del desk.scenario["models"]["dog"]["sim"]
        desk.scenario["models"]["dog"] |= {"model": "hosted_vllm/maple", "api_base": server.base, "identity": "dog@1"}
        desk.scenario |= {"allow_simulated_mix": True, "episodes_at_once": 1}
        batching = BatchPolicy(idle=0.05, poll=0.01)
        result = await run_session(desk.resolve(), RunOptions(db=desk.db, batching=batching))
    assert (result.stopped, result.progress.failed) == (None, 0)
    assert len(rows(desk, Tagging)) == 4
    assert not server.requests, "no call went alone"
