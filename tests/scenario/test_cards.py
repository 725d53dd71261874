"""Agent cards by name and by path, and whether they fit their use."""

from pathlib import Path

import jinja2
import jinja2.meta
import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from aaa.errors import ScenarioError
from aaa.scenario import bundled_root, check_references, load_card, load_scenario
from aaa.types import AgentCard

BUNDLED = sorted((bundled_root() / "agents").glob("*.yaml"))
GIVEN = {"skill", "language", "name"}
"""What a session tells every persona."""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_search_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work, near = tmp_path / "work", tmp_path / "near"
    work.mkdir()
    monkeypatch.chdir(work)
    assert load_card("judge", near=[near]).description == load_card("judge").description != ""
    write(work / "agents/judge.yaml", "role: judge\ndescription: of the working folder\n")
    assert load_card("judge", near=[near]).description == "of the working folder"
    write(near / "agents/judge.yaml", "role: judge\ndescription: near the scenario\n")
    assert load_card("judge", near=[near]).description == "near the scenario"
    write(near / "judge.yaml", "role: judge\ndescription: beside the scenario\n")
    assert load_card("judge", near=[near]).description == "beside the scenario"


def test_by_path_and_named_after_its_file(tmp_path: Path) -> None:
    write(tmp_path / "cards/strict.yaml", "role: judge\nparams: {temperature: 0.5}\nvariables: {tone: stern}\n")
    card = load_card("cards/strict.yaml", near=[tmp_path])
    assert card == AgentCard.model_validate(
        {"name": "strict", "role": "judge", "params": {"temperature": 0.5}, "variables": {"tone": "stern"}}
    )
    assert load_card(str(tmp_path / "cards/strict.yaml")) == card


def test_unknown_card_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="did you mean 'critic'") as caught:
        load_card("crtic", near=[tmp_path])
    assert str(tmp_path / "agents/crtic.yaml") in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("role: jugde\n", 1, "did you mean 'judge'?"),
        ("role: judge\npersonna: hello\n", 2, "did you mean 'persona'?"),
        ("name: x\n", 1, "the key 'role' is missing"),
        ("role: judge\nparams:\n  temprature: 0\n", 3, "did you mean 'temperature'?"),
        ("role: judge\nparams:\n  temperature: -1\n", 3, "greater than or equal to 0"),
        ("role: judge\nrole: critic\n", 2, "stands twice"),
    ],
)
def test_bad_cards(tmp_path: Path, text: str, line: int, words: str) -> None:
    file = write(tmp_path / "mine.yaml", text)
    with pytest.raises(ScenarioError) as caught:
        load_card("mine", near=[tmp_path])
    assert str(caught.value).startswith(f"{file}:{line}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_bundled_personas_need_only_what_a_session_gives(path: Path) -> None:
    card = load_card(str(path))
    environment = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    assert card.name == path.stem
    assert card.description
    assert jinja2.meta.find_undeclared_variables(environment.parse(card.persona)) <= GIVEN
    template = environment.from_string(card.persona)
    general = template.render(skill="general", language="en", name=card.name)
    special = template.render(skill="word_problems", language="en", name=card.name)
    assert "general" not in general
    if card.role in ("student", "teacher", "judge") and card.persona:
        assert "word problems" in special


def test_members_answer_without_a_persona() -> None:
    assert load_card("member").persona == ""


@pytest.mark.parametrize(
    ("group", "card", "words"),
    [
        ("judges", "teacher", "it needs: judge"),
        ("critics", "judge", "it needs: critic"),
        ("teachers", "student", "it needs: teacher"),
        ("students", "critic", "it needs: student or user"),
    ],
)
def test_a_card_must_fit_its_use(group: str, card: str, words: str) -> None:
    scenario = load_scenario([Path("scenarios/quickstart.yaml")])
    cards = {name: load_card(spec.card) for name, spec in scenario.cast.items() if spec.card}
    check_references(scenario, cards)
    with pytest.raises(ScenarioError, match=words):
        check_references(scenario, {**cards, group: load_card(card)})
    check_references(scenario, {**cards, group: None})
