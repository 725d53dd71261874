"""`aaa select`: selections made after the fact, and the story of one item."""

from __future__ import annotations

import json
from pathlib import Path

import yaml
from cli_helpers import Aaa, Write


def test_selections_are_made_kept_exported_and_forgotten(aaa: Aaa, scenario: Write) -> None:
    file = scenario()
    assert aaa("run", file).code == 0
    main = aaa("select", "small", "--json")
    assert (main.code, list(main.json)) == (0, ["main"])
    assert main.json["main"]["taken"]["pairs"] > 0
    before = aaa("export", "small", "--out", "a.jsonl", "--json").json["files"]
    told = aaa("select", "small", "--name", "kto", "--set", "labels.by=check", "--json").json
    assert (list(told), told["kto"]["taken"]["pairs"]) == (["main", "kto"], 0)
    assert told["kto"]["taken"]["labels"] == 8
    assert told["main"] == main.json["main"]
    made = aaa("export", "small", "--selection", "kto", "--format", "trl-unpaired", "--out", "kto.jsonl", "--json")
    assert made.json["rows"] == 8
    wide = aaa("select", "small", "--name", "wide", "--like", "main", "--set", "pairs.min_margin=9", "--json").json
    assert wide["wide"]["taken"]["SFT"] == wide["main"]["taken"]["SFT"]
    assert aaa("run", file).code == 0
    assert list(aaa("select", "small", "--json").json) == ["main", "kto", "wide"], "a run forgets none"
    assert "labels" in aaa("select", "small").out
    assert list(aaa("select", "small", "--remove", "kto", "--json").json) == ["main", "wide"]
    assert aaa("export", "small", "--selection", "kto", "--format", "trl-unpaired", "--out", "x").code == 2
    assert aaa("export", "small", "--out", "a.jsonl", "--json").json["files"] == before


def test_selections_of_a_file(aaa: Aaa, scenario: Write) -> None:
    aaa("run", scenario())
    rules = {"all": {"pairs": {"by": "score", "take": "all"}}, "sure": {"sft": {"verified": True}}}
    Path("more.yaml").write_text(yaml.safe_dump({"select": rules}))
    told = aaa("select", "small", "--file", "more.yaml", "--json")
    assert list(told.json) == ["main", "all", "sure"]
    assert told.json["all"]["left_out"]["pairs"] == {"ungraded": 4}
    Path("more.yaml").write_text("select:\n  all:\n    pairs: {by: votes}\n")
    told = aaa("select", "small", "--file", "more.yaml")
    assert told.code == 2
    assert "more.yaml:3" in told.err


def test_wrong_use_is_told_and_changes_nothing(aaa: Aaa, scenario: Write) -> None:
    aaa("run", scenario())
    for words, why in (
        (("--set", "pairs.by=score"), "--name"),
        (("--name", "x"), "makes nothing"),
        (("--name", "main", "--set", "pairs.by=score"), "the scenario's own"),
        (("--name", "x", "--like", "none"), "no selection 'none'"),
        (("--name", "x", "--set", "pairs.bye=score"), "did you mean 'by'"),
        (("--name", "x", "--set", "sft.by=score", "--set", "panel=human"), "aaa judge"),
        (("--remove", "main"), "there are: none"),
        (("--explain", "none"), "holds no prompt"),
    ):
        told = aaa("select", "small", *words)
        assert told.code == 2, words
        assert why in told.err, words
    assert list(aaa("select", "small", "--json").json) == ["main"]


def test_the_story_of_an_item(aaa: Aaa, scenario: Write) -> None:
    aaa("run", scenario(stages=["answer", "grade", "battle"]))
    story = aaa("select", "small", "--explain", "sum", "--json").json
    assert story["instruction"]["source_id"] == "sum"
    assert {answer["member"] for answer in story["answers"]} == {"ant", "bee"}
    answers = {answer["id"] for answer in story["answers"]}
    samples = {row["answer"] for row in story["taken"] if row["kind"] == "SftSample"}
    left = {row["rows"][0]: row["reason"] for row in story["left_out"] if row["target"] == "sft"}
    assert samples | set(left) == answers
    assert not samples & set(left)
    loser = next(answer for answer in answers if answer in left)
    told = aaa("select", "small", "--explain", loser)
    assert f"> {loser}" in told.out
    assert left[loser] in told.out
    for row in (*story["verdicts"], *story["taken"]):
        assert aaa("select", "small", "--explain", row["id"], "--json").json == story
    hostile = aaa("select", "small", "--explain", "hostile")
    assert "\x1b" not in hostile.out
    assert json.dumps(story)
