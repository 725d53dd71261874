"""`aaa rate` and `aaa agreement`, on files and on sessions."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import Aaa, Write

ROW = {"question_id": "1", "model_a": "x", "model_b": "y"}


def write(name: str, *rows: dict[str, Any]) -> str:
    Path(name).write_text("".join(f"{json.dumps({**ROW, **row})}\n" for row in rows))
    return name


def games(winners: str, **more: Any) -> list[dict[str, Any]]:
    """Rows on a prompt each; `a` and `b` say who won, `t` is a tie, `i` inconsistent."""
    names = {"a": "model_a", "b": "model_b", "t": "tie", "i": "tie (inconsistent)"}
    return [{"question_id": n, "winner": names[winner], **more} for n, winner in enumerate(winners)]


def test_rate_has_the_promised_shape_and_only_point_estimates(aaa: Aaa) -> None:
    path = write("votes.jsonl", *games("aaab", category="math"), *games("bti", category="code"))
    told = aaa("rate", path, "--json")
    assert told.code == 0, told.err
    assert (told.json["method"], told.json["ties"], told.json["by"]) == ("bradley-terry", "half", {})
    best, _ = told.json["models"]
    assert best == {
        "model": "x",
        "rating": pytest.approx(1000 + 200 * math.log10(4 / 3), abs=1e-9),
        "low": None,
        "high": None,
        "games": 7,
        "wins": 3,
        "losses": 2,
        "ties": 2,
    }


def test_rate_by_category_with_intervals_and_anchor(aaa: Aaa) -> None:
    path = write("votes.jsonl", *games("aabab" * 6, category="math"), *games("babba" * 6, category="code"))
    asked = ["--by", "category", "--bootstrap", "50", "--anchor", "y=1500", "--scale", "200", "--json"]
    told = aaa("rate", path, *asked)
    assert told.code == 0, told.err
    assert set(told.json["by"]) == {"math", "code"}
    ratings = {row["model"]: row for row in told.json["models"]}
    assert ratings["y"]["rating"] == ratings["y"]["low"] == ratings["y"]["high"] == pytest.approx(1500)
    assert ratings["x"]["low"] < ratings["x"]["rating"] < ratings["x"]["high"]
    assert [told.json["by"][name][0]["model"] for name in ("math", "code")] == ["x", "y"]
    assert aaa("rate", path, *asked[:2], "--no-shrink", "--json").json["by"]["math"][0]["games"] == 30


def test_rate_for_people(aaa: Aaa) -> None:
    path = write("votes.jsonl", *games("aat"), {"model_a": "\x1b[31mred", "model_b": "z", "winner": "model_b"})
    told = aaa("rate", path, "--method", "elo")
    assert told.code == 0
    assert "Elo ratings" in told.out
    assert "order" in told.out
    assert "\x1b[31mred" not in told.out
    assert "0.833" in aaa("rate", path, "--method", "win-rate").out
    assert "half a virtual tie" in aaa("rate", path).out


def test_unbeaten_models_and_those_that_never_met_are_rated_and_it_is_said(aaa: Aaa) -> None:
    others = [{**row, "model_a": "p", "model_b": "q"} for row in games("aab")]
    path = write("votes.jsonl", *games("aaa"), *others)
    told = aaa("rate", path, "--bootstrap", "20", "--json")
    assert told.code == 0, told.err
    rows = {row["model"]: row for row in told.json["models"]}
    assert set(rows) == {"x", "y", "p", "q"}
    assert all(math.isfinite(row[key]) for row in rows.values() for key in ("rating", "low", "high"))
    assert rows["x"]["rating"] > 1000 > rows["y"]["rating"]
    assert rows["p"]["rating"] + rows["q"]["rating"] == pytest.approx(2000)
    words = " ".join(aaa("rate", path).out.split())
    assert "half a virtual tie" in words
    assert "{p, q} and {x, y}" in words


def test_style_is_controlled_from_the_texts(aaa: Aaa) -> None:
    rows = games("aabab" * 4, answer_a="many " * 9, answer_b="few")
    told = aaa("rate", write("votes.jsonl", *rows), "--style", "--json")
    assert told.code == 0, told.err
    assert told.json["style"]["length"]["value"] != 0
    assert "standard deviation of style" in aaa("rate", "votes.jsonl", "--style").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--anchor", "x"], "MODEL=RATING"),
        (["--anchor", "z=1"], "x, y"),
        (["--scale", "0"], "--scale"),
        (["--by", "skill"], "category"),
        (["--style"], "answer_a"),
        (["--panel", "p"], "--panel"),
        (["--ties", "keep"], "--ties"),
        (["--method", "glicko"], "--method"),
    ],
)
def test_rate_refuses_wrong_use(aaa: Aaa, arguments: list[str], words: str) -> None:
    told = aaa("rate", write("votes.jsonl", *games("ab")), *arguments)
    assert told.code == 2
    assert words in told.err


def test_a_bad_line_or_a_missing_file_is_wrong_use(aaa: Aaa) -> None:
    told = aaa("rate", write("votes.jsonl", *games("a"), {"winner": "x"}))
    assert told.code == 2
    assert "votes.jsonl:2: winner" in told.err
    assert "no file 'none.jsonl'" in aaa("rate", "none.jsonl").err
    assert aaa("agreement", "none.jsonl", "votes.jsonl").code == 2


def test_agreement_of_two_files_has_the_promised_shape(aaa: Aaa) -> None:
    write("a.jsonl", *games("aabtb"))
    write("b.jsonl", *games("abbti"))
    told = aaa("agreement", "a.jsonl", "b.jsonl", "--json")
    assert told.code == 0, told.err
    assert told.json["items"] == 5
    assert told.json["agreement"] == pytest.approx(3 / 5)
    assert told.json["agreement_without_ties"] == {"n": 3, "value": pytest.approx(2 / 3)}
    assert {"cohen_kappa", "fleiss_kappa", "krippendorff_alpha"} < set(told.json)
    low, high = told.json["intervals"]["agreement"]
    assert low <= 3 / 5 <= high
    dropped = aaa("agreement", "a.jsonl", "b.jsonl", "--ties", "drop", "--inconsistent", "drop", "--json").json
    assert (dropped["items"], dropped["agreement"]) == (3, pytest.approx(2 / 3))
    same = aaa("agreement", "a.jsonl", "a.jsonl", "--json").json
    assert (same["cohen_kappa"], same["krippendorff_alpha"]) == (1.0, 1.0)
    assert "Cohen" in aaa("agreement", "a.jsonl", "b.jsonl", "--bootstrap", "0").out


def test_undefined_is_null(aaa: Aaa) -> None:
    path = write("a.jsonl", *games("aaa"))
    told = aaa("agreement", path, path, "--json").json
    assert (told["agreement"], told["cohen_kappa"], told["krippendorff_alpha"]) == (1.0, None, None)


def test_agreement_of_the_judges_of_a_file(aaa: Aaa) -> None:
    rows = [row for judge, won in {"p": "aab", "q": "abb", "r": "aba"}.items() for row in games(won, judge=judge)]
    told = aaa("agreement", write("votes.jsonl", *rows), "--coder", "judge", "--json")
    assert told.code == 0, told.err
    assert (told.json["items"], told.json["agreement"]) == (3, pytest.approx(5 / 9))
    assert told.json["cohen_kappa"] is None
    assert told.json["fleiss_kappa"] is not None


@pytest.mark.parametrize("arguments", [["a.jsonl"], ["a.jsonl"] * 3, ["a.jsonl", "a.jsonl", "--coder", "judge"]])
def test_agreement_needs_two_sources_or_a_coder(aaa: Aaa, arguments: list[str]) -> None:
    write("a.jsonl", *games("ab", judge="p"))
    told = aaa("agreement", *arguments)
    assert told.code == 2
    assert "--coder judge" in told.err


def test_a_session_is_rated_by_its_verdicts(aaa: Aaa, scenario: Write) -> None:
    assert aaa("run", scenario(), "--json").code == 0
    told = aaa("rate", "small", "--by", "skill", "--json")
    assert told.code == 0, told.err
    assert told.json["simulated"] is True
    best, worst = told.json["models"]
    assert (best["model"], worst["model"]) == ("bee", "ant")
    assert best["games"] == 4
    assert best["rating"] > worst["rating"]
    assert [row["games"] for row in told.json["by"]["hostile"]] == [1, 1]
    assert "REHEARSAL" in aaa("rate", "small").out
    assert aaa("rate", "small", "--panel", "nobody").code == 2
    assert aaa("rate", "other").code == 2
    assert aaa("rate", "small", "--style", "--json").json["style"]


def test_jurors_of_a_session_are_compared(aaa: Aaa, scenario: Write) -> None:
    assert aaa("run", scenario(), "--json").code == 0
    told = aaa("agreement", "small", "--coder", "judge", "--json")
    assert told.code == 0, told.err
    assert told.json["items"] == 4
    assert told.json["simulated"] is True
    assert aaa("agreement", "small", "small", "--json").json["agreement"] == 1.0
    assert aaa("agreement", "small", "--coder", "panel").code == 2
