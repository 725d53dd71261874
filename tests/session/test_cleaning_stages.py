"""Stages `dedup` and `decontaminate`, and evaluation prompts, which never reach training data."""

from __future__ import annotations

import json

import pytest
from loopback import Loopback

from aaa.errors import ScenarioError, UsageError
from aaa.scenario import DedupStage, Scenario, SelfTeachStage
from aaa.session.stages.keeping_out import kept_out
from aaa.store import Store
from aaa.types import Answer, Instruction, Judgment, Rejection, SetAside, Verdict

PAINT = "A wall of 24 square metres is painted at 8 square metres a litre. How many litres of paint are needed for it?"
ASKED = {"id": "paint", "instruction": f"Please help me. {PAINT}", "reference": "3", "verifier": {"kind": "numeric"}}


def set_aside(desk):
    with Store.open(desk.db) as store:
        names = {row.id: row.source_id for row in store.rows(Instruction, session="small")}
        return {names[row.instruction]: (row.stage, row.reason) for row in store.rows(SetAside, session="small")}


def exported(desk):
    return (desk.folder / "pairs.jsonl").read_text() + (desk.folder / "sft.jsonl").read_text()


async def test_evaluation_prompts_never_become_training_data(desk):
    desk.prompts.append(ASKED)
    desk.scenario |= {"stages": ["answer", "battle"], "evaluation": {"prompts": "benchmark.jsonl"}}
    (desk.folder / "benchmark.jsonl").write_text(
        "".join(json.dumps({"question": text}) + "\n" for text in (PAINT, "what is 17 + 25?"))
    )
    first = await desk.run()
    assert first.stopped is None
    assert set_aside(desk) == dict.fromkeys(("paint", "sum"), ("held-out", "contaminated"))
    assert exported(desk)
    assert "paint" not in exported(desk)
    assert "17 + 25" not in exported(desk)
    before = exported(desk)
    again = await desk.run()
    assert again.gateway.tally.made == 0
    assert exported(desk) == before


async def test_of_duplicates_one_prompt_goes_on(desk):
    desk.prompts.append({**desk.prompts[0], "id": "sum-again", "instruction": "what is  17 + 25?"})
    desk.scenario["stages"] = [{"dedup": {"method": "exact"}}, "answer", "battle"]
    result = await desk.run()
    assert result.stopped is None
    # Of equals the longer one stays: it has a space more.
    assert set_aside(desk) == {"sum": ("dedup", "duplicate")}
    assert "what is  17 + 25?" in exported(desk)


async def test_a_benchmark_that_is_not_there_is_said_before_anything_is_written(desk):
    desk.scenario["stages"] = [{"decontaminate": {"against": "benchmark.jsonl", "method": "ngram"}}, "answer", "battle"]
    with pytest.raises(ScenarioError, match="no file matches"):
        await desk.run()
    (desk.folder / "benchmark.jsonl").write_text('{"id": "x"}\n')
    with pytest.raises(UsageError, match="holds no text"):
        await desk.run()


def test_what_stages_make_is_checked_too(desk, monkeypatch):
    desk.scenario["stages"] = ["dedup", "answer", "self_teach", "battle"]
    desk.scenario["evaluation"] = {"prompts": ["a.jsonl"]}
    scenario = Scenario.model_validate(desk.scenario)
    assert [one.name for one in kept_out(scenario)] == ["held-out", "dedup", "answer", "self_teach", "battle"]
    monkeypatch.setattr(SelfTeachStage, "branches", True)
    names = [one.name for one in kept_out(scenario)]
    assert names == ["held-out", "dedup", "answer", "self_teach", "held-out-2", "battle"]
    assert isinstance(scenario.stages[0], DedupStage)


