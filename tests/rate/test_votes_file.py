"""Files of votes: the field's form, and what is said of a bad line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.errors import UsageError
from aaa.rate import Vote, read_votes
from aaa.types import TextStyle

ROW = {"question_id": 81, "model_a": "x", "model_b": "y", "winner": "model_a"}


def write(folder: Path, *rows: Any) -> Path:
    path = folder / "votes.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_the_form_of_the_field(tmp_path: Path) -> None:
    rows = [
        ROW,
        {**ROW, "winner": "tie (inconsistent)", "judge": ["gpt-4", "pair-v2"], "turn": 2, "conversation_a": []},
        "",
        {**ROW, "winner": "tie (bothbad)", "skill": "math", "judge": "expert_1"},
        {**ROW, "winner": "model_b", "category": "math"},
    ]
    first, second, third, fourth = read_votes(write(tmp_path, *rows))
    assert first == Vote(item="81", left="x", right="y", outcome="left")
    assert (second.outcome, second.judge, second.turn) == ("inconsistent", "gpt-4/pair-v2", 2)
    assert (third.outcome, third.category) == ("tie", "math")
    assert (fourth.outcome, fourth.category) == ("right", "math")


def test_style_is_measured_or_taken_from_the_arenas_columns(tmp_path: Path) -> None:
    arena = {
        "sum_assistant_a_tokens": 120,
        "sum_assistant_b_tokens": 80,
        "header_count_a": {"h1": 1, "h2": 2},
        "list_count_a": {"ordered": 4, "unordered": 0},
        "bold_count_b": {"**": 3, "__": 0},
        "turns": 1,
    }
    texts = {"answer_a": "# Title\n- **one**\n- two", "answer_b": "plain words"}
    one, two = read_votes(write(tmp_path, {**ROW, "conv_metadata": arena}, {**ROW, **texts}))
    assert one.left_style == TextStyle(words=120, headers=3, list_items=4)
    assert one.right_style == TextStyle(words=80, bold=3)
    assert two.left_style == TextStyle(words=3, headers=1, list_items=2, bold=1)
    assert two.right_style == TextStyle(words=2)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({**ROW, "winner": "left"}, "winner must be 'model_a'"),
        ({**ROW, "winner": None}, "winner"),
        ({key: ROW[key] for key in ("question_id", "model_a", "winner")}, "'model_b' is missing"),
        ({**ROW, "model_b": "x"}, "'x' cannot be compared with itself"),
        ({**ROW, "model_a": ""}, "model_a"),
        ({**ROW, "turn": "second"}, "turn"),
        ({**ROW, "conv_metadata": {"sum_assistant_a_tokens": "many"}}, "sum_assistant_a_tokens"),
        ({**ROW, "conv_metadata": {"sum_assistant_a_tokens": -1, "sum_assistant_b_tokens": 1}}, "greater"),
        ("{", "is not JSON"),
        ("[1]", "must be"),
        ('{"question_id": NaN}', "is not JSON"),
    ],
)
def test_a_bad_line_is_named_with_its_place(tmp_path: Path, row: Any, words: str) -> None:
    with pytest.raises(UsageError, match=r"votes\.jsonl:2: ") as told:
        read_votes(write(tmp_path, ROW, row))
    assert words in str(told.value)


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_a_file_without_votes_is_wrong_use(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="no votes"):
        read_votes(write(tmp_path, text))


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_votes(tmp_path / "none.jsonl")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*ROW, "judge", "turn", "category", "answer_a", "conv_metadata"]), JSON))
def test_any_line_is_a_vote_or_wrong_use(tmp_path_factory: pytest.TempPathFactory, row: dict[str, Any]) -> None:
    path = write(tmp_path_factory.mktemp("votes"), {**ROW, **row})
    try:
        (vote,) = read_votes(path)
    except UsageError:
        return
    assert vote.left != vote.right
