"""The gallery loads, fits the schema that editors use, and the starter project is the gallery."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from aaa.errors import UsageError
from aaa.scenario import bundled_root, check_references, init_project, json_schema, load_card, load_scenario
from aaa.scenario.tree import plain
from aaa.scenario.yaml_reader import read_yaml

GALLERY = sorted((bundled_root() / "scenarios").glob("*.yaml"))
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def test_the_gallery_is_there() -> None:
    assert {"quickstart", "openai_anthropic_vllm", "ollama", "team", "tools"} <= {path.stem for path in GALLERY}


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_gallery_loads_with_its_cards(path: Path) -> None:
    scenario = load_scenario([path])
    cards = {name: load_card(spec.card, near=[path.parent]) for name, spec in scenario.cast.items() if spec.card}
    check_references(scenario, cards)
    families = {scenario.models[name].family for name in scenario.cast["judges"].models}
    assert len(families) >= 3


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_gallery_fits_the_schema_for_editors(path: Path) -> None:
    VALIDATOR.validate(plain(read_yaml(path)))


def test_quickstart_is_what_issue_and_readme_promise() -> None:
    scenario = load_scenario([Path("scenarios/quickstart.yaml")])
    assert all(model.simulated for model in scenario.models.values())
    assert len({model.family for model in scenario.models.values()}) >= 4
    assert [stage.kind for stage in scenario.stages] == ["answer", "chat", "grade", "battle", "critique"]
    assert {export.format for export in scenario.export} == {"trl-preference", "trl-sft"}


@pytest.mark.parametrize(
    "fault",
    [
        {"nmae": "x"},
        {"stages": ["anwser"]},
        {"stages": [{"battle": {"agianst": "all"}}]},
        {"stages": [{"kind": "battle", "agianst": "all"}]},
        {"stages": [{"answer": None, "battle": None}]},
        {"models": {"a": {"model": "x", "family": "y", "rmp": 5}}},
        {"budget": {"usd": -1}},
        {"prompts": {"from": 3}},
        {"export": [{"format": "parquet", "to": "x"}]},
    ],
)
def test_the_schema_refuses_faults(fault: Any) -> None:
    assert not VALIDATOR.is_valid(fault)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"extends": "base.yaml", "seed": 3},
        {"stages": ["answer", {"battle": None}, {"battle": {"against": "all"}}, {"kind": "grade", "name": "marks"}]},
        {"stages": [{"answer": {"where": {"skill": "dates", "language": ["en", "de"]}}}]},
        {"prompts": {"from": ["a.jsonl", "b.jsonl"]}},
        {"models": {"a": {"model": "openai/x", "family": "y", "price": "free"}}},
    ],
)
def test_the_schema_accepts_every_way_to_write(form: Any) -> None:
    VALIDATOR.validate(form)


def test_the_schema_tells_editors_what_a_key_means() -> None:
    schema = json_schema()
    assert schema["properties"]["target"]["description"].startswith("The model to be improved")
    definitions = schema["$defs"]
    assert definitions["Prompts"]["properties"]["from"]["description"].startswith("Files, folders or patterns")
    battle, gaps = (definitions[f"{kind}Stage"]["properties"]["mode"] for kind in ("Battle", "Gaps"))
    assert battle["description"].startswith("`batch`")  # said by the class that it derives from
    assert "description" not in gaps  # declared anew, without words


def test_the_starter_project_stands_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "new/project"
    written = init_project(folder)
    assert all(path.is_file() and path.is_relative_to(folder) for path in written)
    monkeypatch.chdir(folder)
    scenario = load_scenario([Path("scenarios/quickstart.yaml")])
    for spec in scenario.cast.values():
        assert spec.card is not None
        load_card(spec.card)
    assert json.loads((folder / "scenarios/scenario.schema.json").read_text()) == json_schema()
    names = {str(path.relative_to(folder)) for path in written}
    assert {".env.example", ".gitignore", "agents/judge.yaml", "data/seeds/sample.jsonl"} <= names
    assert ".env" in (folder / ".gitignore").read_text().split()


def test_the_starter_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "agents").mkdir()
    mine = tmp_path / "agents/judge.yaml"
    mine.write_text("mine")
    with pytest.raises(UsageError, match=r"judge\.yaml"):
        init_project(tmp_path)
    assert mine.read_text() == "mine"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]


def test_the_starter_in_a_place_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        init_project(tmp_path / "file")
