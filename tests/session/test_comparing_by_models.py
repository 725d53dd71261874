"""Duplicates and benchmarks compared by models: vectors over HTTP, and a judge's word in the place of a rule."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from loopback import Body, Fault, Loopback

from aaa.errors import ScenarioError
from aaa.scenario import models_of
from aaa.session.planning import PlanOptions, plan
from aaa.session.text_files import TextFileOptions, decontaminate_file, vectors_of
from aaa.store import Store
from aaa.types import Answer, CallUse, Failure, Instruction, SetAside

WORDS = ("sum", "add", "plus", "17", "25", "sleep", "tips", "river", "12", "11", "times", "product", "90", "45")


def meaning(body: Body) -> Body:
    """Vectors of words, where `sum`, `add` and `plus` are the same, so that a paraphrase lies close."""
    rows = []
    for text in body["input"]:
        said = text.casefold()
        for word, meant in (("add", "sum"), ("plus", "sum"), ("+", "sum"), ("product", "times")):
            said = said.replace(word, meant)
        rows.append({"embedding": [float(word in said) for word in WORDS] + [0.1]})
    return {"data": rows, "usage": {"prompt_tokens": len(body["input"])}}


def declared(desk: Any, server: Loopback) -> None:
    model = {"model": "openai/vectors", "family": "vectors", "license": "mit", "identity": "vectors"}
    desk.scenario["models"]["vectors"] = {**model, "api_base": server.base, "price": {"input": 1.0, "output": 0.0}}
    desk.scenario["allow_simulated_mix"] = True


def aside(desk: Any) -> dict[str, SetAside]:
    with Store.open(desk.db) as store:
        names = {row.id: row.source_id for row in store.rows(Instruction, session="small")}
        return {names[row.instruction]: row for row in store.rows(SetAside, session="small")}


async def test_a_model_compares_for_stages_and_is_asked_once(desk: Any) -> None:
    benchmark = [{"id": "e1", "question": "Please add 25 to 17."}, {"id": "e2", "question": "Which river is longest?"}]
    (desk.folder / "benchmark.jsonl").write_text("".join(json.dumps(row) + "\n" for row in benchmark))
    desk.prompts += [{"id": "again", "instruction": "Tell me the product of 11 and 12."}]
    async with Loopback(meaning) as server:
        declared(desk, server)
        by = {"embedding": "vectors", "threshold": 0.95}
        desk.scenario["stages"] = [
            {"decontaminate": {"against": "benchmark.jsonl", "method": "semantic", **by}},
            {"dedup": {"method": "embedding", **by}},
            "answer",
            "battle",
        ]
        first = await desk.run()
        assert first.stopped is None
        found = aside(desk)
        assert {id_: (row.stage, row.reason, row.against) for id_, row in found.items() if id_ == "sum"} == {
            "sum": ("decontaminate", "contaminated", "e1")
        }
        assert found["sum"].detail == "semantic"
        assert found["sum"].score == 1.0
        assert found["product"].stage == "dedup"
        assert len(found) == 2
        with Store.open(desk.db) as store:
            assert Counter(use.role for use in store.rows(CallUse, session="small"))["embedding"] >= 7
            assert store.spent("small").usd > 0.0
        asked = len(server.requests)
        assert (await desk.run()).gateway.tally.made == 0
        assert len(server.requests) == asked
        forecast = await plan(desk.resolve(), desk.resolve(rehearse=True), PlanOptions(db=desk.db))
        worst = {one.stage: one for one in forecast.worst}
        assert worst["dedup"].calls == len(desk.prompts)
        assert 0.0 < worst["dedup"].usd < 0.1


async def test_what_could_not_be_compared_does_not_go_on(desk: Any) -> None:
    (desk.folder / "benchmark.jsonl").write_text('{"question": "Which river is longest?"}\n')

    def picky(body: Body) -> Any:
        if any("sleep" in text for text in body["input"]):
            text = json.dumps({"error": {"message": "this model's maximum context length is 3 tokens"}})
            return web.Response(status=400, text=text, content_type="application/json")
        return meaning(body)

    async with Loopback(picky) as server:
        declared(desk, server)
        stage = {"against": "benchmark.jsonl", "method": "semantic", "embedding": "vectors", "threshold": 0.9}
        desk.scenario["stages"] = [{"decontaminate": stage}, "answer", "battle"]
        result = await desk.run()
    assert {id_: (row.reason, row.detail) for id_, row in aside(desk).items()} == {"advice": ("undecided", "vectors")}
    assert result.progress.failures == {"context_length": 1}


async def test_a_fault_of_ours_keeps_the_prompt_out_too(desk: Any) -> None:
    """Vectors of another length than the benchmark's make numpy raise what no method expects."""
    (desk.folder / "benchmark.jsonl").write_text('{"question": "Which river is longest?"}\n')

    def uneven(body: Body) -> Body:
        found = meaning(body)
        for text, row in zip(body["input"], found["data"], strict=True):
            row["embedding"] += [0.0] * ("sleep" in text)
        return found

    async with Loopback(uneven) as server:
        declared(desk, server)
        stage = {"against": "benchmark.jsonl", "method": "semantic", "embedding": "vectors", "threshold": 0.9}
        desk.scenario["stages"] = [{"decontaminate": stage}, "answer", "battle"]
        result = await desk.run()
    assert {id_: row.reason for id_, row in aside(desk).items()} == {"advice": "undecided"}
    assert result.progress.failures == {"internal": 1}
    with Store.open(desk.db) as store:
        (failure,) = store.rows(Failure, session="small")
        assert (failure.stage, failure.transient) == ("decontaminate", True)
        assert all(row.instruction != failure.instruction for row in store.rows(Answer, session="small"))


