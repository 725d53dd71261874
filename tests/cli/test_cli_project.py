"""`aaa init` and `aaa schema`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_helpers import Aaa


def test_a_new_project_runs(aaa: Aaa, monkeypatch: pytest.MonkeyPatch) -> None:
    told = aaa("init", "project")
    assert told.code == 0
    assert "Next: cd project && aaa run scenarios/quickstart.yaml" in told.out
    monkeypatch.chdir("project")
    small = ["--set", "prompts.sample.size=3", "--set", "stages=[answer, battle]"]
    assert aaa("run", "scenarios/quickstart.yaml", *small, "--json").json["complete"] is True
    monkeypatch.chdir("..")
    again = aaa("init", "project")
    assert again.code == 2
    assert "overwrites nothing" in again.err


def test_the_schema_goes_to_stdout_or_into_a_file(aaa: Aaa) -> None:
    told = aaa("schema")
    assert told.json["title"] == "AAA scenario"
    assert aaa("schema", "--out", "new/schema.json").code == 0
    assert json.loads(Path("new/schema.json").read_text()) == told.json
    Path("folder").mkdir()
    failed = aaa("schema", "--out", "folder")
    assert failed.code == 2
    assert "folder cannot be written" in failed.err
