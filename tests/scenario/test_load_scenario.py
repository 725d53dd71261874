"""Scenarios from files and settings, good and bad."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from aaa.errors import ScenarioError
from aaa.scenario import Scenario, load_scenario

Write = Callable[..., Path]

MINIMAL = """\
name: small
models:
  one: {model: sim/a, family: a}
  two: {model: sim/b, family: b}
cast:
  members: {models: [one, two]}
  judges: {models: [one, two], card: judge}
prompts: {from: prompts.jsonl}
stages:
  - answer
  - battle: {against: all}
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(text: str = MINIMAL, name: str = "scenario.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
        return path

    return _write


def refused(*paths: Path, settings: tuple[str, ...] = ()) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(paths, settings=settings)
    assert "pydantic" not in str(caught.value)
    assert "http" not in str(caught.value)
    return str(caught.value)


def test_minimal(write: Write) -> None:
    scenario = load_scenario([write()])
    assert scenario.name == "small"
    assert [stage.name for stage in scenario.stages] == ["answer", "battle"]
    assert scenario.models["one"].name == "one"
    assert scenario.prompts.patterns == ("prompts.jsonl",)
    assert scenario.select["main"].pairs is not None


def test_a_stored_scenario_is_read_again(write: Write) -> None:
    scenario = load_scenario([write()])
    assert Scenario.model_validate(scenario.model_dump(mode="json")) == scenario


def test_later_files_win_and_lists_are_replaced(write: Write) -> None:
    first = write(MINIMAL + "budget: {usd: 1.0, calls: 5}\nseed: 1\n")
    second = write("budget: {usd: 2.0}\nstages: [answer]\n", "second.yaml")
    scenario = load_scenario([first, second])
    assert (scenario.budget.usd, scenario.budget.calls, scenario.seed) == (2.0, 5, 1)
    assert [stage.kind for stage in scenario.stages] == ["answer"]
    assert load_scenario([second, first]).budget.usd == 1.0


def test_extends_several_relative_to_the_file(write: Write, tmp_path: Path) -> None:
    write(MINIMAL, "bases/base.yaml")
    write("seed: 1\nbudget: {usd: 1.0}\n", "bases/more.yaml")
    top = write("extends: [bases/base.yaml, bases/more.yaml]\nseed: 2\n", "top.yaml")
    scenario = load_scenario([top])
    assert (scenario.name, scenario.seed, scenario.budget.usd) == ("small", 2, 1.0)


def test_extends_in_a_circle(write: Write) -> None:
    write("extends: b.yaml\n", "a.yaml")
    write("extends: [c.yaml]\n", "b.yaml")
    write("extends: b.yaml\n", "c.yaml")
    message = refused(write("extends: a.yaml\n", "top.yaml"))
    assert "circle: b.yaml -> c.yaml -> b.yaml" in message


def test_many_extends_of_each_other_are_read_once(write: Write) -> None:
    """Forty layers that each name the lower one twice would be a trillion readings."""
    write(MINIMAL, "layer0.yaml")
    for n in range(1, 41):
        write(f"extends: [layer{n - 1}.yaml, layer{n - 1}.yaml]\nseed: {n}\n", f"layer{n}.yaml")
    assert load_scenario([write("extends: layer40.yaml\n", "top.yaml")]).seed == 40


@pytest.mark.parametrize(
    ("value", "words"), [("nowhere.yaml", "does not exist"), ("{a: b}", "must be"), ("[3]", "must be")]
)
def test_bad_extends(write: Write, value: str, words: str) -> None:
    file = write(f"name: x\nextends: {value}\n")
    message = refused(file)
    assert message.startswith(f"{file}:2: `extends`")
    assert words in message


def test_settings(write: Write) -> None:
    scenario = load_scenario(
        [write()],
        settings=[
            "budget.usd=0.50",
            "stages.1.battle.where.share=0.5",
            "models.one.params.extra_body={top_k: 5}",
            "export=[{format: trl-sft, to: out.jsonl}]",
            "description=a: b".replace(": ", ":"),
            "seed=3",
            "seed=4",
        ],
    )
    assert (scenario.budget.usd, scenario.seed, scenario.description) == (0.5, 4, "a:b")
    assert scenario.stages[1].where.share == 0.5
    assert scenario.models["one"].params.extra_body == {"top_k": 5}
    assert scenario.export[0].to == "out.jsonl"


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("budget", "key.sub=value"),
        ("=3", "key.sub=value"),
        ("a..b=3", "key.sub=value"),
        ("name.first=x", "is no mapping"),
        ("stages.7.answer={}", "no index of a list of 2"),
        ("seed=[1", "is not YAML"),
        ("extends=other.yaml", "belongs into a file"),
        ("budget.usd=-1", "greater than or equal to 0, but is -1"),
        ("budget.usd=inf", "finite"),
        ("budget.usd=nan", "budget.usd"),
        ("budgett.usd=1", "did you mean 'budget'?"),
    ],
)
def test_bad_settings_are_named(write: Write, setting: str, words: str) -> None:
    message = refused(write(), settings=(setting,))
    assert message.startswith(f"--set {setting}: ")
    assert words in message


