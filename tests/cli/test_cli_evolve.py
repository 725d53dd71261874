"""`aaa evolve --auto` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

from cli_helpers import Aaa

SETTINGS = """
models:
  eve: {model: sim/eve, family: eves, license: mit, sim: {heed: 0.9}}
  opt: {model: sim/opt, family: opts, license: mit, sim: {heed: 0.9}}
evolvers: eve
optimisers: opt
method: method.md
dev: 40
candidates: 3
steps: 3
"""
FLAWED = "Make it harder. Keep the given input. Then answer it. Add 10 to 20 words. Give only the instruction."


def folder(method: str = FLAWED) -> None:
    Path("auto.yaml").write_text(SETTINGS)
    Path("method.md").write_text(method)
    rows = ({"id": f"p{n}", "instruction": f"Give me {n} tips for saving money in week {n}."} for n in range(80))
    Path("prompts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def test_a_method_is_optimised_shown_and_written(aaa: Aaa) -> None:
    folder()
    told = aaa("evolve", "prompts.jsonl", "--auto", "auto.yaml", "--out", "out/better.md")
    assert told.code == 0, told.err
    assert "REHEARSAL" in told.out
    for words in ("Step 1", "standing", "candidate 1", "accepted", "answered: ", "the last step: ", "out/better.md"):
        assert words in told.out, words
    better = Path("out/better.md").read_text()
    assert "Then answer it" not in better
    again = aaa("evolve", "prompts.jsonl", "--auto", "auto.yaml", "--json")
    assert again.json["method"] == better.strip()
    assert again.json["accepted"] == sum(step["accepted"] is not None for step in again.json["steps"]) > 0
    assert again.json["calls"]["made"] == 0
    assert again.json["complete"]


def test_wrong_use(aaa: Aaa) -> None:
    folder()
    assert aaa("evolve", "prompts.jsonl").code == 2
    assert aaa("evolve", "nowhere.jsonl", "--auto", "auto.yaml").code == 2
    Path("auto.yaml").write_text(SETTINGS.replace("dev: 40", "dev: 400"))
    told = aaa("evolve", "prompts.jsonl", "--auto", "auto.yaml")
    assert told.code == 2
    assert "410 are needed" in told.err
    assert not Path("data/aaa.db").exists()


def test_a_budget_ends_it_cleanly_and_the_same_command_goes_on(aaa: Aaa) -> None:
    folder()
    Path("auto.yaml").write_text(f"{SETTINGS}budget: {{calls: 50}}\n")
    cut = aaa("evolve", "prompts.jsonl", "--auto", "auto.yaml", "--out", "better.md")
    assert cut.code == 1
    assert not Path("better.md").exists()
    Path("auto.yaml").write_text(SETTINGS)
    assert aaa("evolve", "prompts.jsonl", "--auto", "auto.yaml", "--out", "better.md").code == 0
    assert Path("better.md").exists()
