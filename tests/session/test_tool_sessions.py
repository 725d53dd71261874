"""Tools in whole sessions: a simulated model that calculates wins, and its calls are in what is exported."""

from __future__ import annotations

import json

import pytest

from aaa.errors import ScenarioError, UsageError
from aaa.store import Store
from aaa.types import Answer, SftSample

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
