"""The main job on simulated models: what a session stores, that it runs twice for free, and what may change."""

from __future__ import annotations

import json

import pytest

from aaa.errors import ScenarioError, SessionChangedError, UsageError
from aaa.session import validate
from aaa.store import Store
from aaa.types import (
    Answer,
    Call,
    CallUse,
    Critique,
    Episode,
    Game,
    Judgment,
    PreferencePair,
    Rejection,
    Session,
    SftSample,
    Verdict,
)


async def test_every_stage_leaves_its_rows(desk) -> None:
    result = await desk.run()
    assert result.stopped is None
    assert result.progress.failed == 0
    with Store.open(desk.db) as store:
        plain = [a for a in store.rows(Answer, session="small") if a.context == "plain"]
        assert sorted(a.member for a in plain) == ["ant"] * 4 + ["bee"] * 4
        assert {a.context for a in store.rows(Answer, session="small")} >= {"plain", "dialogue"}
        verdicts = list(store.rows(Verdict, session="small"))
        assert {v.decided_by for v in verdicts} == {"verifier", "panel"}
        assert list(store.rows(Critique, session="small"))
        assert store.get(Session, "small").complete
        assert list(store.rows(PreferencePair, session="small", selection="main"))
        assert list(store.rows(SftSample, session="small", selection="main"))


async def test_contestants_get_byte_equal_messages_and_no_foreign_text_reaches_a_model(desk) -> None:
    desk.prompts[3]["system"] = "Answer like a sailor."
    await desk.run()
    with Store.open(desk.db) as store:
        calls = {call.id: call for call in store.rows(Call)}
        requests = json.dumps([call.request for call in calls.values()])
        assert "TERMINATE" not in requests
        assert "helpful AI assistant" not in requests
        assert "Answer like a sailor." in requests
        asked: dict[str, set[str]] = {}
        for use in store.rows(CallUse, session="small"):
            if store.get(Episode, use.episode).stage == "answer":
                asked.setdefault(use.episode, set()).add(json.dumps(calls[use.call].request["messages"]))
        assert [len(messages) for messages in asked.values()] == [1] * 4


async def test_judges_sit_in_both_orders_and_never_learn_names(desk) -> None:
    await desk.run()
    with Store.open(desk.db) as store:
        games: dict[tuple[str, str], list[Game]] = {}
        for judgment in store.rows(Judgment, session="small"):
            if isinstance(judgment.reading, Game):
                games.setdefault((judgment.reading.match, judgment.judge), []).append(judgment.reading)
                request = store.get(Call, judgment.call).request
                assert not any(f'"{name}"' in json.dumps(request["messages"]) for name in desk.scenario["models"])
        assert games
        for pair in games.values():
            assert sorted(game.number for game in pair) == [1, 2]
            assert (pair[0].first, pair[0].second) == (pair[1].second, pair[1].first)


async def test_the_second_run_makes_no_call_and_exports_the_same_bytes(desk) -> None:
    first = await desk.run()
    before = [(desk.folder / name).read_bytes() for name in ("pairs.jsonl", "sft.jsonl")]
    second = await desk.run()
    assert first.gateway.tally.made > 0
    assert second.gateway.tally.made == 0
    assert second.progress.replayed == second.progress.finished == first.progress.finished
    assert [(desk.folder / name).read_bytes() for name in ("pairs.jsonl", "sft.jsonl")] == before


async def test_a_fresh_store_gives_the_same_bytes(desk) -> None:
    await desk.run()
    before = (desk.folder / "pairs.jsonl").read_bytes()
    desk.db.unlink()
    desk.scenario["episodes_at_once"] = 1
    await desk.run()
    assert (desk.folder / "pairs.jsonl").read_bytes() == before


async def test_exported_rows_hold_the_prompt_and_the_terms(desk) -> None:
    await desk.run()
    rows = desk.rows()
    assert rows
    for row in rows:
        assert row["chosen"] != row["rejected"]
        assert row["prompt"][-1]["role"] == "user"
        assert set(row["licenses"]) <= {"mit", "apache-2.0", "cc-by-4.0"}
        assert row["simulated"] is True
        assert row["partial"] is False


async def test_selections_and_limits_change_freely(desk) -> None:
    await desk.run()
    desk.scenario["select"] = {"main": {"pairs": {"by": "score", "min_margin": 1}}}
    desk.scenario["export"] = desk.scenario["export"][:1]
    desk.scenario["budget"] = {"calls": 5}
    desk.scenario["models"]["ant"]["license"] = "openrail"
    result = await desk.run()
    assert result.gateway.tally.made == 0
    assert {row["by"] for row in desk.rows()} <= {"score"}
    assert all("openrail" in row["licenses"] for row in desk.rows() if "ant" in row["producers"])


