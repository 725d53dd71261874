"""Taggers: several instructions in a call, replies read strictly, failures one by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import SEED, instruction, troupe

from aaa.curate.attributes import Labels, Taxonomies
from aaa.curate.tagging import TagForm, shown, tag
from aaa.errors import CallError
from aaa.prompts import PromptSet
from aaa.scenario import SAFETY, SKILLS, TASKS, load_taxonomy
from aaa.types import Failure, Message, Tagging, user

ALL = Taxonomies(load_taxonomy(SKILLS), load_taxonomy(TASKS), load_taxonomy(SAFETY))
OPEN = Taxonomies(None, ALL.tasks, ALL.safety)
GOOD: dict[str, Any] = {
    "skill": "Word problems",
    "task": "problem",
    "safety": "safe",
    "difficulty": 3,
    "language": "EN",
    "tags": ["pears", "counting pears"],
}
READ = Labels("word_problems", 3.0, "en", "problem", "safe", ("pears", "counting pears"))


def reply(*entries: Any) -> str:
    return json.dumps({str(number): entry for number, entry in enumerate(entries, 1)})


def items(*texts: str) -> list[Any]:
    return [instruction(text, id=f"i{at}") for at, text in enumerate(texts)]


def test_a_reply_is_read_as_it_was_asked_for() -> None:
    form = TagForm(ALL, 2)
    assert form.read(f"Here it is:\n```json\n{reply(GOOD, GOOD)}\n```") == {1: READ, 2: READ}
    schema = form.response_format["json_schema"]["schema"]
    assert schema["required"] == ["1", "2"]
    assert "logic" in schema["properties"]["1"]["properties"]["skill"]["enum"]


@pytest.mark.parametrize(
    "change",
    [
        {"skill": "juggling"},
        {"skill": None},
        {"task": 3},
        {"difficulty": 0},
        {"difficulty": 11},
        {"difficulty": "5"},
        {"difficulty": True},
        {"difficulty": 4.5},
        {"language": "English"},
        {"tags": []},
        {"tags": "pears"},
        {"tags": ["a", 3]},
        {"tags": ["a"] * 7},
        {"tags": ["x" * 61]},
        {"mood": "good"},
    ],
)
def test_what_does_not_keep_to_the_form_is_no_label(change: dict[str, Any]) -> None:
    form = TagForm(ALL, 2)
    assert form.read(reply(GOOD, {**GOOD, **change})) is None
    assert form.partly(reply(GOOD, {**GOOD, **change})) == {1: READ}


def test_missing_keys_and_keys_that_stand_twice_are_refused() -> None:
    form = TagForm(ALL, 1)
    assert form.read(reply({key: value for key, value in GOOD.items() if key != "safety"})) is None
    assert form.read(f'{{"1": {json.dumps(GOOD)}, "1": {json.dumps(GOOD)}}}') is None
    assert TagForm(OPEN, 1).read(reply(GOOD)) is None  # nobody asked for a skill
    assert TagForm(OPEN, 1).read(reply({k: v for k, v in GOOD.items() if k != "skill"})) is not None


@settings(deadline=None)
@given(st.text(max_size=200) | st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists).map(json.dumps))
def test_no_reply_breaks_the_reader(words: str) -> None:
    assert TagForm(ALL, 2).read(words) is None


async def test_several_instructions_in_one_call(tmp_path: Path) -> None:
    async with troupe(tmp_path, eve=reply(GOOD, {**GOOD, "difficulty": 9})) as cast:
        rows = await tag(items("How many pears?", "And plums?"), cast.agent("eve"), ALL, PromptSet.load(), seed=SEED)
        assert [row.instruction for row in rows] == ["i0", "i1"]
        assert all(isinstance(row, Tagging) and row.beside == 2 for row in rows)
        assert [row.difficulty for row in rows if isinstance(row, Tagging)] == [3, 9]
        assert len({row.id for row in rows}) == 2
        (asked,) = cast.models.asks
        assert asked.messages[-1].text.count("<<<instruction ") == 2


async def test_what_is_unreadable_is_asked_again_and_then_fails_alone(tmp_path: Path) -> None:
    half = reply(GOOD, "easy")
    async with troupe(tmp_path, eve=["no idea", reply(GOOD, GOOD)], ned=[half, half]) as cast:
        prompts = PromptSet.load()
        whole = await tag(items("a", "b"), cast.agent("eve"), ALL, prompts, seed=SEED)
        assert all(isinstance(row, Tagging) for row in whole)
        kept, failed = await tag(items("a", "b"), cast.agent("ned", role="tagger"), ALL, prompts, seed=SEED)
        assert isinstance(kept, Tagging)
        assert isinstance(failed, Failure)
        assert (failed.instruction, failed.kind, failed.role, failed.transient) == (
            "i1",
            "parse_failed",
            "tagger",
            False,
        )
        assert failed.raw == half


async def test_a_call_that_fails_fails_for_each_instruction(tmp_path: Path) -> None:
    error = CallError("server", "down", transient=True, model="eve")
    async with troupe(tmp_path, eve=error) as cast:
        rows = await tag(items("a", "b"), cast.agent("eve"), ALL, PromptSet.load(), seed=SEED)
    assert [(row.instruction, row.kind, row.transient) for row in rows if isinstance(row, Failure)] == [
        ("i0", "server", True),
        ("i1", "server", True),
    ]


async def test_servers_can_be_held_to_the_schema(tmp_path: Path) -> None:
    async with troupe(tmp_path, eve=reply(GOOD)) as cast:
        for structured in (True, False):
            await tag(items("a"), cast.agent("eve"), ALL, PromptSet.load(), seed=SEED, structured=structured)
        assert [ask.response_format for ask in cast.models.asks] == [TagForm(ALL, 1).response_format, None]


async def test_the_same_texts_are_one_request_whatever_their_ids(tmp_path: Path) -> None:
    async with troupe(tmp_path, eve=reply(GOOD)) as cast:
        for key in ("a", "b"):
            await tag([instruction("Pears?", id=key)], cast.agent("eve"), ALL, PromptSet.load(), seed=SEED)
        assert len(cast.models.asks) == 1


def test_a_tagger_sees_turns_and_the_ends_of_what_is_long() -> None:
    talk = instruction(messages=(user("a"), Message(role="assistant", content="b"), user("c")), system="s")
    assert shown(talk) == "System: s\n\nUser: a\n\nAssistant: b\n\nUser: c"
    long = shown(instruction(f"begin {'x' * 9000} end"))
    assert len(long) <= 4000
    assert long.startswith("begin")
    assert long.endswith("end")
    assert "[...]" in long