FAULTS = [
    ("models:\n  one: {model: sim/a, family: a, rmp: 5}", "3", "unknown key 'rmp' in models.one; did you mean 'rpm'?"),
    ("models:\n  three: {family: a}", "3", "the key 'model' is missing in models.three"),
    ("models:\n  one: {model: sim/a, family: a, api_key: sk-123}", "3", "did you mean 'api_key_env'?"),
    ("models:\n  one: {model: sim/a, family: a, name: uno}", "3", "remove `name: uno`"),
    ("models:\n  one two: {model: sim/a, family: a}", "3", "'one two' is no name"),
    ("models:\n  one: 5", "3", "models.one must be a mapping, but is 5"),
    ("target: tow", "2", "did you mean 'two'?"),
    ("name: 2026", "2", "must be text (write it in quotes)"),
    ("seed: 1.5", "2", "seed must be a whole number, but is 1.5"),
    ("budget:\n  usd: -3", "3", "budget.usd must be greater than or equal to 0, but is -3"),
    ("budget: 3", "2", "budget must be a mapping, but is 3"),
    ("stages: [anwser]", "2", "unknown kind 'anwser'; did you mean 'answer'?"),
    ("stages: []", "2", "stages"),
    ("stages: answer", "2", "stages must be a list, but is 'answer'"),
    ("stages:\n  - answer\n  - answer:\n    models: members", "4", "look at the indentation"),
    ("stages:\n  - {name: x, models: members}", "3", "look at the indentation"),
    ("stages:\n  - answer\n  - battle:\n      agianst: all", "5", "did you mean 'against'?"),
    (
        "stages:\n  - answer\n  - battle:\n      against: everyone",
        "5",
        "'everyone' is not possible. Known: all, designed, target",
    ),
    ("stages:\n  - answer\n  - {kind: battle, agianst: all}", "4", "did you mean 'against'?"),
    ("stages:\n  - battle", "3", "stage 'battle' needs an `answer` stage before it"),
    ("stages:\n  - critique: {by: judges}\n  - answer", "3", "stage 'critique' needs an `answer` stage before it"),
    ("stages:\n  - grade\n  - answer", "3", "has nothing to grade"),
    ("stages:\n  - answer\n  - critique: {by: judges, of: losers}", "4", "needs a `battle` stage before it"),
    (
        "stages:\n  - answer: {models: solo}\n  - battle\ncast:\n  solo: {models: [one]}",
        "4",
        "needs answers of two models",
    ),
    ("stages:\n  - answer: {models: mebmers}", "3", "did you mean 'members'?"),
    ("stages:\n  - answer\n  - grade: {name: answer}", "4", "two stages have the name 'answer'"),
    ("stages:\n  - answer\n  - grade: {scale: [5, 5]}", "4", "must rise"),
    ("stages:\n  - answer: {where: {min_difficulty: 5, max_difficulty: 2}}", "3", "is above max_difficulty"),
    ("stages:\n  - chat: {teacher: members}", "3", "group of the cast 'students', which does not exist"),
    ("cast:\n  judges: {models: [one, three], card: judge}", "3", "names the model 'three'"),
    ("cast:\n  judges: {models: [one, one]}", "3", "names a model twice"),
    ("cast:\n  judges: {models: [one, two], quorum: 3}", "3", "can never reach its quorum of 3"),
    ("cast:\n  judges: {card: jugde}", "3", "did you mean 'judge'?"),
    ("cast:\n  judges: {card: cards/mine.yaml}", "3", "cards/mine.yaml"),
    ("export: [{format: trl-prefrence, to: x}]", "2", "did you mean 'trl-preference'?"),
    ("export: [{format: trl-sft, to: x, selection: mian}]", "2", "did you mean 'main'?"),
    ("export: [{format: trl-sft, to: x}, {format: trl-preference, to: x}]", "2", "two exports write 'x'"),
    ("export: [{format: trl-sft, to: x}]\nselect: {main: {pairs: {}}}", "2", "give it `sft: {}`"),
    ("cast:\n  members: {models: [one]}\ntarget: two\nstages: [answer]", "4", "in none of the groups that answer"),
    ("prompts: {from: 3}", "2", "prompts.from must be a list, but is 3"),
    ("prompts: {from: []}", "2", "prompts.from"),
]


@pytest.mark.parametrize(("text", "line", "words"), FAULTS)
def test_faults_have_file_and_line(write: Write, text: str, line: str, words: str) -> None:
    file = write(f"# a comment\n{text}\n", "faulty.yaml")
    message = refused(write(), file)
    assert message.startswith(f"{file}:{line}: ")
    assert words in message
    assert "\n" not in message
    assert "sk-123" not in message


def test_all_problems_are_told_at_once(write: Write) -> None:
    base = write()
    over = write("budget: {usd: -1}\ntarget: 5\nmodels:\n  one: {rmp: 1}\n", "over.yaml")
    message = refused(base, over, settings=("seed=x",))
    assert message.startswith("4 problems:")
    for part in (f"{over}:1: budget.usd", f"{over}:2: target", f"{over}:4: unknown key 'rmp'", "--set seed=x: seed"):
        assert part in message


def test_no_file_and_no_such_file(write: Write, tmp_path: Path) -> None:
    assert "no scenario file was named" in refused()
    write()
    message = refused(tmp_path / "scenarioo.yaml")
    assert "did you mean 'scenario.yaml'?" in message


def test_a_bundled_scenario_is_found_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_scenario([Path("scenarios/quickstart.yaml")]).name == "quickstart"


def test_an_error_does_not_quote_pages(write: Write) -> None:
    file = write(f"description: [{'x' * 5000}]\n", "long.yaml")
    assert len(refused(write(), file)) < 300
