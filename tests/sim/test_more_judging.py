"""Simulated jurors read every judging prompt, in text and as JSON."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from sim_desk import PARAMS, item, model, prompt

from aaa.judge import parse_choice, parse_ranking, parse_score, parse_scores
from aaa.sim import respond
from aaa.sim.stepping import holds

SHARED = Path(os.environ.get("AAA_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
SUM = item("What is 17 + 25?")
RIGHT, WRONG = "17 + 25 = 42. The answer is 42.", "17 + 25 = 41. The answer is 41."
TRUE = model(judge={"accuracy": 1.0})


def reply(name: str, *, structured: bool, who: Any = TRUE, **values: Any) -> Any:
    """The verdict in the reply: text, or what the JSON holds."""
    asked = prompt(name, SUM, reference=None, structured=structured, **values)
    words = respond(who, asked, PARAMS).text
    return json.loads(words)["verdict"] if structured else words


@pytest.mark.parametrize("first", [True, False])
def test_two_grades_at_once(first: bool) -> None:
    seats = {"first": RIGHT if first else WRONG, "second": WRONG if first else RIGHT}
    read = parse_scores(reply("judge_pairwise_scores", structured=False, low=1, high=10, **seats), NAMES, 1, 10)
    assert read == reply("judge_pairwise_scores", structured=True, low=1, high=10, **seats)
    assert read is not None
    assert (read["answer 1"] > read["answer 2"]) == first


def test_equal_answers_get_equal_grades() -> None:
    read = reply("judge_pairwise_scores", structured=True, low=1, high=5, first=RIGHT, second=RIGHT)
    assert read["answer 1"] == read["answer 2"]


NAMES = ["answer 1", "answer 2"]


def test_a_choice_as_json() -> None:
    assert reply("judge_pairwise", structured=True, first=WRONG, second=RIGHT) == "2"
    assert reply("judge_pairwise", structured=True, first=RIGHT, second=RIGHT) == "tie"


def test_a_grade_as_json() -> None:
    words = reply("judge_score", structured=False, answer=RIGHT, low=1, high=10, aspects=[])
    assert reply("judge_score", structured=True, answer=RIGHT, low=1, high=10, aspects=[]) == parse_score(words, 1, 10)


def test_several_respects() -> None:
    aspects = ["correctness", "plain words"]
    for text, good in ((RIGHT, True), (WRONG, False)):
        values = {"answer": text, "low": 1, "high": 10, "aspects": aspects}
        read = parse_scores(reply("judge_aspects", structured=False, **values), aspects, 1, 10)
        assert read == reply("judge_aspects", structured=True, **values)
        assert read is not None
        assert all((points > 6) == good for points in read.values())


def test_an_order() -> None:
    answers = [WRONG, RIGHT, WRONG.replace("41", "43")]
    order = parse_ranking(reply("judge_rank", structured=False, answers=answers), 3)
    assert order is not None
    assert order[0] == 2
    assert list(order) == reply("judge_rank", structured=True, answers=answers)
    biased = model(judge={"accuracy": 1.0, "position_bias": 1.0})
    assert reply("judge_rank", structured=True, who=biased, answers=answers)[0] == 1


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("2 + 3 = 5", True),
        ("2 + 3 = 6.", False),
        ("So A = (2 * -3) = -6", True),
        ("So A = (2 * -3) = (4 - 2) = 2", False),
        ("7 - -7 * 4 = 7 + 28 = 35", True),
        ("1 / 0 = 7", True),
        ("It follows that x = y.", True),
        ("9**9**9**9 = 1", True),
        ("((((" * 3000 + "1 = 2", True),
        ("1" * 9999, True),
    ],
)
def test_equations_are_worked_out(step: str, expected: bool) -> None:
    assert holds(step) is expected


def test_the_first_wrong_step() -> None:
    steps = ["17 + 20 = 37", "37 + 5 = 41", "So it is 41 = 40."]
    assert reply("judge_steps", structured=True, steps=steps) == "2"
    assert parse_choice(reply("judge_steps", structured=False, steps=steps[:1]), {"none": 1, "1": 2}) == 1
    wrong = model(judge={"accuracy": 0.0})
    assert reply("judge_steps", structured=True, who=wrong, steps=steps) in ("1", "3", "none")


def test_a_faithful_juror_finds_most_first_wrong_steps_of_real_traces() -> None:
    path = SHARED / "steps" / "multistep_arithmetic.jsonl"
    if not path.exists():
        pytest.skip("the shared data folder has no steps/multistep_arithmetic.jsonl")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = sum(
        next((at for at, step in enumerate(row["steps"]) if not holds(step)), None) == row["mistake_index"]
        for row in rows
    )
    assert found / len(rows) > 0.6
