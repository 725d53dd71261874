"""`aaa audit` on a file of games."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import Aaa

from aaa.rate.audit import FIGURES


def both(question: str, first_says: str, second_says: str) -> list[dict[str, Any]]:
    """The two games of a match between x (ten words) and y (five), by judge j."""
    row = {"question_id": question, "judge": "j"}
    return [
        {**row, "first": "x", "second": "y", "winner": first_says, "first_length": 10, "second_length": 5},
        {**row, "first": "y", "second": "x", "winner": second_says, "first_length": 5, "second_length": 10},
    ]


@pytest.fixture
def games(tmp_path: Path) -> str:
    rows = [*both("1", "x", "x"), *both("2", "x", "y"), *both("3", "y", "y"), *both("4", "x", "x")]
    path = tmp_path / "games.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return str(path)


def test_the_rates_are_those_of_the_file(aaa: Aaa, games: str) -> None:
    told = aaa("audit", games, "--json")
    assert told.code == 0, told.err
    judge = told.json["judges"]["j"]
    assert judge["games"] == 8
    assert judge["flip_rate"] == pytest.approx(1 / 4)
    assert judge["first_rate"] == pytest.approx(5 / 8)
    assert judge["longer_rate"] == pytest.approx(5 / 8)
    assert told.json["all"]["games"] == 8
    assert set(told.json["judges"]["j"]) >= set(FIGURES) | {"games", "matches", "intervals"}
    assert set(told.json["all"]) >= set(FIGURES)


def test_no_figure_is_cut_off_where_the_lines_are_short(aaa: Aaa, games: str) -> None:
    told = aaa("audit", games)
    assert told.code == 0, told.err
    (line,) = [line for line in told.out.splitlines() if line.startswith("j ")]
    assert line.count("(") == line.count(")") >= 3


def test_a_winner_who_did_not_play_is_told_with_its_line(aaa: Aaa, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps({"question_id": "1", "first": "x", "second": "y", "winner": "z", "judge": "j"}) + "\n")
    told = aaa("audit", str(path))
    assert told.code == 2
    assert "bad.jsonl:1" in told.err
