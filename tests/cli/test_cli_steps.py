"""Process labels as a user makes them: the gallery's scenario, from a run to files that are checked."""

from __future__ import annotations

import json
from pathlib import Path

from cli_helpers import ROOT, Aaa

SCENARIO = str(ROOT / "scenarios" / "process_labels.yaml")
SMALL = ("--set", "prompts.sample.size=8")


def test_the_gallery_makes_process_labels_that_can_be_explained_and_verified(aaa: Aaa) -> None:
    forecast = aaa("plan", SCENARIO, *SMALL)
    assert "answers with labelled steps" in forecast.out
    told = aaa("run", SCENARIO, *SMALL)
    assert told.code == 0
    assert "Answers read step by step" in told.out
    assert "needed no stronger panel" in told.out
    advised = [line.strip() for line in told.out.splitlines() if line.startswith("  aaa ")]
    for command in advised:
        assert aaa(*command.split()[1:]).code == 0, command
    rows = [json.loads(line) for line in Path("out/process-labels/process.jsonl").read_text().splitlines()]
    assert {True, False} == {all(row["labels"]) for row in rows}
    for row in rows:
        assert len(row["completions"]) == len(row["labels"])
        assert False not in row["labels"][:-1], "cut after the first wrong step"
        assert not {"elm", "fir"} & set(row["judges"]), "who answers does not judge"
        assert "mit" not in row["licenses"] or "gorse" in row["producers"], "jurors' terms are no terms of the row"
    wrong = next(row for row in rows if not row["labels"][-1])
    story = aaa("select", "process-labels", "--explain", wrong["id"], "--json").json
    (taken,) = [row for row in story["taken"] if row["id"] == wrong["id"]]
    (verdict,) = [one for one in story["step_verdicts"] if one["id"] == taken["lineage"]["verdict"]]
    assert verdict["first_wrong"] == len(wrong["labels"]) - 1
    shown = aaa("select", "process-labels", "--explain", taken["answer"]).out
    assert f"step {verdict['first_wrong'] + 1} of {len(verdict['steps'])} is the first wrong one" in shown
    assert f"x {verdict['first_wrong'] + 1}. " in shown
    assert aaa("show", verdict["id"]).json["kind"] == "StepVerdict"
    assert aaa("status", "process-labels", "--json").json["stepped_samples"]["process"] >= len(rows)


def test_the_jurors_are_audited(aaa: Aaa) -> None:
    aaa("run", SCENARIO, *SMALL)
    found = aaa("audit", "process-labels", "--json").json
    assert set(found["steps"]) >= {"gorse", "hazel", "iris"}
    for reader in found["steps"].values():
        assert reader["readings"] > 0
        for name, interval in reader["intervals"].items():
            assert interval["low"] <= reader[name] <= interval["high"] or reader[name] in (0.0, 1.0)
    told = aaa("audit", "process-labels").out
    assert "Judges of steps" in told
    assert "refuted: " in told
    assert aaa("audit", "process-labels", "--panel", "judges", "--json").json["steps"] == found["steps"]
    jurors = {"elk": {"model": "sim/rowan", "family": "deer", "license": "mit"}}
    panel = {"models": jurors, "cast": {"judges": {"models": ["elk"], "quorum": 1}}}
    Path("second.yaml").write_text(json.dumps(panel))
    told = aaa("judge", "process-labels", "--judges", "second.yaml")
    assert told.code == 0, told.err
    assert "panel second: " in told.out
    assert " decided on steps" in told.out
    again = aaa("judge", "process-labels", "--judges", "second.yaml", "--json").json
    assert again["calls"]["made"] == 0
    assert again["step_verdicts"]["decided"] > 0
    assert set(again["steps"]) == {"elk"}
    nobody = aaa("audit", "process-labels", "--panel", "nobody")
    assert nobody.code == 2
    assert "readings of steps of panel 'nobody'" in nobody.err


def test_a_changed_label_is_found_by_verify(aaa: Aaa) -> None:
    assert aaa("run", SCENARIO, *SMALL).code == 0
    folder = Path("out/process-labels")
    assert aaa("verify", str(folder)).code == 0
    card = (folder / "README.md").read_text()
    assert "process-supervision" in card
    assert '"recovered": "drop"' in card
    file = folder / "strict.jsonl"
    file.write_text(file.read_text().replace("true]", "false]", 1))
    changed = aaa("verify", str(folder))
    assert changed.code == 1
    assert "strict.jsonl" in changed.out
    broken = Path("broken.jsonl")
    broken.write_text(json.dumps({"prompt": "a", "completions": ["b", "c"], "labels": [True]}) + "\n")
    checked = aaa("export", "--check", str(broken), "--format", "trl-stepwise")
    assert checked.code == 1
    assert "labels" in checked.out


def test_more_selections_afterwards_cost_nothing(aaa: Aaa) -> None:
    aaa("run", SCENARIO, *SMALL)
    rules = ("--set", "steps.after=wrong", "--set", "steps.min_agreement=1")
    made = aaa("select", "process-labels", "--name", "whole", *rules, "--json").json
    strict = made["strict"]
    dropped = strict["left_out"]["steps"].get("contradicted", 0)
    assert made["whole"]["taken"]["steps"] == strict["taken"]["steps"] + dropped
    export = ("export", "process-labels", "--selection", "whole", "--format", "trl-stepwise", "--out", "whole.jsonl")
    assert aaa(*export).code == 0
    rows = [json.loads(line) for line in Path("whole.jsonl").read_text().splitlines()]
    assert any(row["labels"].count(False) > 1 for row in rows)
    refused = aaa("select", "process-labels", "--name", "odd", "--set", "steps.after=never")
    assert refused.code == 2
    assert "cut" in refused.err
