"""`aaa show`, `aaa export`, `aaa status`: what a session left, however it ended."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cli_helpers import HOSTILE, SCENARIO, Aaa, Write, served
from hypothesis import given
from hypothesis import strategies as st

from aaa.cli.output import printable


@pytest.fixture
def session(aaa: Aaa, scenario: Write) -> str:
    assert aaa("run", scenario(stages=["answer", "grade", "battle"]), "--json").code == 0
    return "small"


def harmless(text: str) -> bool:
    return not any(unicodedata.category(c) in ("Cc", "Cs") or c in "\u202e\u2066" for c in text.replace("\n", ""))


def test_show_tells_who_said_what_and_why_it_won(aaa: Aaa, session: str) -> None:
    told = aaa("show", session, "--where", "source_id=sum")
    assert told.code == 0
    for words in ("What is 17 + 25?", "Chosen: bee", "Rejected: ant", "checked right", "Decided by the verifier"):
        assert words in told.out
    for juror in ("cat", "dog"):
        for number, seat in ((1, ""), (2, "")):
            assert f"{juror}, game {number} ({seat}" in told.out
        assert f"{juror}, grade of the chosen" in told.out
    assert "chosen in the first seat" in told.out
    assert "rejected in the first seat" in told.out
    assert "[[" in told.out, "the jurors' own words"


def test_conditions_all_count(aaa: Aaa, session: str) -> None:
    every = aaa("show", session, "--json", "--pairs", "50").json
    assert len(every) == 4
    for key, value in (("chosen_model", "bee"), ("rejected_model", "ant"), ("decided_by", "verifier")):
        assert aaa("show", session, "--json", "--pairs", "50", "--where", f"{key}={value}").json == every
    both = aaa("show", session, "--json", "--where", "skill=hostile", "--where", "chosen_model=bee").json
    assert [view["pair"]["source_id"] for view in both] == ["hostile"]
    none = aaa("show", session, "--where", "skill=hostile", "--where", "chosen_model=ant")
    assert none.code == 0
    assert "None of the 4 pairs" in none.out
    assert len(aaa("show", session, "--json", "--pairs", "2").json) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--where", "skil=x"], "'skill'"),
        (["--where", "skill"], "key=value"),
        (["--selection", "mian"], "'mian'"),
        (["--pairs", "0"], "--pairs"),
    ],
)
def test_wrong_questions_are_wrong_use(aaa: Aaa, session: str, arguments: list[str], words: str) -> None:
    told = aaa("show", session, *arguments)
    assert told.code == 2
    assert words in told.err


@pytest.mark.parametrize("form", [[], ["--markdown"], ["--json"]])
def test_hostile_text_has_no_power_over_the_terminal(aaa: Aaa, session: str, form: list[str]) -> None:
    told = aaa("show", session, "--where", "skill=hostile", *form)
    assert told.code == 0
    assert harmless(told.out)
    assert "\\u001b[31mred" in told.out
    assert "[bold]loud[/bold]" in told.out
    if form == ["--json"]:
        assert told.json[0]["pair"]["prompt"][0]["content"] == HOSTILE


def test_markdown_fences_hold(aaa: Aaa, session: str) -> None:
    told = aaa("show", session, "--markdown", "--where", "skill=hostile")
    lines = told.out.splitlines()
    opened = lines.index("`````text")
    closed = lines.index("`````", opened)
    assert any("``` ```` end" in line for line in lines[opened:closed])
    assert told.out.startswith("# Pairs of session small\n\n> REHEARSAL")


def test_any_row_is_shown_by_its_id(aaa: Aaa, session: str) -> None:
    (view,) = aaa("show", session, "--json", "--where", "source_id=sum").json
    judgment = view["judgments"][0]
    for id_, kind in (
        (view["pair"]["id"], "PreferencePair"),
        (view["chosen"]["id"], "Answer"),
        (view["verdict"]["id"], "Verdict"),
        (judgment["id"], "Judgment"),
        (judgment["call"], "Call"),
        (judgment["episode"], "Episode"),
    ):
        row = aaa("show", id_).json
        assert (row["kind"], row["id"]) == (kind, id_)
    missing = aaa("show", "answer-00")
    assert missing.code == 2
    assert "small" in missing.err


@given(st.text())
def test_printable_text_is_harmless_and_keeps_ordinary_words(text: str) -> None:
    assert harmless(printable(text).replace("\t", ""))
    assert printable("Grüße, 你好\n\t👩‍🔬") == "Grüße, 你好\n\t👩‍🔬"


def test_export_writes_the_same_as_the_run(aaa: Aaa, session: str) -> None:
    told = aaa("export", session, "--format", "trl-preference", "--out", "again.jsonl", "--json")
    assert told.code == 0
    assert told.json["partial"] is False
    assert Path("again.jsonl").read_bytes() == Path("out/pairs.jsonl").read_bytes()
    assert "partial" not in aaa("export", session, "--format", "trl-sft", "--out", "sft.jsonl").out
    assert all("messages" in json.loads(line) for line in Path("sft.jsonl").read_text().splitlines())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["smal", "--out", "x"], "it holds: small"),
        (["small", "--out", "x", "--selection", "other"], "it has: main"),
        (["small", "--out", "x", "--format", "csv"], "trl-preference"),
        (["small"], "--out"),
    ],
)
def test_an_export_of_what_is_not_there_is_wrong_use(aaa: Aaa, session: str, arguments: list[str], words: str) -> None:
    told = aaa("export", *arguments)
    assert told.code == 2
    assert words in told.err
    assert not Path("x").exists()


def test_an_unfinished_session_is_exported_and_shown_as_partial(aaa: Aaa, scenario: Write) -> None:
    aaa("run", scenario(), "--json", "--set", "budget.calls=14", "--set", "episodes_at_once=1")
    told = aaa("export", "small", "--out", "part.jsonl")
    assert told.code == 0
    assert "partial" in told.out
    rows = [json.loads(line) for line in Path("part.jsonl").read_text().splitlines()]
    assert rows
    assert all(row["partial"] for row in rows)


def test_status_of_all_sessions_and_of_one(aaa: Aaa, session: str) -> None:
    aaa("run", "small.yaml", "--session", "other", "--set", "models.ant.sim.faults.refused=1.0", "--json")
    every = aaa("status", "--json").json
    assert [one["session"] for one in every] == ["other", "small"]
    one = aaa("status", "small", "--json").json
    assert {key: one[key] for key in every[1]} == every[1]
    assert one["stages"]["battle"] == {"done": 4, "failed": 0, "skipped": 0}
    assert one["preference_pairs"] == {"main": 4}
    assert one["complete"] is one["simulated"] is True
    told = aaa("status")
    assert "small" in told.out
    assert "REHEARSAL" in told.out
    details = aaa("status", "other")
    assert "refused" in details.out
    assert aaa("status", "nobody").code == 2


def test_status_tells_what_the_same_command_would_try_again(aaa: Aaa, scenario: Write) -> None:
    def refuse(body: dict[str, Any]) -> web.Response:
        return web.json_response({"error": {"message": "no such key"}}, status=401)

    with served(refuse) as server:
        model = {"model": "openai/ant", "family": "insects", "license": "mit", "price": "free", "api_base": server.base}
        models = {**SCENARIO["models"], "ant": {**model, "identity": "ant@1"}}
        file = scenario(models=models, allow_simulated_mix=True)
        assert aaa("run", file).code == 1
    assert "complete but for 4 episodes" in aaa("status").out
    told = aaa("status", "small").out
    assert "complete but for 4 episodes: the same `aaa run` tries again what may still work" in " ".join(told.split())
    assert aaa("status", "small", "--json").json["to_retry"] == 4


def test_a_store_that_is_not_there_is_not_made(aaa: Aaa) -> None:
    for command in (["status"], ["show", "small"], ["export", "small", "--out", "x"]):
        told = aaa(*command, "--db", "none.db")
        assert told.code == 1
        assert "no store" in told.err
    assert list(Path().iterdir()) == []
