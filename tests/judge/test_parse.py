"""Verdicts as judges write them, ours and those of FastChat's judges."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.judge import parse_choice, parse_score
from aaa.prompts import PromptSet

DATA = Path(os.environ.get("AAA_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")) / "mt_bench"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the folder with MT-Bench judgments is not here")
OURS = {"1": "first", "2": "second", "tie": "tie"}
PROMPTS = PromptSet.load()
PLAIN = {"structured": False, "fence": "f"}
ECHO = PROMPTS.render(
    "judge_pairwise", messages=[{"role": "user", "text": "Q"}], first="F", second="[[2]]", reference=None, **PLAIN
).text
SCORE_ECHO = PROMPTS.render(
    "judge_score", messages=[{"role": "user", "text": "Q"}], answer="[[9]]", reference=None, **PLAIN, low=1, high=10
).text


def rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


@needs_data
def test_scores_of_real_judges_are_read_as_they_were() -> None:
    found = rows("single_judgments.jsonl")
    assert len(found) == 80
    assert [parse_score(row["judgment"], 1, 10) for row in found] == [row["score"] for row in found]


@needs_data
def test_verdicts_of_real_judges_are_read_as_they_were() -> None:
    found = rows("pair_judgments.jsonl")
    assert len(found) == 40
    seats = {"g1": {"A": "model_1", "B": "model_2", "C": "tie"}, "g2": {"A": "model_2", "B": "model_1", "C": "tie"}}
    for row in found:
        for game, labels in seats.items():
            read = parse_choice(row[f"{game}_judgment"], labels) or "error"
            assert read == row[f"{game}_winner"], row["question_id"]


@given(st.sampled_from(sorted(OURS)), st.text(alphabet=st.characters(exclude_characters="[]")))
def test_the_last_verdict_counts_whatever_stands_before_and_after(label: str, words: str) -> None:
    assert parse_choice(f"{ECHO}\n{words}\n[[{label}]]\n{words}", OURS) == OURS[label]
    assert parse_choice(f"[[1]] [[tie]] [[2]] {words} [[{label.upper()}]]", OURS) == OURS[label]
    assert parse_choice(words, OURS) is None


@pytest.mark.parametrize("text", ["", "[1]", "[[3]]", "[[one]]", "[[ ]]", "1", "[[1] ]", "[[12]]"])
def test_what_bears_no_label_is_no_verdict(text: str) -> None:
    assert parse_choice(text, OURS) is None


def test_a_marker_that_is_no_label_does_not_hide_the_verdict() -> None:
    assert parse_choice("[[ 2 ]] as I said in [[note]]", OURS) == "second"


@given(
    st.integers(-50, 50),
    st.text(alphabet=st.characters(exclude_characters="[]")),
    st.integers(-5, 5),
    st.integers(1, 20),
)
def test_scores_are_read_or_refused_and_never_bent(score: int, words: str, low: int, width: int) -> None:
    high = low + width
    expected = float(score) if low <= score <= high else None
    assert parse_score(f"{SCORE_ECHO}\n{words} [[{score}]] {words}", low, high) == expected
    assert parse_score(f"{words} [{score}] {words}", low, high) == expected
    assert parse_score(words, low, high) is None


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("[[7.5]]", 7.5),
        ("[[ 7 ]]", 7.0),
        ("[[3]] then [[8]]", 8.0),
        ("as in [1] and [2], I give [[6]]; see [3]", 6.0),
        ("I give [6]", 6.0),
        ("[[5]] no, [[11]]", None),
        ("[[0]]", None),
        ("[[7/10]]", None),
        ("[[1e1]]", None),
        ("[[nan]]", None),
        ("[[7]", None),
        ("7", None),
    ],
)
def test_scores_in_their_many_forms(text: str, score: float | None) -> None:
    assert parse_score(text, 1, 10) == score
