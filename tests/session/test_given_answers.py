"""Answers that prompts bring along: taken in as they are, checked, judged, selected, and never asked for."""

from __future__ import annotations

from typing import Any

import pytest

from aaa.errors import ScenarioError
from aaa.scenario import parse_row
from aaa.session.intake import notes, survey
from aaa.store import Store
from aaa.types import Answer, GivenAnswer, PreferencePair, Verdict

RIGHT = "17 and 25 come to 42.\r\n\r\nThe answer is 42."
GIVEN = [{"text": RIGHT, "model": "elder", "family": "elders", "license": "cc-by-4.0"}, "The answer is 41."]


def bring(desk: Any, given: int) -> None:
    desk.prompts[0]["answers"] = GIVEN
    desk.scenario["stages"] = [{"answer": {"given": given}}, "grade", "battle"]


async def test_they_stand_beside_the_members_answers(desk: Any) -> None:
    bring(desk, 2)
    await desk.run()
    with Store.open(desk.db) as store:
        brought = [one for one in store.rows(Answer) if one.lineage.operation == "given"]
        assert {one.member: (one.text, one.check and one.check.passed) for one in brought} == {
            "elder": (RIGHT, True),
            "given": ("The answer is 41.", False),
        }
        assert {one.producers[0].license for one in brought} == {"cc-by-4.0", "unknown"}
        met = [one for one in store.rows(Verdict) if {one.left, one.right} & {answer.id for answer in brought}]
        assert len(met) == 5, "two given and two members' answers: six pairs, of which one is the members' own"
        pairs = [one for one in store.rows(PreferencePair) if one.chosen_model == "elder"]
        assert pairs
        assert all(one.chosen[0].text == RIGHT and "cc-by-4.0" in one.licenses for one in pairs)
        assert all(one.calls == () for one in brought), "nobody was asked"


async def test_what_no_stage_takes_in_is_told(desk: Any) -> None:
    bring(desk, 1)
    resolved = desk.resolve()
    assert any("bring 2 answers" in one for one in notes(resolved, survey(resolved)))
    await desk.run()
    with Store.open(desk.db) as store:
        assert [one.member for one in store.rows(Answer) if one.lineage.operation == "given"] == ["elder"]
    bring(desk, 2)
    assert not any("answers" in one for one in notes(desk.resolve(), survey(desk.resolve())))


def test_forms_of_an_answer() -> None:
    row = parse_row({"instruction": "Hi", "answers": ["a", {"text": "b", "model": "m"}]})
    assert row.answers == (GivenAnswer(text="a"), GivenAnswer(text="b", model="m"))
    for bad in ([""], [{"model": "m"}], [3], "text"):
        with pytest.raises((ValueError, ScenarioError), match="answers"):
            parse_row({"instruction": "Hi", "answers": bad})
