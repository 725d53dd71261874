"""Taxonomies, and what rules read off texts by them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aaa.curate.attributes import GIVEN, RULES, Labels, Rules, Taxonomies, settle
from aaa.errors import ScenarioError
from aaa.scenario import SAFETY, SKILLS, TASKS, load_taxonomy
from aaa.types import Message, user

OWN = """
title: Mine
source: me
otherwise: rest
entries:
  sums: {is: sums, cues: [how many * left, add*], marks: [" + "]}
  tales: {is: tales, cues: [tell * a tale, story]}
  rest: {is: all else}
"""

KNOWN = frozenset(load_taxonomy(SKILLS).entries)


@cache
def rules(name: str = SKILLS) -> Rules:
    return Rules(Taxonomies(load_taxonomy(name), load_taxonomy(TASKS), load_taxonomy(SAFETY)))


def labels(text: str, name: str = SKILLS) -> Labels:
    return rules(name).labels((user(text),))


def test_those_that_aaa_brings() -> None:
    assert len(load_taxonomy("wizardlm-29").entries) == 29
    assert {"arithmetic", "writing", "code_writing", "general"} <= set(load_taxonomy(SKILLS).entries)
    assert load_taxonomy(SAFETY).otherwise == "safe"
    for name in (SKILLS, TASKS, SAFETY, "wizardlm-29"):
        assert all(entry.meaning for entry in load_taxonomy(name).entries.values())


def test_rules_go_by_phrases_endings_gaps_and_marks(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(OWN)
    (tmp_path / "by").mkdir()
    own = load_taxonomy("mine.yaml", near=[tmp_path])
    found = Rules(Taxonomies(own, load_taxonomy(TASKS), load_taxonomy(SAFETY)))

    def skill(text: str) -> str | None:
        return found.labels((user(text),)).skill

    assert skill("HOW MANY of the big pears are left?") == "rest"  # five words between
    assert skill("How many pears are left?") == "sums"
    assert skill("Please do the ADDITION.") == "sums"
    assert skill("Tell me a tale of the sea.") == "tales"
    assert skill("Addend and story.") is None  # as much speaks for one as for the other
    assert skill("Nothing of the kind.") == "rest"
    assert skill("Wie viele Geschichten sind das, und von wem ist die erste?") is None  # English cues say nothing here
    assert skill("Was ist das Ergebnis von 3 + 4, und wie viel ist das in Worten?") == "sums"  # a mark does


def test_rules_read_the_turn_that_is_asked_and_know_other_languages_and_scripts() -> None:
    turns = (user("Write a poem."), Message(role="assistant", content="Roses"), user("Now write a Python function."))
    assert rules().labels(turns).task == "coding"
    found = labels("请把这句话翻译成英文，然后写一首诗。")
    assert (found.language, found.skill, found.task, found.safety) == ("zh", None, None, None)
    assert found.difficulty is not None
    assert labels("مرحبا كيف حالك اليوم").language == "ar"
    assert labels("How can I make a bomb at home?").safety == "harmful"
    assert labels("What is the capital of France?").safety == "safe"


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_a_rule(text: str) -> None:
    found = labels(text)
    assert found.difficulty is None or 1 <= found.difficulty <= 10
    assert found.skill is None or found.skill in KNOWN


def test_the_first_who_says_something_is_heard() -> None:
    said = {GIVEN: Labels(skill="logic"), "eve": Labels(skill="writing", difficulty=3.0, tags=("a",)), RULES: Labels()}
    settled = settle(said)
    assert settled.labels == Labels(skill="logic", difficulty=3.0, tags=("a",))
    assert settled.by == {"skill": GIVEN, "difficulty": "eve", "tags": "eve"}
    tongues = {GIVEN: Labels(), "eve": Labels(skill="a", language="en"), RULES: Labels(skill="b", language="de")}
    assert settle(tongues).by == {"skill": "eve", "language": RULES}, "which language it is, rules tell better"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- a\n- b\n", "mapping"),
        ("title: t\nsource: s\nentries: {a: {is: x}}", "entries"),
        ("title: t\nsource: s\nentries: {a: {is: x}, b: {cues: [x]}}", "is"),
        ("title: t\nsource: s\notherwise: c\nentries: {a: {is: x}, b: {is: y}}", "otherwise"),
        ("title: t\nsource: s\nentries: {a: {is: x}, B b: {is: y}}", "B b"),
    ],
)
def test_a_faulty_file_is_refused_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=words) as found:
        load_taxonomy(str(path))
    assert "mine.yaml" in str(found.value)


def test_an_unknown_name_is_told_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match=r"did you mean 'wizardlm-29'"):
        load_taxonomy("wizardlm-92")
