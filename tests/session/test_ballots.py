"""Blind ballots out, votes of people in."""

from __future__ import annotations

import asyncio
import csv
import json
from pathlib import Path

import pytest

from aaa.errors import UsageError
from aaa.session.ballots import COLUMNS, export_ballots, import_ballots
from aaa.session.importing import import_file
from aaa.session.item_records import records
from aaa.store import Store
from aaa.types import Game, Judgment, Verdict


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Six pairs; the better answer holds `good`."""
    rows = [{"prompt": f"Question {n}?", "chosen": f"=good {n}", "rejected": f'bad, "{n}"\r\n'} for n in range(6)]
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    store = Store.open(tmp_path / "a.db")
    asyncio.run(import_file(store, tmp_path / "pairs.jsonl", "trl-preference", "s"))
    return store


def ballots(store: Store, path: Path) -> list[dict[str, str]]:
    asyncio.run(export_ballots(store, "s", "imported", path))
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def fill(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(rows)
    return path


def seat(row: dict[str, str]) -> str:
    return "1" if "good" in row["answer_1"] else "2"


def test_ballots_tell_nothing_and_are_the_same_again(store: Store, tmp_path: Path) -> None:
    with store:
        rows = ballots(store, tmp_path / "one.csv")
        ballots(store, tmp_path / "two.csv")
        text = (tmp_path / "one.csv").read_text()
        assert text == (tmp_path / "two.csv").read_text()
        assert len(rows) == 6
        assert {seat(row) for row in rows} == {"1", "2"}
        assert "chosen" not in text
        assert "answer-" not in text
        assert {row["prompt"] for row in rows} == {f"Question {n}?" for n in range(6)}
        assert all(row[name].startswith(("'=good", "bad")) for row in rows for name in ("answer_1", "answer_2"))


def test_votes_come_back_as_judgments_of_people(store: Store, tmp_path: Path) -> None:
    with store:
        rows = ballots(store, tmp_path / "b.csv")
        for row in rows[:4]:
            row |= {"better": seat(row), "annotator": "ann"}
        rows[4] |= {"better": "tie", "annotator": "ann"}
        made = asyncio.run(import_ballots(store, fill(tmp_path / "ann.csv", rows), "s"))
        assert (made.votes, made.empty, made.verdicts) == (5, 1, 5)
        found = [verdict for record in records(store, "s", ["imported"], "human") for verdict in record.verdicts]
        assert sorted(verdict.outcome for verdict in found) == ["tie", "win", "win", "win", "win"]
        other = [row | {"better": "12"[seat(row) == "1"], "annotator": "bob"} for row in rows[:1]]
        asyncio.run(import_ballots(store, fill(tmp_path / "bob.csv", other), "s"))
        human = [row for row in store.rows(Judgment, session="s") if row.family == "human"]
        assert sorted(row.judge for row in human) == ["ann"] * 5 + ["bob"]
        verdicts = [row for row in store.rows(Verdict, session="s") if row.panel == "human-ballots"]
        assert sorted(row.outcome for row in verdicts) == ["tie", "tie", "win", "win", "win"]
        assert all(isinstance(row.reading, Game) for row in human)


@pytest.mark.parametrize(("column", "value"), [("better", "3"), ("ballot", "ballot-x")])
def test_a_wrong_ballot_writes_nothing(store: Store, tmp_path: Path, column: str, value: str) -> None:
    with store:
        rows = ballots(store, tmp_path / "b.csv")
        rows[0]["better"] = "1"
        rows[3][column] = value
        with pytest.raises(UsageError, match="row 5"):
            asyncio.run(import_ballots(store, fill(tmp_path / "x.csv", rows), "s"))
        assert list(store.rows(Judgment, session="s")) == []
        (tmp_path / "y.csv").write_text("a,b\n1,2\n")
        with pytest.raises(UsageError, match="lacks the columns"):
            asyncio.run(import_ballots(store, tmp_path / "y.csv", "s"))
