"""`aaa dedup` on files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cli_helpers import Aaa

ROWS = [
    {"id": "a", "instruction": "Name a red fruit.", "answer": "An apple.", "grade": 4, "kept": {"as": "it is"}},
    {"id": "b", "instruction": "name a  red fruit.", "answer": "A cherry, I think.", "grade": 9},
    {"messages": [{"role": "user", "content": "Name a blue one."}, {"role": "assistant", "content": "an Apple."}]},
    {"id": "d", "meta": {}},
]


def write(name: str, rows: list[Any]) -> str:
    Path(name).write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return name


def rows_of(name: str) -> list[Any]:
    return [json.loads(line) for line in Path(name).read_text().splitlines()]


def test_rows_are_kept_as_they_are_and_the_rest_lies_beside(aaa: Aaa) -> None:
    told = aaa("dedup", write("data.jsonl", ROWS), "--method", "exact", "--out", "clean.jsonl", "--json")
    assert told.code == 0, told.err
    assert {key: told.json[key] for key in ("read", "kept", "removed", "clusters", "without_text")} == {
        "read": 4,
        "kept": 3,
        "removed": 1,
        "clusters": 1,
        "without_text": 1,
    }
    assert rows_of("clean.jsonl") == ROWS[1:]
    assert rows_of("clean.removed.jsonl") == [{**ROWS[0], "removed": {"removed_by": "exact", "kept": "b"}}]


def test_answers_are_compared_where_one_asks_for_them(aaa: Aaa) -> None:
    write("data.jsonl", ROWS)
    told = aaa("dedup", "data.jsonl", "--method", "minhash", "--of", "answer", "--out", "data.jsonl")
    assert told.code == 0, told.err
    assert "4 rows: 3 kept, 1 removed" in told.out
    assert rows_of("data.jsonl") == [ROWS[0], ROWS[1], ROWS[3]]
    assert rows_of("data.removed.jsonl")[0]["removed"]["kept"] == "a"


def test_what_cannot_be_read_is_said_and_nothing_is_written(aaa: Aaa) -> None:
    for row, words in (
        ("[1]", "must be an object with keys"),
        ("{", "is not JSON"),
        ('{"grade": "A"}', "must be a number"),
    ):
        Path("bad.jsonl").write_text('{"instruction": "Hello."}\n' + row + "\n")
        told = aaa("dedup", "bad.jsonl", "--out", "clean.jsonl")
        assert told.code == 2
        assert "bad.jsonl:2" in told.err
        assert words in told.err
    assert aaa("dedup", "missing.jsonl").code == 2
    assert aaa("dedup", write("d.jsonl", ROWS), "--method", "embedding", "--embedding", "nothing").code == 2
    assert not Path("clean.jsonl").exists()


def test_decontaminate_flags_and_writes_both_files(aaa: Aaa) -> None:
    task = "How many litres of paint are needed for a wall of 24 square metres at 8 square metres a litre?"
    data = [{"id": "same", "prompt": f"Hello! {task}"}, {"id": "other", "prompt": "Sing me a song."}, {"id": "none"}]
    write("data.jsonl", data)
    write("test.jsonl", [{"task_id": "paint", "question": task}])
    told = aaa(
        "decontaminate", "data.jsonl", "--against", "test.jsonl", "--method", "ngram", "--out", "ok.jsonl", "--json"
    )
    assert told.code == 0, told.err
    flagged = {"id": "same", "match": "paint", "method": "tulu-3", "score": 1.0}
    assert told.json == {"checked": 3, "flagged": [flagged], "by_method": {"tulu-3": 1}}
    assert rows_of("ok.jsonl") == data[1:]
    assert rows_of("ok.removed.jsonl") == [
        {**data[0], "removed": {"match": "paint", "method": "tulu-3", "score": 1.0}},
    ]
    told = aaa("decontaminate", "data.jsonl", "--against", "test.jsonl", "--embedding", "hashed-ngrams")
    assert "3 rows checked against 1: 1 flagged" in told.out


def test_decontaminate_says_what_is_wrong(aaa: Aaa) -> None:
    write("data.jsonl", ROWS)
    told = aaa("decontaminate", "data.jsonl", "--against", write("empty.jsonl", [{"id": "x"}]))
    assert (told.code, "holds no text" in told.err) == (2, True)
    write("test.jsonl", [{"question": "Why?"}])
    told = aaa("decontaminate", "data.jsonl", "--against", "test.jsonl", "--embedding", "nothing")
    assert told.code == 2
    assert "no local embedding 'nothing'" in told.err


def test_a_judge_and_a_model_of_vectors_are_asked_and_paid_once(aaa: Aaa) -> None:
    write("data.jsonl", [{"id": "a", "instruction": "What is 17 + 25?"}, {"id": "b", "instruction": "Name a river."}])
    write("test.jsonl", [{"id": "e", "question": "What is the sum of 17 and 25?"}])
    asked = ("decontaminate", "data.jsonl", "--against", "test.jsonl", "--method", "semantic", "--threshold", "0.2")
    asked += ("--judge", "sim/cedar", "--embedding", "sim/maple", "--json")
    told = aaa(*asked, "--out", "clean.jsonl")
    assert told.code == 0, told.err
    (one,) = told.json["flagged"]
    assert (one["id"], one["match"], one["method"]) == ("a", "e", "judge cedar")
    assert told.json["by_method"] == {"judge": 1}
    assert [row["id"] for row in rows_of("clean.jsonl")] == ["b"]
    assert [row["removed"]["match"] for row in rows_of("clean.removed.jsonl")] == ["e"]
    assert aaa(*asked).json == told.json
    told = aaa("dedup", "data.jsonl", "--method", "embedding", "--embedding", "sim/maple", "--json")
    assert (told.json["kept"], told.json["embedding"]) == (2, "sim/maple")
