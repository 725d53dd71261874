"""Sessions over real HTTP: each agent's calls reach its own model's server, and one bad prompt costs one episode."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from loopback import Fault, Loopback, simulated

from aaa.session import RunOptions, resolve, run_session, standings
from aaa.store import Store
from aaa.types import Answer, Call, CallUse, Episode, Failure, Session

ROOT = Path(__file__).resolve().parent.parent.parent


def server_model(server: Loopback, name: str) -> dict[str, Any]:
    """A model behind a server of the tests' own."""
    return {
        "model": f"hosted_vllm/{name}",
        "api_base": server.base,
        "identity": f"{name}@1",
        "family": name,
        "license": "mit",
        "price": "free",
    }


async def test_each_members_calls_reach_its_own_server(desk) -> None:
    async with AsyncExitStack() as stack:
        servers = {
            name: await stack.enter_async_context(Loopback(simulated)) for name in ("maple", "birch", "cedar", "rowan")
        }
        desk.scenario["models"] = {name: server_model(server, name) for name, server in servers.items()}
        desk.scenario["target"] = "maple"
        desk.scenario["cast"] = {
            "members": {"models": ["maple", "birch"], "card": "member"},
            "students": {"models": ["maple"], "card": "student"},
            "teachers": {"models": ["birch", "cedar"], "card": "teacher"},
            "critics": {"models": ["cedar"], "card": "critic"},
            "judges": {"models": ["cedar", "rowan", "birch", "maple"], "card": "judge", "quorum": 2},
        }
        result = await desk.run()
        assert result.progress.failed == 0
        for name, server in servers.items():
            assert {body["model"] for body in server.requests} == {name}
        with Store.open(desk.db) as store:
            used: dict[str, set[str]] = {}
            for use in store.rows(CallUse, session="small"):
                used.setdefault(use.role, set()).add(store.get(Call, use.call).reply.answered_by)
            assert used["judge"] == {"cedar", "rowan", "birch", "maple"}
            assert used["critic"] == {"cedar"}
            assert used["student"] == {"maple"}
            assert used["teacher"] <= {"birch", "cedar"}
            assert all(not a.producers[0].simulated for a in store.rows(Answer, session="small"))
    assert all(row["simulated"] is False for row in desk.rows())


@pytest.mark.parametrize(
    ("fault", "kind"), [(Fault("garbage"), "malformed"), (Fault("400", body='{"error": "poison"}'), "invalid")]
)
async def test_one_poisoned_prompt_of_fifty_costs_one_episode(desk, fault: Fault, kind: str) -> None:
    desk.prompts = [{"id": f"p{i}", "instruction": f"What is {i} + {i + 3}?"} for i in range(49)]
    desk.prompts.append({"id": "bad", "instruction": "What is POISON + 3?"})
    async with Loopback(simulated, marked={"POISON": fault}) as server:
        desk.scenario["models"] = {name: server_model(server, name) for name in ("maple", "birch", "cedar", "rowan")}
        desk.scenario["target"] = "maple"
        desk.scenario["cast"] = {
            "members": {"models": ["maple", "birch"]},
            "judges": {"models": ["cedar", "rowan"], "card": "judge", "quorum": 1},
        }
        desk.scenario["stages"] = ["answer", "battle"]
        result = await desk.run()
    assert (result.progress.done, result.progress.failed, result.progress.skipped) == (98, 1, 1)
    with Store.open(desk.db) as store:
        failures = list(store.rows(Failure, session="small"))
        assert {failure.kind for failure in failures} == {kind}
        assert len({failure.episode for failure in failures}) == 1
        raw = " ".join(failure.raw or "" for failure in failures)
        assert "bad gateway" in raw or "poison" in raw
        assert store.count(Episode, session="small", status="failed") == 1


async def test_the_first_gallery_scenario_decides_all_three_pairs(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with AsyncExitStack() as stack:
        settings = ["prompts.sample.size=12", "export=[]"]
        for model, name in (("gpt", "maple"), ("claude", "birch"), ("qwen", "cedar")):
            server = await stack.enter_async_context(Loopback(simulated))
            for key, value in {**server_model(server, name), "family": model, "rpm": 10**6, "tpm": 10**9}.items():
                settings.append(f"models.{model}.{key}={value}")
        resolved = resolve([ROOT / "scenarios/openai_anthropic_vllm.yaml"], settings=settings)
        assert await run_session(resolved, RunOptions(db=tmp_path / "aaa.db"))
    with Store.open(tmp_path / "aaa.db") as store:
        found = standings(store, store.get(Session, resolved.session))
    assert sorted(found.battles) == [("claude", "gpt"), ("claude", "qwen"), ("gpt", "qwen")]
    assert all(tally.decided > 0 for tally in found.battles.values()), found.battles
