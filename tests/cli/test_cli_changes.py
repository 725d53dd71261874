"""What a session was begun with has changed: it is shown and priced, and no call leaves before the user agrees."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from cli_helpers import PROMPTS, SCENARIO, Aaa, served
from loopback import Loopback, simulated

from aaa.store import Store
from aaa.types import Decision, Instruction, SetAside, decision_id

MODELS = ("maple", "birch", "cedar")
TAXONOMY = {
    "title": "t",
    "source": "me",
    "entries": {"sums": {"is": "what is to be worked out"}, "talk": {"is": "talk"}},
}


@pytest.fixture
def server() -> Iterator[Loopback]:
    with served(simulated) as server:
        yield server


def begin(server: Loopback, *stages: Any, **more: Any) -> dict[str, Any]:
    """A scenario whose stages read files of the user's own, in the working folder."""
    Path("prompts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in PROMPTS))
    Path("mine.yaml").write_text(yaml.safe_dump(TAXONOMY))
    Path("method.txt").write_text("Ask for one thing more.")
    Path("benchmark.jsonl").write_text(json.dumps({"question": "Who wrote it?"}) + "\n")
    Path("judge.jinja").write_text(files("aaa.prompts").joinpath("judge_pairwise.jinja").read_text())
    Path("tagger.yaml").write_text(yaml.safe_dump({"name": "own", "role": "tagger", "persona": "You tag."}))
    declared = {"api_base": server.base, "license": "mit", "price": {"input": 1, "output": 2}}
    scenario = {
        **SCENARIO,
        "models": {n: {"model": f"hosted_vllm/{n}", "identity": n, "family": n, **declared} for n in MODELS},
        "cast": {
            "members": {"models": ["maple", "birch"]},
            "others": {"models": ["cedar"]},
            "taggers": {"models": ["cedar"], "card": "tagger.yaml"},
            "judges": {"models": ["cedar"], "card": "judge", "quorum": 1},
        },
        "stages": list(stages),
        "templates": {"judge_pairwise": "judge.jinja"},
        "export": [],
        **more,
    }
    write(scenario)
    return scenario


def write(scenario: dict[str, Any]) -> None:
    Path("small.yaml").write_text(yaml.safe_dump(scenario, sort_keys=False))


def rewrite(name: str, old: str, new: str) -> None:
    text = Path(name).read_text()
    assert old in text
    Path(name).write_text(text.replace(old, new))


STAGES = (
    {"decontaminate": {"against": "benchmark.jsonl", "method": "ngram"}},
    {"tag": {"skills": "mine.yaml", "by": "taggers"}},
    {"evolve": {"by": "others", "rounds": 1, "checks": 0, "answers": False, "method": "method.txt"}},
    "answer",
    "battle",
)
ALL = ("tag", "evolve", "answer", "battle")


@pytest.mark.parametrize(
    ("name", "old", "new", "words", "reached"),
    [
        ("mine.yaml", "worked out", "counted", "stages.tag: taxonomy 'mine.yaml' of skills says something else", ALL),
        ("method.txt", "one thing", "two things", "stages.evolve: method 'method.txt' says something else", ALL[1:]),
        ("judge.jinja", "answers", "replies", "method prompt 'judge_pairwise'", ALL[3:]),
        ("tagger.yaml", "You tag.", "You label.", "cards.taggers.persona: 'You tag.' -> 'You label.'", ALL),
        (
            "benchmark.jsonl",
            "Who wrote it?",
            "What is 17 + 25?",
            "stages.decontaminate: benchmark benchmark.jsonl says something else",
            ("decontaminate", *ALL),
        ),
        ("small.yaml", "- answer", "- answer: {where: {share: 0.9}}", "stages.answer.where.share: 1.0 -> 0.9", ALL[2:]),
    ],
)
def test_files_that_stages_read_are_asked_about_before_any_call(
    aaa: Aaa, server: Loopback, name: str, old: str, new: str, words: str, reached: tuple[str, ...]
) -> None:
    begin(server, *STAGES)
    first = aaa("run", "small.yaml", "--json")
    assert first.code == 0, first.err
    asked = len(server.requests)
    rewrite(name, old, new)

    refused = aaa("run", "small.yaml")
    assert refused.code == 2
    assert next(line for line in refused.err.splitlines() if line.startswith("  - ")) == f"  - {words}"
    told = [line for line in refused.err.splitlines() if "finished episode" in line]
    assert tuple(line.removeprefix("  - ").partition(":")[0] for line in told if "together" not in line) == reached
    assert "about $0.0" in told[-1]
    assert "--accept-changes" in refused.err
    assert len(server.requests) == asked, "nothing was asked for before the user agreed"

    accepted = aaa("run", "small.yaml", "--accept-changes", "--json")
    assert accepted.code == 0, accepted.err
    assert accepted.json["calls"]["made"] == len(server.requests) - asked
    assert aaa("run", "small.yaml", "--json").json["calls"]["made"] == 0, "it is what the session is now"


def test_long_texts_are_shown_where_they_differ(aaa: Aaa, server: Loopback) -> None:
    begin(server, "answer", {"tag": {"by": "taggers"}})
    long = "You read carefully. " * 9
    rewrite("tagger.yaml", "You tag.", f"{long}You tag.")
    assert aaa("run", "small.yaml", "--json").code == 0
    rewrite("tagger.yaml", "You tag.", "You name.")
    assert "cards.taggers.persona: ..." in (told := aaa("run", "small.yaml").err)
    assert "You tag.' -> ..." in told
    assert "You name.'\n" in told


def test_the_price_told_is_what_the_calls_cost(aaa: Aaa, server: Loopback) -> None:
    begin(server, *STAGES)
    first = aaa("run", "small.yaml", "--json").json
    rewrite("tagger.yaml", "You tag.", "You label.")
    told = aaa("run", "small.yaml").err.splitlines()
    whole = next(line for line in told if "together" in line)
    assert f"{first['calls']['made']} calls, about ${first['usd']:.4f}" in whole
    assert aaa("run", "small.yaml", "--accept-changes", "--json").code == 0
    rewrite("tagger.yaml", "You label.", "You tag.")
    assert aaa("run", "small.yaml", "--accept-changes", "--json").json["calls"]["made"] == 0
    rewrite("tagger.yaml", "You tag.", "You name.")
    assert whole in aaa("run", "small.yaml").err, "that this run replayed them does not make new ones free"


def test_edited_prompts_reach_what_was_made_of_them_and_nothing_else(aaa: Aaa, server: Loopback) -> None:
    begin(server, *STAGES)
    assert aaa("run", "small.yaml", "--json").code == 0
    with Store.open("data/aaa.db") as store:
        made = [row for row in store.rows(Instruction, session="small") if row.source_id.startswith("hostile")]
    assert len(made) > 1
    rewrite("prompts.jsonl", "31 + 14", "14 + 31")
    refused = aaa("run", "small.yaml")
    assert "1 prompt was edited: hostile" in refused.err
    assert "tag: 1 finished episode, 1 call, about" in refused.err
    assert f"answer: {len(made)} finished episodes, {2 * len(made)} calls, about" in refused.err


def test_what_no_stage_reads_is_not_asked_about(aaa: Aaa, server: Loopback) -> None:
    begin(server, {"tag": {"skills": "mine.yaml", "by": "taggers"}}, "answer")
    assert aaa("run", "small.yaml", "--json").code == 0
    rewrite("mine.yaml", "worked out\n", "worked out\n    cues: [sum]\n")
    rewrite("judge.jinja", "answers", "replies")
    told = aaa("run", "small.yaml", "--json")
    assert (told.code, told.json["calls"]["made"]) == (0, 0), told.err


def test_a_stage_that_is_added_at_the_end_does_nothing_again(aaa: Aaa, server: Loopback) -> None:
    scenario = begin(server, "answer")
    assert aaa("run", "small.yaml", "--json").code == 0
    asked = len(server.requests)
    scenario["stages"].append("grade")
    write(scenario)
    refused = aaa("run", "small.yaml")
    assert (refused.code, len(server.requests)) == (2, asked)
    assert "  - stages.grade is new\nNothing that is finished would be done again." in refused.err


def chosen() -> set[str]:
    """Source ids of the prompts that the sample let pass."""
    with Store.open("data/aaa.db") as store:
        rows = {row.id: row.source_id for row in store.rows(Instruction, session="small")}
        gone = {row.instruction for row in store.rows(SetAside, session="small")}
    return {source for id_, source in rows.items() if id_ not in gone}


def test_a_barrier_decides_anew_where_an_earlier_decision_changed_and_only_there(aaa: Aaa, server: Loopback) -> None:
    """All votes of the sample below lie on the skill that somebody trails on; nothing but the first stage changes."""
    teaching = {"teacher": "birch", "student": "maple", "skill": "hostile"}
    gaps: dict[str, Any] = {"teaching": [teaching], "floor": 0.0, "cap": 1.0}
    sample = {"size": 1, "by": ["skill"], "weights_from": "gaps"}
    scenario = begin(server, {"gaps": gaps}, {"sample": sample}, "answer")
    rewrite("prompts.jsonl", '"id": "sum"', '"skill": "sums", "id": "sum"')
    assert aaa("run", "small.yaml", "--json").code == 0
    assert chosen() == {"hostile"}
    asked = len(server.requests)

    gaps["bootstrap"] = 50  # another parameter, the same decision
    write(scenario)
    same = aaa("run", "small.yaml", "--accept-changes", "--json")
    assert same.json["calls"]["made"] == 0
    assert len(server.requests) == asked

    teaching["skill"] = "sums"
    write(scenario)
    other = aaa("run", "small.yaml", "--accept-changes", "--json")
    assert other.json["calls"]["made"] == 2, other.err
    assert chosen() == {"sum"}
    with Store.open("data/aaa.db") as store:
        decision = store.get(Decision, decision_id("small", "sample"))
        assert decision is not None
    teaching["skill"] = "hostile"
    write(scenario)
    assert aaa("run", "small.yaml", "--accept-changes", "--json").json["calls"]["made"] == 0, "as in the first run"
    assert chosen() == {"hostile"}


Command = Callable[..., tuple[str, ...]]


@pytest.mark.parametrize(
    ("file", "command"),
    [
        ("method.txt", ("evolve", "prompts.jsonl", "--models", "models.yaml", "--method", "method.txt", "--rounds=1")),
        (
            "benchmark.jsonl",
            ("decontaminate", "prompts.jsonl", "--against", "benchmark.jsonl", "--judge", "models.yaml",
             "--embedding", "hashed-ngrams", "--threshold", "0.01"),
        ),
    ],
)  # fmt: skip
def test_commands_on_files_ask_too(aaa: Aaa, server: Loopback, file: str, command: tuple[str, ...]) -> None:
    scenario = begin(server, "answer")
    Path("models.yaml").write_text(yaml.safe_dump({"models": {"cedar": scenario["models"]["cedar"]}}))
    first = aaa(*command, "--json")
    assert first.code == 0, first.err
    asked = len(server.requests)
    assert asked > 0
    with Path(file).open("a") as more:
        more.write('{"question": "What is 12 plus 11?"}\n')
    refused = aaa(*command)
    assert refused.code == 2
    assert f"{file}' says" in refused.err or f"{file} says" in refused.err
    assert len(server.requests) == asked
    assert aaa(*command, "--accept-changes", "--json").code == 0
    assert len(server.requests) > asked
