"""Sessions that judge sparingly, in several respects, and with answers that are programs."""

from __future__ import annotations

from typing import Any

import pytest

from aaa.errors import ScenarioError, SessionChangedError
from aaa.session import standings
from aaa.session.intake import notes, survey
from aaa.session.validation import validate
from aaa.store import Store
from aaa.types import Answer, Judgment, Score, Session, Verdict
from aaa.verify.sandbox import lock_problem

ADVICE = [{"id": f"advice-{n}", "instruction": f"Give me {n} tips for sleeping better."} for n in range(2, 12)]
PROGRAM = {
    "id": "program",
    "instruction": "Write a Python function `double`.",
    "verifier": {"kind": "python_tests", "tests": "assert double(2) == 4"},
}


def rows(desk: Any, kind: Any) -> list[Any]:
    with Store.open(desk.db) as store:
        return list(store.rows(kind))


def with_panels(desk: Any, **battle: Any) -> None:
    """Two jurors who are often of two minds, and a strong third."""
    desk.prompts = ADVICE
    desk.scenario["models"] |= {
        "elk": {"model": "sim/cedar", "family": "deer", "license": "mit", "price": {"input": 1.0, "output": 1.0}},
        "fox": {"model": "sim/rowan", "family": "dogs", "license": "mit"},
    }
    desk.scenario["cast"] |= {
        "judges": {"models": ["fox", "dog"], "card": "judge", "quorum": 1},
        "strong": {"models": ["elk"], "card": "judge"},
    }
    desk.scenario["stages"] = ["answer", {"battle": battle}]
    desk.scenario["export"] = []


async def test_open_matches_go_to_the_strong_panel_and_what_was_spared_is_told(desk: Any) -> None:
    with_panels(desk, escalate="strong")
    await desk.run()
    verdicts: list[Verdict] = rows(desk, Verdict)
    assert len({verdict.match for verdict in verdicts}) == len(verdicts) == len(ADVICE)
    escalated = [verdict for verdict in verdicts if verdict.escalated]
    assert 0 < len(escalated) < len(verdicts)
    heard = {row.instruction for row in rows(desk, Judgment) if row.judge == "elk"}
    assert heard == {verdict.instruction for verdict in escalated}
    assert all(len(verdict.first_votes) == 2 and len(verdict.votes) == 1 for verdict in escalated)
    with Store.open(desk.db) as store:
        session = store.get(Session, "small")
        assert session is not None
        found = standings(store, session)
    assert (found.spared.kept, found.spared.escalated) == (len(verdicts) - len(escalated), len(escalated))
    assert found.spared.games == {"elk": 2 * found.spared.kept}
    assert found.spared_usd > 0


@pytest.mark.parametrize("battle", [{"waves": True}, {"orders": "adaptive"}, {"orders": "one"}])
async def test_games_that_are_not_played_are_counted(desk: Any, battle: dict[str, Any]) -> None:
    with_panels(desk, **battle)
    desk.scenario["cast"]["judges"] = {"models": ["elk", "cat", "dog"], "card": "judge", "quorum": 1}
    await desk.run()
    with Store.open(desk.db) as store:
        session = store.get(Session, "small")
        assert session is not None
        spared = standings(store, session).spared.games.total()
        played = store.count(Judgment, session="small")
    whole = 6 * len(ADVICE)
    assert played == (whole - spared if "orders" not in battle or battle["orders"] != "one" else whole // 2)
    assert played < whole
    assert (await desk.run()).gateway.tally.made == 0


async def test_grades_in_several_respects_and_scored_games_as_json(desk: Any) -> None:
    desk.scenario["cast"]["judges"]["structured"] = True
    aspects = {"correctness": 3, "clarity": 1}
    desk.scenario["stages"] = [
        "answer",
        {"grade": {"aspects": aspects, "reference": "show"}},
        {"battle": {"verdict": "scores", "tie_within": 1}},
    ]
    await desk.run()
    readings = [row.reading for row in rows(desk, Judgment)]
    grades = [reading for reading in readings if isinstance(reading, Score)]
    assert grades
    assert all(set(grade.aspects) == set(aspects) for grade in grades)
    assert all(reading.scores is not None for reading in readings if not isinstance(reading, Score))
    assert len(grades) < len(readings)


async def test_one_turn_of_dialogues(desk: Any) -> None:
    desk.scenario["stages"] = [{"chat": {}}, {"grade": {"turn": 1}}]
    desk.scenario["export"] = []
    await desk.run()
    grades = [row.reading for row in rows(desk, Judgment)]
    assert grades
    assert {grade.turn for grade in grades} == {1}


def test_a_pair_that_the_strong_panel_cannot_judge_is_found_before_anything_is_paid(desk: Any) -> None:
    with_panels(desk, escalate="strong")
    desk.scenario["cast"]["strong"] = {"models": ["bee"], "card": "judge"}
    with pytest.raises(ScenarioError, match="escalated"):
        validate(desk.resolve())


@pytest.mark.parametrize(("battle", "words"), [({"escalate": "judges"}, "twice"), ({"escalate": "nobody"}, "nobody")])
def test_a_panel_to_escalate_to_must_be_another(desk: Any, battle: dict[str, Any], words: str) -> None:
    with_panels(desk, **battle)
    with pytest.raises(ScenarioError, match=words):
        desk.resolve()


async def test_programs_are_run_only_if_the_scenario_says_so(desk: Any) -> None:
    desk.prompts = [PROGRAM]
    desk.scenario |= {"stages": ["answer"], "export": []}
    resolved = desk.resolve()
    assert any("sandbox" in note for note in notes(resolved, survey(resolved)))
    await desk.run()
    assert [answer.check for answer in rows(desk, Answer)] == [None, None]
    if lock_problem():
        return
    desk.scenario["sandbox"] = {"python": True, "seconds": 1}
    assert not list(notes(desk.resolve(), survey(desk.resolve())))
    with pytest.raises(SessionChangedError, match="sandbox"):
        await desk.run()
    assert (await desk.run(accept_changes=True)).gateway.tally.made == 0
    assert [answer.check.passed for answer in rows(desk, Answer)] == [False, False]
