"""Teams in whole sessions."""

from pathlib import Path

import pytest

from aaa.errors import ScenarioError
from aaa.session import RunOptions, resolve, run_session
from aaa.store import Store
from aaa.types import Answer, Call, CallUse, SftSample

SCENARIO = Path(__file__).resolve().parents[2] / "scenarios" / "team.yaml"


async def test_the_gallerys_scenario(desk):
    options = RunOptions(db=desk.db)
    result = await run_session(resolve([SCENARIO]), options)
    assert (result.stopped, result.progress.failed) == (None, 0)
    with Store.open(desk.db) as store:
        made = [one for one in store.rows(Answer) if one.lineage.operation == "team"]
        assert len(made) == 24
        assert {one.stop_reason for one in made} <= {"done", "max_turns"}
        calls = {use.call: use.step for use in store.rows(CallUse) if "/member/" in use.step}
        for one in made:
            spoken = [key for key in one.calls if calls.get(key, "").startswith("team/member/")]
            said = [(turn.model, turn.text) for turn in one.discussion]
            kept = [store.get(Call, key).reply for key in spoken]
            assert said == [(r.answered_by, text) for r in kept if (text := r.text.replace("[[DONE]]", "").strip())]
        assert store.count(SftSample) >= 10
        terms = {"oak": "apache-2.0", "pine": "apache-2.0", "quince": "mit"}
        teams = {one.id: {terms[turn.model] for turn in one.discussion} for one in made}
        for sample in store.rows(SftSample):
            assert sample.context == "revised"
            assert set(sample.licenses) == teams[sample.answer]
    again = await run_session(resolve([SCENARIO]), options)
    assert again.gateway.tally.made == 0


async def test_a_team_that_was_cut_short_goes_on_where_it_stopped(desk):
    few = ["prompts.sample.size=4", "stages=[{team: {members: [solver, checker, reader]}}]"]
    few.append("select.main.sft={by: verdict, contexts: [revised]}")

    async def run(db, *more):
        return await run_session(resolve([SCENARIO], settings=[*few, *more]), RunOptions(db=db))

    whole = await run(desk.folder / "whole.db")
    made = desk.rows("out/team/sft.jsonl")
    cut = await run(desk.db, "budget.calls=17")
    assert cut.stopped is not None
    rest = await run(desk.db)
    assert rest.stopped is None
    assert cut.gateway.tally.made + rest.gateway.tally.made == whole.gateway.tally.made
    assert desk.rows("out/team/sft.jsonl") == made


async def test_what_is_wrong_with_a_team_is_said_beforehand(desk):
    desk.scenario["stages"] = [{"team": {"members": ["members", "teachers"], "moderator": "nobody"}}]
    with pytest.raises(ScenarioError, match="nobody"):
        desk.resolve()
    desk.scenario["stages"] = [{"team": {"members": ["members", "teachers"], "moderator": "critics", "judges": "no"}}]
    with pytest.raises(ScenarioError, match="`stand_alone: rules`"):
        desk.resolve()
    desk.scenario["stages"] = [{"team": {"members": ["members", "members"], "moderator": "critics"}}]
    with pytest.raises(ScenarioError, match="twice"):
        desk.resolve()
    desk.scenario["stages"] = [{"team": {"members": ["members"], "moderator": "critics"}}]
    with pytest.raises(ScenarioError, match=r"members must hold 2 at least, but holds 1"):
        desk.resolve()