def test_a_model_without_a_threshold_and_names_of_nothing_are_refused(desk: Any) -> None:
    stage: dict[str, Any] = {"against": "benchmark.jsonl", "embedding": "bee"}
    desk.scenario["stages"] = [{"decontaminate": stage}, "answer"]
    with pytest.raises(ScenarioError, match="no threshold was calibrated"):
        desk.resolve()
    stage["embedding"] = "bees"
    with pytest.raises(ScenarioError, match="names the embedding 'bees', which does not exist; did you mean 'bee'"):
        desk.resolve()
    stage |= {"embedding": "auto", "judge": "critics"}
    with pytest.raises(ScenarioError, match="its card 'critic' is of role 'critic'; it needs: judge"):
        desk.resolve()


async def test_a_judge_decides_what_a_rule_cannot(desk: Any) -> None:
    """Of texts that lie close together it tells those that ask for the same from those that only sound alike."""
    benchmark = [
        {"id": "e1", "question": "What is the sum of 17 and 25?"},
        {"id": "e2", "question": "Give me three tips for sleeping less badly."},
        {"id": "e3", "question": "What is 12 times 13?"},
    ]
    (desk.folder / "benchmark.jsonl").write_text("".join(json.dumps(row) + "\n" for row in benchmark))
    desk.scenario["models"]["owl"] = {"model": "sim/owl", "family": "owls", "license": "mit"}
    desk.scenario["models"]["owl"]["sim"] = {"judge": {"accuracy": 1.0}}
    desk.scenario["cast"]["deciders"] = {"models": ["owl"], "card": "judge"}
    stage = {"against": "benchmark.jsonl", "method": "semantic", "judge": "deciders", "embedding": "hashed-ngrams"}
    desk.scenario["stages"] = [{"decontaminate": {**stage, "threshold": 0.05}}, "answer", "battle"]
    first = await desk.run()
    found = aside(desk)
    assert {id_: (row.against, row.detail) for id_, row in found.items()} == {
        "sum": ("e1", "judge owl"),
        "advice": ("e2", "judge owl"),
    }
    assert first.gateway.tally.made > 0
    with Store.open(desk.db) as store:
        asked = [use for use in store.rows(CallUse, session="small") if use.role == "judge" and "/" in use.step]
        assert len(asked) >= 6
        assert not list(store.rows(Failure, session="small"))
    assert (await desk.run()).gateway.tally.made == 0
    forecast = await plan(desk.resolve(), desk.resolve(rehearse=True), PlanOptions(db=desk.db))
    made = sum(line.calls.likely for line in forecast.lines if line.stage == "decontaminate")
    assert 0 < made <= next(one.calls for one in forecast.worst if one.stage == "decontaminate")