async def test_every_form_of_a_benchmark_is_kept_out_also_of_what_evolution_makes(desk):
    """Rows without a text that is known were passed over in silence, and turns of conversations not looked at."""
    rows = [
        {"question_id": 81, "turns": ["What is 17 + 25?", "And twice that?"]},
        {"prompt": ["Give me three tips for sleeping better."]},
        {"conversations": [{"from": "human", "value": "What is 12 times 11?"}, {"from": "gpt", "value": "132"}]},
        {"key": 5, "prompt": "What is 9 + 9?"},
    ]
    (desk.folder / "benchmark.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    talk = [("user", "What is 9 + 9?"), ("assistant", "18"), ("user", "Name a river of Asia.")]
    desk.prompts.append({"id": "talk", "messages": [{"role": role, "content": text} for role, text in talk]})
    desk.scenario |= {"stages": [{"evolve": {"by": "critics", "rounds": 1}}, "answer", "battle"]}
    desk.scenario["evaluation"] = {"prompts": "benchmark.jsonl"}
    evolved = await desk.run()
    assert evolved.stopped is None
    assert set(set_aside(desk)) == {"sum", "advice", "product", "talk"}
    with Store.open(desk.db) as store:
        child = next(row for row in store.rows(Instruction, session="small") if row.lineage.parent)

    # Had the benchmark asked what evolution made, that would have been kept out too.
    with (desk.folder / "benchmark.jsonl").open("a") as file:
        file.write(json.dumps({"question": child.text}) + "\n")
    again = await desk.run(accept_changes=True)
    assert again.stopped is None
    assert set_aside(desk)[child.source_id] == ("held-out-2", "contaminated")
    assert child.text not in exported(desk)
    assert "no_verdict" not in {row.reason for row in left_out(desk)}


def left_out(desk):
    with Store.open(desk.db) as store:
        return list(store.rows(Rejection, session="small"))


async def test_a_benchmark_with_a_row_that_cannot_be_kept_out_is_refused(desk):
    desk.scenario |= {"stages": ["answer", "battle"], "evaluation": {"prompts": "benchmark.jsonl"}}
    (desk.folder / "benchmark.jsonl").write_text('{"question": "Why?"}\n{"id": "x", "stem": "Where?"}\n')
    with pytest.raises(UsageError, match=r"row 2 \(x\) holds no text .* this one has: id, stem"):
        await desk.run()


async def test_of_equal_answers_to_several_prompts_the_best_is_kept(desk):
    """Prompts go on; what says the same as a better graded answer is in no selection, with its reason."""
    said = "Sleep well, drink water and do not look at a screen for an hour before you go to bed."

    def parrot(body):
        return said if "tips" in body["messages"][-1]["content"] else f"{said} {body['messages'][-1]['content']}"

    desk.prompts = [
        {"id": f"p{n}", "instruction": f"Give me {n} tips for sleeping better.", "skill": "advice"} for n in range(2, 6)
    ] + [{"id": "other", "instruction": "What should I do before I go to bed?", "skill": "advice"}]
    async with Loopback(parrot) as server:
        desk.scenario["models"]["ant"] = {
            "model": "openai/ant", "family": "insects", "license": "mit", "identity": "ant", "api_base": server.base,
            "price": "free",
        }  # fmt: skip
        desk.scenario["allow_simulated_mix"] = True
        desk.scenario["stages"] = [
            "answer",
            "grade",
            {"dedup": {"of": "answers", "method": "exact", "min_words": 8}},
            "battle",
        ]
        desk.scenario["export"] = [{"format": "trl-sft", "to": "sft.jsonl"}]
        first = await desk.run()
        assert first.stopped is None
        with Store.open(desk.db) as store:
            aside = list(store.rows(SetAside, session="small"))
            answers = {row.id: row for row in store.rows(Answer, session="small")}
            grades = {row.reading.answer: row.reading.score for row in store.rows(Judgment, session="small")
                      if row.reading.kind == "pointwise"}  # fmt: skip
            reasons = {row.rows[0]: row.reason for row in store.rows(Rejection, session="small") if row.target == "sft"}
            assert store.count(Verdict, session="small") == 5, "the prompts went on"
        parroted = {id_ for id_, row in answers.items() if row.member == "ant" and row.text == said}
        gone = {row.answer for row in aside}
        assert len(parroted - gone) == 1
        assert {answers[id_].member for id_ in gone} == {"ant"}
        assert all(row.reason == "duplicate" and row.against in parroted - gone for row in aside)
        assert all(reasons[id_] == "duplicate" for id_ in gone)
        assert grades
        text = (desk.folder / "sft.jsonl").read_text()
        assert text.count(said) <= 2, "one parroted answer at most, beside that of the other prompt"
        assert (await desk.run()).gateway.tally.made == 0
        assert (desk.folder / "sft.jsonl").read_text() == text
