"""Answers with labelled steps: what a selection takes of panels' readings, and why it leaves the others out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from select_examples import answer_to

from aaa.curate import ItemRecord, Origin, select
from aaa.scenario import Selection, StepRule
from aaa.text import split_steps
from aaa.types import (
    Answer,
    Instruction,
    Judgment,
    Rejection,
    SteppedSample,
    StepReading,
    StepVerdict,
    StepVote,
    user,
)

INSTRUCTION = Instruction(id="i", session="s", source_id="src", messages=(user("What is 2 + 2 + 2?"),), language="en")
WORKED = "First 2 + 2 = 4.\n\nThen 4 + 2 = 6.\nSo it is 6."


def answer(name: str = "a", text: str = WORKED, **changes: Any) -> Answer:
    return answer_to(INSTRUCTION, name, text, **changes)


def verdict(of: Answer, **changes: Any) -> StepVerdict:
    given_ = {"outcome": "decided", "agreement": 1.0, "quorum": 2, **changes}
    shared = {"session": "s", "episode": "steps", "instruction": "i", "panel": "judges-1"}
    return StepVerdict(id=f"v-{of.id}", answer=of.id, steps=split_steps(of.text), **{**shared, **given_})


def reading(of: Answer, judge: str, first_wrong: int | None, panel: str = "judges-1") -> Judgment:
    return Judgment(
        id=f"j-{of.id}-{judge}",
        session="s",
        episode="steps",
        instruction="i",
        panel=panel,
        judge=judge,
        family="g",
        answered_by=judge,
        reading=StepReading(answer=of.id, steps=split_steps(of.text), first_wrong=first_wrong),
        words="",
        prompt="h",
        call="k",
    )


def selected(
    rule: StepRule, answers: list[Answer], verdicts: list[StepVerdict], judgments: Sequence[Judgment] = (), **more: Any
) -> list[Any]:
    record = ItemRecord(INSTRUCTION, answers, judgments, (), (), verdicts)
    origin = Origin("s", "main", Selection(steps=rule, **more), {"model-a": "apache-2.0"})
    return list(select(origin, record))


def reason(*given_: Any, **more: Any) -> tuple[str, tuple[str, ...]]:
    (row,) = selected(*given_, **more)
    assert isinstance(row, Rejection)
    assert row.target == "steps"
    assert row.detail
    return row.reason, row.rows


def test_labels_end_with_the_first_wrong_step() -> None:
    one = answer()
    votes = [reading(one, "x", 1), reading(one, "y", 1), reading(one, "z", 0, panel="others-2")]
    (row,) = selected(StepRule(), [one], [verdict(one, first_wrong=1, passed=False)], votes)
    assert isinstance(row, SteppedSample)
    assert row.steps == ("First 2 + 2 = 4.", "Then 4 + 2 = 6.")
    assert row.labels == (True, False)
    assert (row.agreement, row.verified, row.context) == (1.0, False, "plain")
    assert row.judges == ("x", "y"), "only who decided"
    assert row.lineage == {
        "answers": ["a"],
        "verdict": "v-a",
        "judgments": ["j-a-x", "j-a-y"],
        "calls": ["call-a"],
    }
    assert row.licenses == ("apache-2.0",), "as the scenario states it today"


def test_what_follows_may_be_called_wrong_and_right_answers_are_whole() -> None:
    one = answer()
    (row,) = selected(StepRule(after="wrong"), [one], [verdict(one, first_wrong=0)])
    assert (len(row.steps), row.labels) == (3, (False, False, False))
    (row,) = selected(StepRule(), [one], [verdict(one)])
    assert row.labels == (True, True, True)
    assert row.steps[2] == "So it is 6."


def test_an_escalated_verdict_rests_on_the_last_panel() -> None:
    one = answer()
    votes = [reading(one, "x", 0), reading(one, "y", 1), reading(one, "s", 1, panel="strong-2")]
    escalated = verdict(one, first_wrong=1, escalated="strong-2", first_votes=[StepVote(judge="x", first_wrong=0)])
    (row,) = selected(StepRule(), [one], [escalated], votes)
    assert row.judges == ("s",)


@pytest.mark.parametrize(
    ("rule", "changes", "expected"),
    [
        ({}, {"outcome": "split", "agreement": 0.5}, "split_votes"),
        ({}, {"outcome": "no_quorum", "agreement": None}, "no_quorum"),
        ({}, {"outcome": "contradicted", "agreement": None, "passed": False}, "contradicted"),
        ({}, {"outcome": "too_few_steps", "agreement": None}, "too_few_steps"),
        ({}, {"outcome": "too_many_steps", "agreement": None}, "too_many_steps"),
        ({"min_agreement": 0.7}, {"agreement": 2 / 3}, "split_votes"),
        ({"recovered": "drop"}, {"first_wrong": 0, "passed": True}, "contradicted"),
    ],
)
def test_what_is_left_out_says_why(rule: dict[str, Any], changes: dict[str, Any], expected: str) -> None:
    one = answer()
    assert reason(StepRule(**rule), [one], [verdict(one, **changes)]) == (expected, ("a", "v-a"))


@pytest.mark.parametrize(
    ("changes", "more", "expected"),
    [
        ({"finish_reason": "length"}, {}, "truncated"),
        ({"refused": True}, {"refusals": "as_rejected"}, "refusal"),
        ({"context": "dialogue"}, {}, "excluded_context"),
        ({"stands_alone": False, "context": "hinted"}, {}, "context_leak"),
        ({}, {"without_families": ("f",)}, "excluded_family"),
    ],
)
def test_unfit_answers_are_left_out_whatever_was_read(
    changes: dict[str, Any], more: dict[str, Any], expected: str
) -> None:
    one = answer(**changes)
    assert reason(StepRule(), [one], [verdict(one)], **more) == (expected, ("a",))


def test_unread_and_equal_answers() -> None:
    one, same = answer(), answer("b")
    assert reason(StepRule(), [one], []) == ("unread", ("a",))
    kept, left = selected(StepRule(), [one, same], [verdict(one), verdict(same, first_wrong=0)])
    assert (kept.answer, left.reason, left.rows) == ("a", "equal_text", ("b",))
    left, kept = selected(StepRule(), [one, same], [verdict(one, outcome="split"), verdict(same, first_wrong=0)])
    assert (kept.answer, left.reason) == ("b", "split_votes"), "only what was taken stands in the way"


TEXTS = st.lists(st.sampled_from(["2 + 2 = 4.", "So 6.", "- é 漢", "{x}", "---"]), min_size=1, max_size=5).map(
    "\n".join
)
OUTCOMES = st.sampled_from(["decided", "split", "contradicted", "no_quorum", "too_few_steps"])


@given(
    st.lists(st.tuples(TEXTS, OUTCOMES, st.integers(-1, 4), st.floats(0.5, 1), st.booleans()), max_size=4),
    st.sampled_from(["cut", "wrong"]),
    st.floats(0, 1),
    st.sampled_from(["keep", "drop"]),
)
def test_every_answer_is_taken_or_left_out_and_labels_mean_one_thing(
    read: list[tuple[str, str, int, float, bool]], after: Any, least: float, recovered: Any
) -> None:
    answers, verdicts = [], []
    for number, (text, outcome, at, agreement, passed) in enumerate(read):
        one = answer(f"a{number}", text)
        steps = len(split_steps(text))
        first = min(at, steps - 1) if outcome == "decided" and at >= 0 else None
        answers.append(one)
        agreed = agreement if outcome in ("decided", "split") else None
        known = passed or first is not None or outcome != "decided"
        verdicts.append(
            verdict(one, outcome=outcome, first_wrong=first, agreement=agreed, passed=passed if known else None)
        )
    rule = StepRule(after=after, min_agreement=least, recovered=recovered)
    rows = selected(rule, answers, verdicts)
    assert sorted(row.answer if isinstance(row, SteppedSample) else row.rows[0] for row in rows) == [
        one.id for one in answers
    ]
    by_answer = {one.answer: one for one in verdicts}
    for row in rows:
        if isinstance(row, SteppedSample):
            found = by_answer[row.answer]
            right = len(row.labels) if False not in row.labels else row.labels.index(False)
            assert row.labels == (True,) * right + (False,) * (len(row.labels) - right)
            assert found.outcome == "decided"
            assert (None if right == len(row.labels) else right) == found.first_wrong
            assert len(row.labels) == (
                right + 1 if after == "cut" and found.first_wrong is not None else len(found.steps)
            )
            assert all(step.strip() == step != "" for step in row.steps)
            assert found.agreement is not None
            assert found.agreement >= least