async def test_an_unreadable_judge_lets_nothing_pass(desk: Any) -> None:
    (desk.folder / "benchmark.jsonl").write_text('{"question": "What is the sum of 17 and 25?"}\n')
    async with Loopback(lambda body: "I could not say.") as server:
        declared(desk, server)
        desk.scenario["cast"]["deciders"] = {"models": ["vectors"], "card": "judge"}
        stage = {"against": "benchmark.jsonl", "method": "semantic", "judge": "deciders", "embedding": "hashed-ngrams"}
        desk.scenario["stages"] = [{"decontaminate": {**stage, "threshold": 0.3}}, "answer", "battle"]
        result = await desk.run()
    assert {id_: row.reason for id_, row in aside(desk).items()} == {"sum": "undecided", "difference": "undecided"}
    assert result.progress.failures == {"parse_failed": 2}


async def test_files_are_compared_by_models_too(desk: Any) -> None:
    (desk.folder / "test.jsonl").write_text('{"id": "e1", "question": "Add 17 and 25."}\n')
    async with Loopback(meaning, faults=[Fault("500")]) as server:
        (desk.folder / "models.yaml").write_text(
            "models:\n  vectors: {model: openai/vectors, family: v, identity: v, price: free, "
            f"api_base: '{server.base}'}}\nbudget: {{calls: 40}}\n"
        )
        options = TextFileOptions("aaa.db", "data-dedup", models_of("models.yaml"))
        vectors = await vectors_of(["17 plus 25", "add 25, 17", "river"], options)
        assert vectors[0] @ vectors[1] > 0.99 > vectors[0] @ vectors[2]
        asked = len(server.requests)
        await vectors_of(["17 plus 25", "river"], options)
        assert len(server.requests) == asked

        rows = [["What is 17 plus 25?"], ["Name a river.", "And what is 25 plus 17?"], ["12 times 11"], []]
        options = TextFileOptions("aaa.db", "data-check", models_of("models.yaml"))
        keys = {"method": "semantic", "threshold": 0.9}
        found = await decontaminate_file(rows, Path("test.jsonl"), keys, options)
        assert {at: (row.detail, row.against) for at, row in found.aside.items()} == {
            0: ("semantic", "e1"),
            1: ("semantic", "e1"),
        }
        assert found.run.session == "data-check"
        assert not found.unchecked


async def test_what_a_server_would_not_compare_the_next_run_does(desk: Any) -> None:
    (desk.folder / "benchmark.jsonl").write_text('{"question": "Add 17 and 25."}\n')
    locked = [True]

    def sometimes(body: Body) -> Any:
        return web.Response(status=401, text='{"error": "no"}') if locked[0] else meaning(body)

    async with Loopback(sometimes) as server:
        declared(desk, server)
        stage = {"against": "benchmark.jsonl", "method": "semantic", "embedding": "vectors", "threshold": 0.95}
        desk.scenario["stages"] = [{"decontaminate": stage}, "answer", "battle"]
        await desk.run()
        assert {row.reason for row in aside(desk).values()} == {"undecided"}
        assert len(aside(desk)) == len(desk.prompts)
        assert not desk.rows()
        locked[0] = False
        await desk.run()
    assert {id_: row.reason for id_, row in aside(desk).items()} == {"sum": "contaminated"}
    assert desk.rows("sft.jsonl")