async def test_more_prompts_are_added_without_asking(desk) -> None:
    desk.prompts, kept = desk.prompts[:3], desk.prompts
    await desk.run()
    desk.prompts = kept
    result = await desk.run()
    assert result.progress.replayed > 0
    assert result.gateway.tally.made > 0


async def test_other_changes_are_shown_and_ask_for_consent(desk) -> None:
    await desk.run()
    pairs = (desk.folder / "pairs.jsonl").read_bytes()
    desk.scenario["models"]["ant"]["sim"]["default_skill"] = 0.1
    desk.prompts[0]["instruction"] = "What is 17 + 26?"
    with pytest.raises(SessionChangedError) as error:
        await desk.run()
    assert "default_skill: 0.4 -> 0.1" in str(error.value)
    assert "1 prompt was edited: sum" in str(error.value)
    assert "--accept-changes" in str(error.value)
    assert (desk.folder / "pairs.jsonl").read_bytes() == pairs
    result = await desk.run(accept_changes=True)
    assert result.gateway.tally.made > 0
    with Store.open(desk.db) as store:
        answers = [a for a in store.rows(Answer, session="small") if a.context == "plain"]
        assert len(answers) == 8, "what was made before is replaced, not doubled"


async def test_only_what_a_change_touches_is_done_again(desk) -> None:
    desk.scenario["stages"] = ["answer", "battle"]
    await desk.run()
    desk.scenario["stages"] = ["answer", "battle", "grade"]
    result = await desk.run(accept_changes=True)
    assert result.progress.replayed == 8
    assert result.progress.finished == 12


async def test_a_rehearsal_is_a_session_of_its_own(desk) -> None:
    result = await desk.run(rehearse=True)
    assert result.session == "small-rehearsal"
    assert result.progress.failed == 0
    assert desk.rows("rehearsal/pairs.jsonl")
    assert not (desk.folder / "pairs.jsonl").exists(), "real data is never replaced by a rehearsal's"


async def test_a_pair_without_quorum_is_refused_before_anything_is_written(desk) -> None:
    desk.scenario["cast"]["judges"] = {"models": ["ant", "bee"], "card": "judge", "own_family": "exclude"}
    with pytest.raises(ScenarioError, match="can never be decided"):
        await desk.run()
    assert not desk.db.exists()


async def test_real_and_simulated_models_do_not_mix_unless_asked(desk) -> None:
    desk.scenario["models"]["bee"] = {"model": "openai/gpt-4o-mini", "family": "gpt", "license": "x"}
    with pytest.raises(ScenarioError, match="simulated"):
        desk.resolve()


async def test_a_missing_key_is_named_before_anything_is_written(desk, monkeypatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    desk.scenario["models"]["bee"] = {"model": "openai/gpt-4o-mini", "family": "gpt", "license": "x"}
    desk.scenario["allow_simulated_mix"] = True
    assert validate(desk.resolve()).missing_keys == {"bee": "OPENAI_API_KEY"}
    with pytest.raises(UsageError, match="OPENAI_API_KEY"):
        await desk.run()
    assert not desk.db.exists()


async def test_one_malformed_judge_costs_votes_not_episodes(desk) -> None:
    desk.scenario["models"]["dog"]["sim"]["judge"] = {"malformed": 1.0}
    result = await desk.run()
    assert result.progress.failed == 0
    assert result.progress.failures["parse_failed"] > 0
    with Store.open(desk.db) as store:
        votes = [vote for v in store.rows(Verdict, session="small") for vote in v.votes if vote.judge == "dog"]
        assert {vote.choice for vote in votes} == {"failed"}


async def test_one_failing_member_loses_its_answer_and_nothing_else(desk) -> None:
    desk.scenario["models"]["ant"]["sim"]["faults"] = {"refused": 1.0}
    result = await desk.run()
    assert result.progress.failures["refused"] >= 4
    with Store.open(desk.db) as store:
        assert {a.member for a in store.rows(Answer, session="small") if a.context == "plain"} == {"bee"}
        failed = [e for e in store.rows(Episode, session="small", stage="answer") if e.status == "failed"]
        assert len(failed) == 4
        assert not [r for r in store.rows(Rejection, session="small") if r.target == "pair"]


@pytest.mark.parametrize(
    "row",
    [
        {"reference": "no number", "verifier": {"kind": "numeric"}},
        {"verifier": {"kind": "regex", "pattern": "(open"}},
    ],
)
async def test_a_reference_that_nobody_could_meet_is_refused_before_anything_is_paid(desk, row) -> None:
    desk.prompts.append({"id": "odd", "instruction": "What is 1 + 1?", **row})
    with pytest.raises(ScenarioError, match="'odd' could never be checked"):
        await desk.run()
    assert not desk.db.exists()
