"""Method prompts and personas."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.errors import TemplateError
from aaa.prompts import PromptSet, check_template, render_persona
from aaa.scenario import load_card
from aaa.types import AgentCard, content_hash

PAIR = {
    "messages": [{"role": "user", "text": "Q"}],
    "first": "F",
    "second": "S",
    "reference": None,
    "structured": False,
    "fence": "f00",
}


def test_a_prompt_is_known_by_its_text_and_not_by_its_values() -> None:
    prompts = PromptSet.load()
    one = prompts.render("judge_pairwise", **PAIR)
    other = prompts.render("judge_pairwise", **{**PAIR, "first": "another"})
    assert one.text != other.text
    assert one.hash == other.hash == prompts.hash_of("judge_pairwise")


def test_the_kept_texts_hash_to_their_keys() -> None:
    prompts = PromptSet.load()
    assert {content_hash(text) for text in prompts.texts().values()} == set(prompts.texts())
    assert set(prompts.texts()) == {prompts.hash_of(name) for name in prompts.names}
    assert "_parts" not in prompts.names


def test_a_change_of_the_shared_parts_changes_those_that_use_them_only(tmp_path: Path) -> None:
    parts = tmp_path / "parts.jinja"
    parts.write_text(
        "{% macro fenced(label, text, fence) %}{{ label }}: {{ text }}{% endmacro %}"
        "{% macro task(messages, fence) %}{{ messages[0].text }}{% endmacro %}"
        "{% macro caution() %}{% endmacro %}{% macro known(reference, fence) %}{% endmacro %}"
    )
    before, after = PromptSet.load(), PromptSet.load({"_parts": parts})
    assert before.hash_of("critique") != after.hash_of("critique")
    assert before.hash_of("ask_again") == after.hash_of("ask_again")
    assert "answer 1: F" in after.render("judge_pairwise", **PAIR).text


def test_both_sides_the_reference_and_every_turn_stand_in_fences() -> None:
    messages = [{"role": "system", "text": "Be terse."}, {"role": "user", "text": "Hi"}]
    text = PromptSet.load().render("judge_pairwise", **{**PAIR, "messages": messages, "reference": "R"}).text
    for label, content in [
        ("system turn 1", "Be terse."),
        ("user turn 2", "Hi"),
        ("reference", "R"),
        ("answer 1", "F"),
        ("answer 2", "S"),
    ]:
        assert f"<<<{label} f00>>>\n{content}\n<<<end of {label} f00>>>" in text
    assert "reference" not in PromptSet.load().render("judge_pairwise", **PAIR).text


@given(st.text())
def test_values_are_put_in_as_they_are(text: str) -> None:
    assert text in PROMPTS.render("judge_pairwise", **{**PAIR, "first": text}).text


PROMPTS = PromptSet.load()


def test_a_file_of_the_users_own_replaces_a_prompt(tmp_path: Path) -> None:
    own = tmp_path / "again.jinja"
    own.write_text("Once more: {{ wanted }}")
    prompts = PromptSet.load({"ask_again": own})
    assert prompts.render("ask_again", wanted="[[1]]").text == "Once more: [[1]]"
    assert prompts.hash_of("ask_again") != PROMPTS.hash_of("ask_again")
    assert prompts.hash_of("revise") == PROMPTS.hash_of("revise")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{{ wanted", "line 1"),
        ("a\n{% if %}", "line 2"),
        ("{{ wanted.__class__ }}", "'__class__' is private"),
        ("{{ wanted['_x'] }}", "'_x' is private"),
        ("{{ wanted | attr('__class__') }}", "'__class__' is private"),
        ("{{ wantd }}", "uses wantd, which it is not given. Its variables: wanted"),
    ],
)
def test_a_faulty_override_is_refused_before_it_is_used(tmp_path: Path, text: str, complaint: str) -> None:
    own = tmp_path / "own.jinja"
    own.write_text(text)
    with pytest.raises(TemplateError, match="ask_again") as error:
        PromptSet.load({"ask_again": own})
    assert complaint in str(error.value)


def test_what_cannot_be_loaded_is_said(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="no prompt 'critic'; did you mean 'critique'"):
        PromptSet.load({"critic": tmp_path})
    with pytest.raises(TemplateError, match=r"'critique'.*cannot be read"):
        PromptSet.load({"critique": tmp_path / "none.jinja"})
    (tmp_path / "latin.jinja").write_bytes(b"\xe9")
    with pytest.raises(TemplateError, match="cannot be read"):
        PromptSet.load({"critique": tmp_path / "latin.jinja"})


def test_a_missing_value_and_an_unknown_prompt_are_errors() -> None:
    with pytest.raises(TemplateError, match="'ask_again': 'wanted' is undefined"):
        PROMPTS.render("ask_again")
    with pytest.raises(TemplateError, match="no prompt 'revize'; did you mean 'revise'"):
        PROMPTS.render("revize")


def card(persona: str, **variables: str) -> AgentCard:
    return AgentCard(name="c", role="judge", persona=persona, variables=variables)


def test_a_persona_gets_the_cards_variables_and_the_facts_of_the_item() -> None:
    found = render_persona(card("{{ mood }} about {{ skill }}", mood="Calm", skill="all"), skill="dates")
    assert found == "Calm about dates"


@pytest.mark.parametrize("empty", ["", " \n ", "{% if false %}x{% endif %}"])
def test_an_empty_persona_is_none(empty: str) -> None:
    assert render_persona(card(empty)) is None


@pytest.mark.parametrize(
    "persona",
    [
        "{{ nothing }}",
        "{{ 1 / 0 }}",
        "{{ 'a' + 1 }}",
        "{{ skill.__class__ }}",
        "{{ skill['__' ~ 'class__'].mro }}",
        "{% set x = skill.format %}{{ ''['__cla' ~ 'ss__'].__mro__ }}",
        "{% for i in range(10 ** 9) %}x{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ skill",
    ],
)
def test_a_persona_that_fails_or_reaches_too_far_names_its_card(persona: str) -> None:
    with pytest.raises(TemplateError, match="persona of card 'c'"):
        render_persona(card(persona), skill="dates")


def test_check_template_accepts_what_the_sandbox_can_run() -> None:
    check_template("{{ a }} and {% for b in a %}{{ b.c }}{% endfor %}", name="x", known={"a"})


@pytest.mark.parametrize("name", ["judge", "critic", "teacher", "student"])
@pytest.mark.parametrize("skill", ["general", "word_problems"])
def test_the_bundled_cards_render(name: str, skill: str) -> None:
    persona = render_persona(load_card(name), skill=skill, language="en")
    assert persona is not None
    assert ("word problems" in persona) == (skill == "word_problems" and "subject" in load_card(name).persona)
