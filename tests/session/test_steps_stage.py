"""Stage `steps`: labels for process reward models, from a session to the file."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from loopback import Loopback, simulated

from aaa.errors import ScenarioError
from aaa.export import check_files
from aaa.session import ExportOptions, RunOptions, export, run_session, standings
from aaa.session.explaining import explain
from aaa.session.item_records import panel_group
from aaa.session.planning import PlanOptions, plan
from aaa.session.rejudge import judge_session
from aaa.session.validation import validate
from aaa.session.work import WorkOptions
from aaa.sim.skills import solve
from aaa.store import Store
from aaa.types import (
    Answer,
    CallUse,
    Failure,
    Instruction,
    Judgment,
    Rejection,
    Session,
    SteppedSample,
    StepReading,
    StepVerdict,
    episode_id,
)

SHARED = Path(os.environ.get("AAA_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
SUMS = [(17, 25, 38), (12, 11, 90), (45, 67, 19), (81, 23, 44), (7, 58, 36), (64, 29, 15), (33, 48, 71), (92, 16, 55)]


def reckoning(desk: Any, accuracy: float = 1.0, **judge: Any) -> None:
    """Weak members who show their work, and jurors of the declared accuracy."""
    desk.prompts = [
        {
            "id": f"sum-{a}",
            "instruction": f"Calculate {a} + {b} + {c} - {a % 10}.",
            "reference": str(a + b + c - a % 10),
            "verifier": {"kind": "numeric"},
        }
        for a, b, c in SUMS
    ]
    models = desk.scenario["models"]
    for name in ("ant", "bee"):
        models[name]["sim"] = {"default_skill": 0.4, "verbosity": 0.6}
    for name, family in (("cat", "mammals"), ("dog", "canids"), ("eel", "fish")):
        profile = {"judge": {"accuracy": accuracy, **judge}}
        models[name] = {"model": f"sim/{name}", "family": family, "license": "mit", "sim": profile}
    desk.scenario["cast"]["judges"] = {"models": ["cat", "dog", "eel"], "card": "judge", "quorum": 2}
    desk.scenario["stages"] = ["answer", "steps"]
    desk.scenario["select"] = {"process": {"steps": {}}}
    desk.scenario["export"] = [{"selection": "process", "format": "trl-stepwise", "to": "steps.jsonl", "card": True}]


def rows(desk: Any, kind: Any) -> list[Any]:
    with Store.open(desk.db) as store:
        return list(store.rows(kind, session="small"))


def first_wrong(task: str, steps: list[str]) -> int | None:
    """The truth, by the simulator's own solution of the task: the first line that only a slip leads to, else a wrong
    result."""
    solution = solve(task)
    assert solution is not None
    slips = {line for slip in solution.slips for line in slip.steps} - {*solution.right.steps}
    for number, step in enumerate(steps):
        if any(step.endswith(line) for line in slips) or ("nswer:" in step and not step.endswith(solution.answer)):
            return number
    return None


async def test_faithful_jurors_give_true_labels_and_the_file_holds_them(desk: Any) -> None:
    reckoning(desk)
    result = await desk.run()
    assert result.progress.failed == 0
    tasks = {row["id"]: row["instruction"] for row in desk.prompts}
    answers = {answer.id: answer for answer in rows(desk, Answer)}
    samples: list[SteppedSample] = rows(desk, SteppedSample)
    wrong = 0
    for sample in samples:
        text = answers[sample.answer].text
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        truth = first_wrong(tasks[sample.source_id], lines)
        assert sample.labels == ((True,) * len(lines) if truth is None else (True,) * truth + (False,))
        assert list(sample.steps) == lines[: len(sample.labels)]
        assert sample.verified is (truth is None)
        assert sample.agreement == 1.0
        assert set(sample.judges) == {"cat", "dog", "eel"}
        assert [producer.model for producer in sample.producers] == [answers[sample.answer].member]
        wrong += truth is not None
    assert 2 <= wrong < len(samples) - 2
    found = {row["id"]: row for row in desk.rows("steps.jsonl")}
    assert len(found) == len(samples)
    for sample in samples:
        row = found[sample.id]
        assert (row["completions"], row["labels"]) == ([*sample.steps], [*sample.labels])
        assert (row["licenses"], row["judges"]) == ([*sample.licenses], [*sample.judges])
    assert check_files("trl-stepwise", desk.folder / "steps.jsonl").good
    card = (desk.folder / "README.md").read_text()
    assert "process-supervision" in card
    assert '"after": "cut"' in card
    assert f"step by step: {len(answers)} decided" in card


@pytest.mark.parametrize("structured", [False, True])
async def test_jurors_err_as_declared_and_a_panel_less(desk: Any, structured: bool) -> None:
    reckoning(desk, accuracy=0.8, malformed=0.05)
    desk.prompts = [
        {**row, "id": f"{row['id']}-{n}", "instruction": row["instruction"].replace("+", f"+ {n} +", 1)}
        for row in desk.prompts
        for n in range(3, 9)
    ]
    for row in desk.prompts:
        del row["reference"], row["verifier"]
    desk.scenario["cast"]["judges"]["structured"] = structured
    await desk.run()
    tasks = {row["id"]: row["instruction"] for row in desk.prompts}
    sources = {sample.answer: sample.source_id for sample in rows(desk, SteppedSample)}
    answers = {answer.id: answer.text for answer in rows(desk, Answer)}
    readings = Counter[bool]()
    for judgment in rows(desk, Judgment):
        if isinstance(reading := judgment.reading, StepReading) and reading.answer in sources:
            steps = [answers[reading.answer][start:end] for start, end in reading.steps]
            readings[reading.first_wrong == first_wrong(tasks[sources[reading.answer]], steps)] += 1
    verdicts = [verdict for verdict in rows(desk, StepVerdict) if verdict.outcome == "decided"]
    right = Counter[bool]()
    for verdict in verdicts:
        if verdict.answer in sources:
            steps = [answers[verdict.answer][start:end] for start, end in verdict.steps]
            right[verdict.first_wrong == first_wrong(tasks[sources[verdict.answer]], steps)] += 1
    one, panel = readings[True] / readings.total(), right[True] / right.total()
    assert 0.75 < one < 0.92, "decided answers are a little easier than all"
    assert panel > one + 0.05


async def test_what_is_left_out_says_why_and_the_story_tells_it(desk: Any) -> None:
    reckoning(desk, accuracy=0.6)
    desk.scenario["select"] |= {"strict": {"steps": {"min_agreement": 1.0}}, "whole": {"steps": {"after": "wrong"}}}
    await desk.run()
    samples, rejections = rows(desk, SteppedSample), rows(desk, Rejection)
    answers = rows(desk, Answer)
    for selection in ("process", "strict", "whole"):
        told = {row.answer for row in samples if row.selection == selection}
        left = {row.rows[0] for row in rejections if row.selection == selection}
        assert told | left == {answer.id for answer in answers}
        assert not told & left
    assert {row.target for row in rejections} == {"steps"}
    assert {"split_votes"} <= {row.reason for row in rejections}
    strict = {row.answer for row in samples if row.selection == "strict"}
    assert strict < {row.answer for row in samples if row.selection == "process"}
    lengths = {row.id: len(row.steps) for row in rows(desk, StepVerdict)}
    cut = {row.answer: row for row in samples if row.selection == "process"}
    for row in samples:
        if row.selection == "whole":
            assert len(row.labels) == lengths[row.lineage["verdict"]]
            assert row.labels[: len(cut[row.answer].labels)] == cut[row.answer].labels
            assert not any(row.labels[len(cut[row.answer].labels) :]) or all(row.labels)
    with Store.open(desk.db) as store:
        session = store.get(Session, "small")
        assert session is not None
        split = next(row for row in rejections if row.reason == "split_votes")
        story = explain(store, session, split.rows[1])
        assert [verdict.id for verdict in story.record.step_verdicts]
        assert split in story.left_out
        found = standings(store, session)
    assert found.stepped["process"] == len(cut)
    assert sum(tally["read"] for tally in found.readers.values()) == sum(len(v.votes) for v in rows(desk, StepVerdict))


async def test_a_verifier_refutes_jurors_who_find_nothing(desk: Any) -> None:
    reckoning(desk)
    for row in desk.prompts:
        row["instruction"] = f"Think of a number for item {row['id']}."  # nothing to work out: jurors believe each step
    await desk.run()
    verdicts: list[StepVerdict] = rows(desk, StepVerdict)
    assert verdicts
    read = [verdict for verdict in verdicts if verdict.votes]
    for verdict in read:
        if verdict.passed is False:
            assert verdict.outcome != "decided" or verdict.first_wrong is not None
    refuted = {row.answer for row in read if row.outcome == "contradicted"}
    assert refuted
    assert refuted <= {row.rows[0] for row in rows(desk, Rejection) if row.reason == "contradicted"}
    measured = [judgment for judgment in rows(desk, Judgment) if judgment.measured_only]
    assert {judgment.reading.answer for judgment in measured} >= refuted


async def test_unreadable_votes_are_failures_and_no_quorum_is_said(desk: Any) -> None:
    reckoning(desk, malformed=1.0)
    await desk.run()
    assert {verdict.outcome for verdict in rows(desk, StepVerdict)} == {"no_quorum"}
    failures = rows(desk, Failure)
    assert {(failure.kind, failure.role) for failure in failures} == {("parse_failed", "judge")}
    assert len(failures) == 3 * len(rows(desk, Answer))
    assert {row.reason for row in rows(desk, Rejection)} == {"no_quorum"}
    assert not rows(desk, SteppedSample)


async def test_the_plan_counts_its_calls_and_a_second_run_makes_none(desk: Any) -> None:
    reckoning(desk)
    options = PlanOptions(db=desk.db)
    forecast = await plan(desk.resolve(), desk.resolve(), options)
    result = await desk.run()
    made = Counter(use.role for use in rows(desk, CallUse))
    lines = {(line.stage, line.model): line for line in forecast.lines}
    assert sum(line.calls.likely for line in forecast.lines if line.stage == "steps") == made["judge"]
    assert lines["steps", "cat"].calls.likely == len(rows(desk, Answer))
    assert forecast.rows[0].stepped_samples == len(rows(desk, SteppedSample))
    worst = next(one for one in forecast.worst if one.stage == "steps")
    assert worst.calls == 2 * made["judge"]
    spent = result.gateway.tally.tokens
    likely = forecast.total.tokens.likely
    assert likely == pytest.approx(spent, rel=0.05)
    assert (await desk.run()).gateway.tally.made == 0


async def test_another_panel_selects_by_its_own_readings(desk: Any) -> None:
    reckoning(desk)
    desk.scenario["cast"]["second"] = {"models": ["dog"], "card": "judge"}
    desk.scenario["stages"] = ["answer", "steps", {"steps": {"judges": "second", "split": "paragraphs"}}]
    desk.scenario["select"] = {name: {"steps": {}, "panel": name} for name in ("judges", "second")}
    desk.scenario["export"] = []
    await desk.run()
    samples = rows(desk, SteppedSample)
    for name, judges in (("judges", {"cat", "dog", "eel"}), ("second", {"dog"})):
        own = [sample for sample in samples if sample.selection == name]
        assert own
        assert {juror for sample in own for juror in sample.judges} == judges
    assert max(len(row.steps) for row in samples if row.selection == "second") < 5


async def test_a_panel_that_judges_afterwards_reads_the_same_steps(desk: Any) -> None:
    reckoning(desk, accuracy=0.5)
    desk.scenario["stages"] = ["answer", {"steps": {"split": "paragraphs", "min_steps": 1}}, "steps"]
    desk.scenario["select"] |= {"anew": {"panel": "second", "steps": {}}}
    await desk.run()
    file = desk.folder / "second.yaml"
    jurors = {"elk": {"model": "sim/elk", "family": "deer", "license": "mit", "sim": {"judge": {"accuracy": 1.0}}}}
    file.write_text(yaml.safe_dump({"models": jurors, "cast": {"judges": {"models": ["elk"], "quorum": 1}}}))
    judged = await judge_session("small", file, WorkOptions(db=desk.db))
    assert judged.work.progress.failed == 0
    assert set(judged.audit.steps) == {"elk"}
    verdicts: list[StepVerdict] = rows(desk, StepVerdict)
    anew = {verdict.answer: verdict for verdict in verdicts if panel_group(verdict.panel) == "second"}
    first = [verdict for verdict in verdicts if verdict.episode in paragraphs(desk)]
    assert {answer: verdict.steps for answer, verdict in anew.items()} == {one.answer: one.steps for one in first}
    assert {verdict.id for verdict in judged.step_verdicts} == {verdict.id for verdict in anew.values()}
    samples: list[SteppedSample] = rows(desk, SteppedSample)
    chosen = [sample for sample in samples if sample.selection == "anew"]
    assert chosen
    assert all(sample.judges == ("elk",) for sample in chosen)
    again = await judge_session("small", file, WorkOptions(db=desk.db))
    assert (again.work.gateway.tally.made, again.work.progress.replayed) == (0, len(SUMS))


def paragraphs(desk: Any) -> set[str]:
    """Episodes of the first of two stages that read steps."""
    found: list[Instruction] = rows(desk, Instruction)
    return {episode_id("small", "steps", one.id) for one in found}


async def test_real_traces_are_labelled_by_people_and_by_the_panel_alike(desk: Any) -> None:
    path = SHARED / "steps" / "multistep_arithmetic.jsonl"
    if not path.exists():
        pytest.skip("the shared data folder has no steps/multistep_arithmetic.jsonl")
    traces = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][:60]
    reckoning(desk)
    desk.prompts = [
        {
            "id": f"trace-{number}",
            "instruction": row["input"],
            "reference": row["target"],
            "verifier": {"kind": "numeric"},
            "answers": ["\n".join(row["steps"])],
        }
        for number, row in enumerate(traces)
    ]
    desk.scenario["cast"]["members"] = {"models": ["bee"], "card": "member"}
    desk.scenario["target"] = None
    desk.scenario["stages"] = [{"answer": {"given": 1}}, "steps"]
    await desk.run()
    given = {answer.id: answer for answer in rows(desk, Answer) if answer.lineage.operation == "given"}
    assert len(given) == len(traces)
    samples = [sample for sample in rows(desk, SteppedSample) if sample.answer in given]
    by_people = {f"trace-{number}": row for number, row in enumerate(traces)}
    alike = 0
    for sample in samples:
        row = by_people[sample.source_id]
        at = row["mistake_index"]
        assert list(sample.steps) == row["steps"][: len(sample.steps)], "steps as people divided them"
        alike += sample.labels == ((True,) * len(row["steps"]) if at is None else (True,) * at + (False,))
        assert sample.verified is (row["answer"] == row["target"])
    assert len(samples) > 40
    assert alike / len(samples) > 0.9


async def test_batches_and_real_wires_take_it(desk: Any) -> None:
    reckoning(desk)
    natures = {"ant": "rowan", "bee": "maple", "cat": "cedar", "dog": "willow", "eel": "hazel"}
    async with Loopback(simulated) as server:
        for name in natures:
            desk.scenario["models"][name].pop("sim")
            desk.scenario["models"][name] |= {
                "model": f"hosted_vllm/{natures[name]}",
                "api_base": server.base,
                "identity": f"{name}@1",
            }
        result = await run_session(desk.resolve(), RunOptions(db=desk.db))
    assert result.progress.failed == 0
    assert rows(desk, SteppedSample)
    with Store.open(desk.db) as store:
        options = ExportOptions(terms="commercial")
        made = export(store, "small", "process", "trl-stepwise", desk.folder / "x.jsonl", options)
    assert made.made.rows + len(made.made.left_out) == len(rows(desk, SteppedSample))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"stages": ["steps"]}, "nothing to read"),
        ({"stages": ["answer", {"steps": {"min_steps": 5, "max_steps": 4}}]}, "above max_steps"),
        ({"stages": ["answer", {"steps": {"split": "words"}}]}, "split"),
        ({"stages": ["answer", {"steps": {"escalate": "judges"}}]}, "twice"),
        ({"select": {"process": {"sft": {}}}}, "makes no rows for trl-stepwise"),
        ({"select": {"process": {"steps": {"min_agreement": 2}}}}, "min_agreement"),
    ],
)
def test_mistakes_in_the_scenario_are_found_at_once(desk: Any, changes: dict[str, Any], words: str) -> None:
    reckoning(desk)
    desk.scenario |= changes
    with pytest.raises(ScenarioError, match=words):
        desk.resolve()


def test_a_panel_that_can_never_read_an_answer_is_found_before_anything_is_paid(desk: Any) -> None:
    reckoning(desk)
    desk.scenario["models"]["dog"]["family"] = "insects"  # ant's
    desk.scenario["cast"]["judges"] |= {"quorum": 3, "own_family": "exclude"}
    with pytest.raises(ScenarioError, match="answers of ant: 2 eligible"):
        validate(desk.resolve())


def test_a_selection_without_the_stage_is_noted(desk: Any) -> None:
    reckoning(desk)
    desk.scenario["stages"] = ["answer"]
    assert any("no `steps` stage" in note for note in validate(desk.resolve()).notes)
