"""A checkpoint that somebody else trained goes on in the next slice, as a new revision of the target."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from loopback import Body, Loopback, simulated

from aaa.errors import ScenarioError
from aaa.rate import GapRule
from aaa.session import RunOptions, RunResult, learned_by, run_session, slices_of
from aaa.store import Store
from aaa.types import Call, Session

SUMS = [
    {
        "id": f"sum-{n}",
        "instruction": f"What is {n} + {7 * n}?",
        "reference": str(8 * n),
        "verifier": {"kind": "numeric"},
        "skill": "arithmetic",
    }
    for n in range(20, 140)
]
RULE = GapRule(bootstrap=60)
CKPT = "models.qwen.revision=ckpt-1"


def prepare(desk: Any, **qwen: Any) -> None:
    def model(name: str, skill: float) -> dict[str, Any]:
        return {"model": f"sim/{name}", "family": name, "license": "mit", "sim": {"default_skill": skill}}

    desk.prompts = SUMS
    desk.scenario = {
        "name": "loop",
        "seed": 3,
        "models": {"qwen": qwen or model("qwen", 0.3), "gpt": model("gpt", 0.95), "jury": model("jury", 0.9)},
        "target": "qwen",
        "cast": {
            "members": {"models": ["qwen", "gpt"], "card": "member"},
            "judges": {"models": ["jury"], "card": "judge", "quorum": 1},
        },
        "prompts": {"from": "prompts.jsonl", "slices": 2},
        "stages": ["answer", {"battle": {"measure_jurors": 0.0}}],
        "export": [],
    }


async def run_slice(desk: Any, number: int, *settings: str) -> RunResult:
    resolved = desk.resolve(settings=[f"prompts.only=D{number}", *settings])
    resolved = dataclasses.replace(resolved, session=f"{resolved.session}-slice-{number}")
    result = await run_session(resolved, RunOptions(db=desk.db))
    assert result.progress.failed == 0
    return result


def compared(desk: Any, session: str = "loop-slice-2") -> tuple[Any, ...]:
    with Store.open(desk.db) as store:
        row = store.get(Session, session)
        assert row is not None
        slices = slices_of(store, row, RULE)
        (step,) = learned_by(slices, "qwen", RULE)
        return slices, step


async def test_a_simulated_target_goes_on_as_a_new_revision_with_gaps_before_and_after(desk: Any) -> None:
    prepare(desk)
    await run_slice(desk, 1)
    await run_slice(desk, 2, CKPT, "models.qwen.sim.default_skill=0.95")
    (before, after), step = compared(desk)
    assert (before.revisions, after.revisions) == ({}, {"qwen": "ckpt-1"})
    assert [gap.trailer for gap in before.gaps.real] == ["qwen"]
    assert not after.gaps.real
    assert "narrowed: qwen on arithmetic" in step.sentence()


async def test_a_revision_that_learned_nothing_shows_no_gain(desk: Any) -> None:
    prepare(desk)
    await run_slice(desk, 1)
    await run_slice(desk, 2, CKPT)
    (_, after), step = compared(desk)
    assert after.gaps.real
    assert step.sentence().startswith("No gain is shown")


async def test_a_server_with_new_weights_at_the_old_address(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same prompts again: what the old revision said is not taken for what the new one says."""
    weights = {"qwen": "rowan"}

    def answer(body: Body) -> Body:
        return simulated({**body, "model": weights[body["model"]]})

    async with Loopback(answer) as server:
        real = {"model": "hosted_vllm/qwen", "api_base": server.base, "identity": "qwen", "family": "qwen"}
        prepare(desk, **real, license="mit", price="free")
        for name, sim in (("gpt", "cedar"), ("jury", "maple")):
            weights[name] = sim
            desk.scenario["models"][name] = {**real, "model": f"hosted_vllm/{name}", "identity": name, "family": name}
        await run_slice(desk, 1)
        weights["qwen"] = "cedar"
        await run_slice(desk, 2, CKPT)
        asked = len(server.requests)
        with Store.open(desk.db) as store:
            made = {call.request["revision"] for call in store.rows(Call) if call.model == "qwen"}
            assert made == {None, "ckpt-1"}
        await run_slice(desk, 2, CKPT)
        assert len(server.requests) == asked, "the new revision's replies are kept"
    (before, after), step = compared(desk)
    assert after.revisions == {"qwen": "ckpt-1"}
    assert before.gaps.real
    assert step.changes[0].narrowed > 0


def test_training_a_real_model_is_refused_before_any_call_and_says_what_to_do(desk: Any) -> None:
    prepare(desk)
    desk.scenario["models"]["qwen"] = {"model": "openai/qwen", "family": "qwen", "license": "mit"}
    desk.scenario["stages"].append({"train": {"with": "sim"}})
    desk.scenario |= {"select": {"main": {"sft": {}}}, "allow_simulated_mix": True}
    for target in ("qwen", None):
        desk.scenario["target"] = target
        with pytest.raises(ScenarioError, match=r"'qwen' is real.*models\.qwen\.revision=NAME"):
            desk.resolve()
    assert not desk.db.exists()
