"""What may not be written of deployments, fallbacks and budgets."""

from pathlib import Path

import pytest

from aaa.errors import ScenarioError
from aaa.scenario import load_scenario

SCENARIO = """\
name: small
models:
  one:
    model: openai/one
    family: a
    identity: one@1
    fallbacks: [two]
    deployments:
      - {api_base: "http://127.0.0.1:1/v1", rpm: 5}
      - {api_base: "http://127.0.0.1:2/v1", weight: 2}
  two: {model: openai/two, family: b}
  sham: {model: sim/sham, family: c}
cast:
  members: {models: [one, two]}
prompts: {from: prompts.jsonl}
stages: [answer]
budget: {wall: 8h, models: {one: {usd: 2}}}
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "scenario.yaml"
    path.write_text(SCENARIO)
    return path


def test_both_are_read(scenario: Path) -> None:
    loaded = load_scenario([scenario])
    one = loaded.models["one"]
    assert one.fallbacks == ("two",)
    assert [(place.rpm, place.weight) for place in one.deployments] == [(5, 1.0), (None, 2.0)]
    assert (loaded.budget.seconds, loaded.budget.models["one"].usd) == (28800, 2)


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ("models.one.identity=null", r"several places; say with `identity:`"),
        ("models.one.api_base=http://127.0.0.1:3/v1", r"give each of them its `api_base`"),
        ("models.one.api_key_env=KEY", r"give each of them its `api_key_env`"),
        ("models.one.deployments=[{rpm: 3}, {rpm: 4}]", r"names a deployment twice"),
        ("models.one.deployments=[{weight: 0}]", r"greater than 0"),
        ("models.one.deployments=[{adress: x}]", r"adress"),
        ("models.sham.deployments=[{rpm: 3}]", r"'sham' is simulated: it is in no place"),
        ("models.one.fallbacks=[tow]", r"names the model 'tow', which does not exist.*two"),
        ("models.one.fallbacks=[one]", r"falls back on a model twice, or on itself"),
        ("models.one.fallbacks=[two, two]", r"falls back on a model twice, or on itself"),
        ("models.one.fallbacks=[sham]", r"'one' falls back on 'sham', and one of them is simulated"),
        ("models.sham.fallbacks=[two]", r"'sham' falls back on 'two', and one of them is simulated"),
        ("budget.cast.jugdes.usd=1", r"the budget names the group 'jugdes', which does not exist"),
        ("budget.models.oen.usd=1", r"the budget names the model 'oen', which does not exist"),
        ("budget.wall=8", r"budget\.wall"),
    ],
)
def test_mistakes_are_told(scenario: Path, setting: str, problem: str) -> None:
    with pytest.raises(ScenarioError, match=problem):
        load_scenario([scenario], settings=[setting, "allow_simulated_mix=true"])
