"""Tools in whole sessions: a simulated model that calculates wins, and its calls are in what is exported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from loopback import Loopback, simulated

from aaa.errors import ScenarioError, UsageError
from aaa.session import RunOptions, resolve, run_session
from aaa.store import Store
from aaa.types import Answer, PreferencePair, SftSample

SCENARIO = Path(__file__).resolve().parents[2] / "scenarios" / "tools.yaml"
SUMS = {"sum": ("What is 1347 + 2589?", "1347 + 2589"), "product": ("What is 84 times 37?", "84 × 37")}


def prepare(desk):
    models = desk.scenario["models"]
    models["ant"]["sim"] = {"default_skill": 0.0, "tools": 0.0}
    models["bee"]["sim"] = {"default_skill": 0.0, "tools": 1.0}
    desk.scenario["stages"] = [{"answer": {"tool_rounds": 3}}, "battle"]
    desk.prompts = [
        {
            "id": name,
            "instruction": text,
            "tools": ["calculator", "clock"],
            "verifier": {"kind": "tool_calls", "calls": [{"name": "calculator", "arguments": {"expression": sum_}}]},
        }
        for name, (text, sum_) in SUMS.items()
    ]


@pytest.mark.parametrize("route", ["auto", "litellm"])
async def test_calls_survive_to_the_export_and_a_second_run_makes_none(desk, route):
    prepare(desk)
    desk.scenario["models"]["bee"]["route"] = route
    result = await desk.run()
    assert result.progress.failed == 0
    with Store.open(desk.db) as store:
        answers = {(one.member, one.instruction): one for one in store.rows(Answer)}
        assert len(answers) == 4
        for (member, _), one in answers.items():
            assert one.check.passed is (member == "bee")
            assert [m.role for m in one.messages] == (
                ["assistant", "tool", "assistant"] if member == "bee" else ["assistant"]
            )
        assert {one.messages[1].text for (member, _), one in answers.items() if member == "bee"} == {"3936", "3108"}
        assert store.count(SftSample) == 2
    for row in desk.rows("sft.jsonl"):
        assert [message["role"] for message in row["messages"]] == ["user", "assistant", "tool", "assistant"]
        called = row["messages"][1]["tool_calls"]
        called = json.loads(called) if isinstance(called, str) else called
        assert called[0]["function"]["name"] == "calculator"
        assert row["messages"][2]["tool_call_id"] == called[0]["id"]
        tools = json.loads(row["tools"]) if isinstance(row["tools"], str) else row["tools"]
        assert [tool["function"]["name"] for tool in tools] == ["calculator", "clock"]
    again = await desk.run()
    assert again.gateway.tally.made == 0


@pytest.mark.parametrize("route", ["lean", "litellm"])
async def test_over_real_http(desk, route):
    prepare(desk)
    async with Loopback(simulated) as server:
        desk.scenario["models"]["bee"] = {
            "model": "hosted_vllm/maple",
            "api_base": server.base,
            "identity": "maple@1",
            "family": "flyers",
            "license": "mit",
            "price": "free",
            "route": route,
        }
        desk.scenario |= {"stages": [{"answer": {"tool_rounds": 3}}], "export": []}
        desk.scenario["cast"] = {"members": {"models": ["bee"]}}
        desk.scenario["target"] = "bee"
        desk.scenario["models"] = {"bee": desk.scenario["models"]["bee"]}
        desk.prompts = desk.prompts[:1]
        first = await desk.run()
        asked, answered = server.requests
        again = await desk.run()
    assert (first.progress.failed, again.gateway.tally.made) == (0, 0)
    assert [tool["function"]["name"] for tool in asked["tools"]] == ["calculator", "clock"]
    assert asked["tools"] == answered["tools"]
    *_, called, told = answered["messages"]
    assert called["tool_calls"][0]["function"] == {"name": "calculator", "arguments": '{"expression": "1347 + 2589"}'}
    assert (told["role"], told["content"], told["tool_call_id"]) == ("tool", "3936", called["tool_calls"][0]["id"])
    with Store.open(desk.db) as store:
        (answer,) = store.rows(Answer)
    assert answer.check.passed
    assert len(answer.calls) == 2


async def test_the_gallerys_scenario(desk):
    result = await run_session(resolve([SCENARIO]), RunOptions(db=desk.db))
    assert (result.stopped, result.progress.failed) == (None, 0)
    with Store.open(desk.db) as store:
        answers = [one for one in store.rows(Answer) if one.lineage.operation is None]
        right = {name: [one.check.passed for one in answers if one.member == name] for name in ("ibis", "jay")}
        assert sum(right["jay"]) > sum(right["ibis"])
        assert {one.producers[-1].model for one in answers} == {"ibis", "jay", "linnet"}
        assert store.count(SftSample) >= 20
        assert store.count(PreferencePair) >= 20
    rows = desk.rows("out/tools/llamafactory.jsonl")
    assert any(turn["from"] == "observation" for row in rows for turn in row["conversations"])
    assert all(json.loads(row["tools"]) for row in rows)


async def test_a_model_plays_tools_that_aaa_does_not_bring(desk):
    prepare(desk)
    desk.scenario["cast"]["tools"] = {"models": ["dog"]}
    desk.scenario["stages"][0]["answer"]["tools_by"] = "tools"
    own = {"type": "function", "function": {"name": "calculator", "parameters": {"type": "object"}}}
    for prompt, fact in zip(desk.prompts, ("3936", "3108"), strict=True):
        sum_ = prompt["verifier"]["calls"][0]["arguments"]["expression"]
        prompt |= {"tools": [own], "world": {"facts": {sum_: fact}}}
    await desk.run()
    with Store.open(desk.db) as store:
        worked = [one for one in store.rows(Answer) if one.member == "bee"]
    assert all('"result"' in one.messages[1].text for one in worked)
    assert all([who.model for who in one.producers] == ["bee", "dog"] for one in worked)


async def test_an_unknown_tool_or_group_is_refused(desk):
    prepare(desk)
    desk.prompts[0]["tools"] = ["calculater"]
    with pytest.raises(UsageError, match="calculator"):
        await desk.run()
    desk.prompts[0]["tools"] = ["calculator"]
    desk.scenario["stages"][0]["answer"]["tools_by"] = "nobody"
    with pytest.raises(ScenarioError, match="nobody"):
        await desk.run()
