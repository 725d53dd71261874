"""`aaa evolve --models` as a user meets it: files in, files out, reasons, lineage, and going on."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import HOSTILE, Aaa

from aaa.scenario import Prompts, read_prompts

ROWS = [
    {"id": "sum", "instruction": "What is 17 + 25?", "skill": "arithmetic"},
    {"id": "tips", "instruction": f"Give me three tips for sleeping better. {HOSTILE}"},
    {"id": "ferry", "instruction": "Translate into German:", "input": "The ferry leaves at nine in the morning."},
]
EVE = """
models:
  eve: {model: sim/eve, family: eves, sim: {evolve: {chatter: 0.3, repeats: 0.2}}}
  ned: {model: sim/ned, family: neds, sim: {}}
"""


def lines(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def write(*more: str) -> None:
    Path("prompts.jsonl").write_text("".join(f"{line}\n" for line in [*map(json.dumps, ROWS), *more]))
    Path("models.yaml").write_text(EVE)


def test_prompts_evolve_into_files(aaa: Aaa) -> None:
    write("no json", '{"id": "nothing", "instruction": " "}')
    told = aaa("evolve", "prompts.jsonl", "--models", "models.yaml", "--rounds", "3", "--out", "out/new.jsonl")
    assert told.code == 0, told.err
    assert "REHEARSAL" in told.out
    made, rejected = lines("out/new.jsonl"), lines("out/new.rejected.jsonl")
    assert f"{len(made)} new instructions" in told.out
    ids = {row["id"] for row in [*ROWS, *made]}
    assert len(ids) == len(ROWS) + len(made)
    for row in made:
        assert row["lineage"]["parent"] in ids
        assert {row["lineage"]["model"]} <= {"eve", "ned"}
        assert row["lineage"]["prompt"]
        assert row["meta"] == {"simulated": True}
    assert any(row["skill"] == "arithmetic" for row in made if "skill" in row)
    assert all("The ferry leaves at nine in the morning" in row["instruction"] for row in made
               if row["id"].startswith("ferry") and row["lineage"]["operation"] != "breadth"
               and "breadth" not in row["lineage"]["parent"])  # fmt: skip
    read = list(read_prompts(Prompts.model_validate({"from": "out/new.jsonl"}), near=Path.cwd()))
    assert [row.lineage.parent for row in read] == [row["lineage"]["parent"] for row in made], "prompts of a scenario"
    assert all(row.producers for row in read)
    reasons = {row["reason"] for row in rejected}
    assert {"meta_chatter", "malformed", "empty"} <= reasons
    assert {row["line"] for row in rejected if "line" in row} == {4, 5}
    again = aaa("evolve", "prompts.jsonl", "--models", "models.yaml", "--rounds", "3", "--out", "b.jsonl", "--json")
    assert (again.json["calls"]["made"], again.json["made"]) == (0, len(made))
    assert Path("b.jsonl").read_bytes() == Path("out/new.jsonl").read_bytes()
    assert sum(one["kept"] for one in again.json["yield"].values()) == len(made)
    assert again.json["yield"]["ned"]["kept"] / again.json["yield"]["ned"]["tried"] > 0.7


def test_raters_grade_beside_each_other(aaa: Aaa) -> None:
    write()
    told = aaa(
        "evolve", "prompts.jsonl", "--models", "sim/maple,sim/birch", "--raters", "sim/cedar", "--out", "new.jsonl"
    )
    assert told.code == 0, told.err
    assert all(1 <= row["difficulty"] <= 10 for row in lines("new.jsonl"))


def test_the_lineage_is_shown_and_written(aaa: Aaa) -> None:
    write()
    shown = aaa("evolve", "prompts.jsonl", "--models", "models.yaml", "--lineage", "-")
    assert "\nWhat is 17 + 25?\n" in shown.out
    assert "(round 1, " in shown.out
    assert "\x1b[31m" not in shown.out
    for name in ("tree.json", "tree.dot", "tree.graphml"):
        assert aaa("evolve", "prompts.jsonl", "--models", "models.yaml", "--lineage", name).code == 0
    graph = json.loads(Path("tree.json").read_text())
    assert len(graph["edges"]) == len(graph["nodes"]) - len(ROWS) > 0
    assert {"operation", "round", "model", "prompt"} <= set(graph["edges"][0])
    root = ElementTree.parse("tree.graphml").getroot()
    assert len(list(root.iter("{http://graphml.graphdrawing.org/xmlns}edge"))) == len(graph["edges"])
    assert Path("tree.dot").read_text().count(" -> ") == len(graph["edges"])


def test_a_method_takes_the_place_of_operations(aaa: Aaa) -> None:
    write()
    Path("mine.md").write_text("Make it harder. Keep the given input. Do not answer it. Add 10 to 20 words.")
    told = aaa(
        "evolve", "prompts.jsonl", "--models", "sim/maple", "--method", "mine.md", "--rounds", "1", "--out", "n.jsonl"
    )
    assert told.code == 0, told.err
    assert {row["lineage"]["operation"] for row in lines("n.jsonl")} == {"method"}


def test_what_is_done_can_be_chosen(aaa: Aaa) -> None:
    write()
    told = aaa(
        "evolve", "prompts.jsonl", "--models", "sim/maple", "--operations", "reason=3,constraint", "--form", "general",
        "--keep", "last", "--tries", "1", "--checks", "0", "--direction", "up", "--rounds", "2", "--out", "n.jsonl",
    )  # fmt: skip
    assert told.code == 0, told.err
    made = lines("n.jsonl")
    assert {row["lineage"]["operation"] for row in made} <= {"reason", "constraint"}
    assert [row["lineage"]["round"] for row in made] == [2, 2, 2]
    assert "no_information_gain" not in told.out


def test_rows_of_self_instruct_bring_their_input(aaa: Aaa) -> None:
    task = {"id": "t", "name": "n", "instruction": "Translate into German.", "is_classification": False,
            "instances": [{"input": "The ferry leaves at nine.", "output": "Die Fähre geht um neun."}]}  # fmt: skip
    Path("tasks.jsonl").write_text(f"{json.dumps(task)}\n")
    told = aaa("evolve", "tasks.jsonl", "--models", "sim/maple", "--operations", "reason", "--out", "n.jsonl")
    assert told.code == 0, told.err
    assert all("The ferry leaves at nine." in row["instruction"] for row in lines("n.jsonl"))
    assert not any("Die Fähre" in row["instruction"] for row in lines("n.jsonl"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "--auto FILE"),
        (["--models", ","], "names no models"),
        (["--models", "nowhere.yaml"], "nowhere.yaml"),
        (["--models", "sim/maple,openai/maple"], "two models"),
        (["--models", "sim/maple", "--method", "nowhere.md"], "nowhere.md"),
        (["--models", "sim/maple", "--direction", "sideways"], "'up'"),
        (["--models", "sim/maple", "--raters", "sim/maple"], "all of group"),
        (["--models", "sim/maple", "--operations", "reason=much"], "must be a number"),
        (["--models", "sim/maple", "--operations", "deepened"], "deepen"),
        (["--models", "sim/maple", "--form", "poem"], "'math'"),
        (["--models", "sim/maple", "--checks", "2"], "0, 1, 3 or 5"),
        (["--models", "sim/maple", "--operations", "reason", "--method", "m.md"], "one of them"),
        (["--models", "sim/maple", "--checks", "1", "--auto", "auto.yaml"], "--checks: not with --auto"),
        (["--models", "sim/maple", "--lineage", "tree.png"], ".graphml"),
        (["--models", "sim/maple", "--auto", "auto.yaml"], "not with --auto"),
    ],
)
def test_wrong_use_writes_nothing(aaa: Aaa, options: list[str], words: str) -> None:
    write()
    told = aaa("evolve", "prompts.jsonl", *options)
    assert told.code == 2, told.err
    assert words in told.err
    assert not Path("data/aaa.db").exists()


def test_a_budget_ends_it_cleanly_and_the_same_command_goes_on(aaa: Aaa) -> None:
    write()
    Path("models.yaml").write_text(f"{EVE}\nbudget: {{calls: 5}}\n")
    assert aaa("evolve", "prompts.jsonl", "--models", "models.yaml", "--out", "a.jsonl").code == 1
    Path("models.yaml").write_text(EVE)
    told = aaa("evolve", "prompts.jsonl", "--models", "models.yaml", "--out", "a.jsonl", "--json")
    assert told.code == 0, told.err
    assert told.json["calls"]["replayed"] >= 4
