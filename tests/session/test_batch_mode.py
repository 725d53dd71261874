"""Stages in batch mode, over real HTTP: the same session at another price."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from loopback import Loopback, simulated

from aaa.errors import InterruptedSessionError, ScenarioError
from aaa.llm import BatchPolicy
from aaa.session import RunOptions, RunResult, run_session
from aaa.store import Store
from aaa.types import Attempt, Batch, Call

STAGES = ["answer", "grade", "battle", "steps"]
BATCHED = [{stage: {"mode": "batch"}} for stage in STAGES]


QUICK = BatchPolicy(idle=0.05, poll=0.01)
NATURES = {"ant": "maple", "bee": "birch", "cat": "cedar", "dog": "rowan"}
"""Simulated models that the server answers for."""


async def run(desk, **options: Any) -> RunResult:
    return await run_session(desk.resolve(), RunOptions(db=desk.db, batching=QUICK, **options))


def served_by(desk, server: Loopback, stages: list[object]) -> None:
    """The desk's scenario with its models behind a server."""
    for name, model in desk.scenario["models"].items():
        del model["sim"]
        model |= {"model": f"hosted_vllm/{NATURES[name]}", "api_base": server.base, "identity": f"{name}@1"}
        model["price"] = {"input": 1.0, "output": 2.0}
    desk.scenario["stages"] = stages


async def test_batch_mode_gives_the_same_bytes_at_half_the_price(desk) -> None:
    async with Loopback(simulated) as server:
        served_by(desk, server, STAGES)
        live = await run(desk)
        assert live.progress.failed == 0
        assert desk.rows()
        pairs, asked = (desk.folder / "pairs.jsonl").read_bytes(), len(server.requests)
        with Store.open(desk.db) as store:
            live_usd = store.spent("small").usd
        desk.db.unlink()

        desk.scenario["stages"] = BATCHED
        desk.scenario["episodes_at_once"] = 1
        batched = await run(desk)
        assert len(server.requests) == asked, "no call went alone"
        assert batched.progress.failed == 0
        assert batched.gateway.tally.made == live.gateway.tally.made
        assert (desk.folder / "pairs.jsonl").read_bytes() == pairs
        with Store.open(desk.db) as store:
            assert store.spent("small").usd == pytest.approx(live_usd / 2)
            # Two members answer; four jurors grade, compare, read steps; an unreadable reply is asked for once more.
            assert 2 + 4 + 4 <= store.count(Batch) <= 2 + 3 * 4 + 3 * 4 + 3 * 4


async def test_the_mode_changes_freely_and_what_was_made_is_replayed(desk) -> None:
    async with Loopback(simulated) as server:
        served_by(desk, server, STAGES)
        await run(desk)
        desk.scenario["stages"] = BATCHED
        again = await run(desk)
    assert again.gateway.tally.made == 0
    assert again.progress.replayed == again.progress.finished
    assert server.batches.batches == {}


async def test_a_session_stopped_in_a_batch_goes_on_with_it(desk) -> None:
    async with Loopback(simulated) as server:
        served_by(desk, server, BATCHED)
        server.batches.held = True
        stop = asyncio.Event()
        running = asyncio.ensure_future(run(desk, stop=stop))
        async with asyncio.timeout(20):
            while not [b for b in server.batches.batches.values() if b["status"] == "in_progress"]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            stop.set()
            result = await running
        assert isinstance(result.stopped, InterruptedSessionError)
        begun = len(server.batches.batches)
        server.batches.held = False
        result = await run(desk)
        assert result.stopped is None
        assert result.progress.failed == 0
    with Store.open(desk.db) as store:
        assert store.count(Batch) == len(server.batches.batches) > begun
        assert store.count(Attempt, state="reserved") == 0
        assert store.spent("small").usd == pytest.approx(sum(call.usd for call in store.rows(Call)))


async def test_simulated_models_ignore_the_mode(desk) -> None:
    desk.scenario["stages"] = BATCHED
    result = await run(desk)
    assert result.progress.failed == 0
    with Store.open(desk.db) as store:
        assert store.count(Batch) == 0


async def test_models_without_batches_are_named_before_anything_is_written(desk) -> None:
    for name, model in desk.scenario["models"].items():
        del model["sim"]
        model |= {"model": f"anthropic/{name}", "api_base": "http://127.0.0.1:1"}
    desk.scenario["stages"] = BATCHED
    with pytest.raises(ScenarioError, match=r"stage 'grade': model 'dog' \(anthropic/dog\)"):
        await run(desk)
    assert not desk.db.exists()
    assert (await desk.run(rehearse=True)).progress.failed == 0


@pytest.mark.parametrize("stage", ["chat", "critique"])
async def test_what_goes_back_and_forth_has_no_batch_mode(desk, stage: str) -> None:
    desk.scenario["stages"] = ["answer", {stage: {"mode": "batch"}}]
    with pytest.raises(ScenarioError, match="mode"):
        desk.resolve()
