"""`aaa analyse` as a user meets it: rules, taggers, files, budgets, and what other commands make of its files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from cli_helpers import HOSTILE, Aaa

from aaa.store import Store
from aaa.types import Call, Failure, Tagging

ROWS = [
    *({"id": f"sum{at}", "instruction": f"What is {at} + 25?"} for at in range(17, 29)),
    {"id": "given", "instruction": "What is 3 + 4?", "skill": "logic", "difficulty": 9, "tags": ["mine"]},
    {"id": "tale", "instruction": "Write a short story about a lighthouse.", "meta": {"note": 1}},
    {"id": "hostile", "instruction": f"Give me tips. {HOSTILE} <script>alert(1)</script>"},
    {"id": "fremd", "instruction": "Was ist das für ein Baum und wie heißt er auf Latein?"},
]
EVE = "models: {eve: {model: sim/eve, family: eves, sim: {tag: %s}}}\n"


def lines(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def write(nature: str = "{}", more: str = "") -> None:
    Path("pool.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in ROWS) + "no json\n")
    Path("models.yaml").write_text(EVE % nature + more)


def test_rules_alone_call_nobody_and_make_no_store(aaa: Aaa) -> None:
    write()
    told = aaa("analyse", "pool.jsonl", "--out", "out.jsonl", "--json")
    assert told.code == 0, told.err
    assert (told.json["read"], told.json["kept"], told.json["refused"]) == (17, 16, {"malformed": 1})
    assert told.json["skill"]["arithmetic"] == 12
    assert told.json["by"]["skill"] == {"rules": 14, "given": 1, "unknown": 1}
    assert told.json["language"]["de"] == 1
    assert not Path("data").exists()
    rows = {row["id"]: row for row in lines("out.jsonl")}
    assert (rows["sum17"]["skill"], rows["sum17"]["meta"]["labels_by"]["skill"]) == ("arithmetic", "rules")
    assert (rows["given"]["skill"], rows["given"]["difficulty"], rows["given"]["tags"]) == ("logic", 9, ["mine"])
    assert "skill" not in rows["given"]["meta"]["labels_by"]
    assert rows["tale"]["meta"]["note"] == 1
    assert lines("out.refused.jsonl")[0]["reason"] == "malformed"


def test_a_tagger_labels_and_is_compared_with_the_rules(aaa: Aaa) -> None:
    write()
    told = aaa("analyse", "pool.jsonl", "--tagger", "models.yaml", "--out", "out.jsonl", "--report", "r.html", "--json")
    assert told.code == 0, told.err
    assert told.json["calls"] == {"made": 2, "replayed": 0}, "sixteen prompts, eight to a call"
    assert (told.json["untagged"], told.json["complete"], told.json["simulated"]) == (0, True, True)
    assert told.json["by"]["skill"] == {"eve": 15, "given": 1}
    agreed = {(one["attribute"], one["one"], one["other"]): one for one in told.json["agreement"]}
    skills = agreed["skill", "eve", "rules"]
    assert (skills["rows"], skills["raw"]["value"]) == (15, 14 / 15)
    assert skills["confusions"] == [["advice", "code_writing", 1]], "the hostile prompt opens a block of code"
    assert agreed["language", "eve", "rules"]["raw"]["value"] == 1.0
    assert agreed["skill", "given", "eve"]["rows"] == 1
    assert told.json["tags"]["different"] > 0
    page = Path("r.html").read_text()
    assert "REHEARSAL" in page
    assert "<script>" not in page
    rows = {row["id"]: row for row in lines("out.jsonl")}
    assert rows["sum17"]["meta"]["labels_by"]["skill"] == "eve"
    assert rows["sum17"]["tags"] == ["arithmetic"]
    assert rows["fremd"]["language"] == "de"
    assert rows["given"]["tags"] == ["mine"]
    shown = aaa("analyse", "pool.jsonl", "--tagger", "models.yaml")
    assert "REHEARSAL" in shown.out
    assert "0 calls made" in shown.out
    assert "\x1b[31m" not in shown.out


def test_more_prompts_cost_their_own_calls_only(aaa: Aaa) -> None:
    write()
    assert aaa("analyse", "pool.jsonl", "--tagger", "models.yaml", "--beside", "4").code == 0
    more = {"id": "new", "instruction": "Translate into German: the sea."}
    Path("pool.jsonl").write_text(f"{json.dumps(more)}\n{Path('pool.jsonl').read_text()}")
    told = aaa("analyse", "pool.jsonl", "--tagger", "models.yaml", "--beside", "4", "--json")
    assert told.json["calls"] == {"made": 1, "replayed": 0}, "four episodes are done, one is new"
    elsewhere = aaa("analyse", "pool.jsonl", "--tagger", "models.yaml", "--session", "b", "--beside", "17", "--json")
    assert elsewhere.json["calls"]["made"] == 1
    again = aaa("analyse", "pool.jsonl", "--tagger", "models.yaml", "--session", "c", "--beside", "17", "--json")
    assert again.json["calls"] == {"made": 0, "replayed": 1}, "the same texts are the same request in any session"


def test_open_tags_stand_for_skills_and_a_pool_says_how_diverse_a_part_is(aaa: Aaa) -> None:
    write()
    told = aaa(
        "analyse", "pool.jsonl", "--tagger", "models.yaml", "--skills", "open", "--out", "tagged.jsonl", "--json"
    )
    assert told.code == 0, told.err
    assert told.json["skill"]["arithmetic"] == 12
    Path("part.jsonl").write_text("\n".join(Path("tagged.jsonl").read_text().splitlines()[:3]))
    part = aaa("analyse", "part.jsonl", "--vocabulary", "tagged.jsonl", "--json")
    assert 0 < part.json["tags"]["coverage"] < 1
    assert aaa("analyse", "tagged.jsonl", "--vocabulary", "tagged.jsonl", "--json").json["tags"]["coverage"] == 1.0


def test_samples_and_scenarios_take_what_it_wrote(aaa: Aaa) -> None:
    write()
    options = ("--out", "tagged.jsonl", "--weights", "w.yaml", "--by", "skill")
    told = aaa("analyse", "pool.jsonl", "--tagger", "models.yaml", *options)
    assert "aaa sample SOURCE --by skill --target natural --weights w.yaml" in told.out
    weights = yaml.safe_load(Path("w.yaml").read_text())
    assert weights["skill"]["arithmetic"] == 1.0
    assert max(weights["skill"].values()) == 10.0
    sample = ("--by", "skill", "--target", "natural", "--weights", "w.yaml", "--size", "6", "--out", "s.jsonl")
    drawn = aaa("sample", "tagged.jsonl", *sample, "--json")
    assert drawn.code == 0, drawn.err
    shares = {cell["cell"][0]: cell["target"] for cell in drawn.json["cells"]}
    assert len(shares) > 3
    assert max(shares.values()) / min(shares.values()) == pytest.approx(1.2), "12 to 1, made even but for the cap"
    assert aaa("slice", "s.jsonl", "--slices", "2", "--schedule", "easy_to_hard", "--out", "d.jsonl").code == 0
    scenario = {
        "name": "next",
        "models": {"ant": {"model": "sim/ant", "family": "a", "sim": {}}},
        "cast": {"members": {"models": ["ant"]}},
        "prompts": {"from": "d.jsonl"},
        "stages": [{"answer": {"where": {"skill": "arithmetic", "max_difficulty": 5}}}],
    }
    Path("next.yaml").write_text(yaml.safe_dump(scenario))
    assert aaa("run", "next.yaml", "--json").json["episodes"]["done"] >= 1


def test_what_cannot_be_read_is_asked_again_and_then_rules_stand_in(aaa: Aaa) -> None:
    write("{malformed: 1.0}")
    told = aaa("analyse", "pool.jsonl", "--tagger", "models.yaml", "--out", "out.jsonl", "--json")
    assert told.code == 1
    assert "rules stand in" in told.err
    assert (told.json["untagged"], told.json["failures"]) == (16, {"parse_failed": 16})
    assert told.json["unread"] == {"eve": {"parse_failed": 16}}
    shown = aaa("analyse", "pool.jsonl", "--tagger", "models.yaml").out
    assert "No label from eve: 16 prompts (16 parse_failed); see aaa status pool-analyse" in shown
    assert "By rules alone, since no tagger labelled them: 16 prompts" in shown
    assert "parse_failed" in aaa("status", "pool-analyse").out
    assert told.json["skill"]["arithmetic"] == 12
    assert len(lines("out.jsonl")) == 16
    with Store.open("data/aaa.db") as store:
        assert {row.role for row in store.rows(Failure)} == {"tagger"}
        assert len({row.instruction for row in store.rows(Failure)}) == 16
        assert (store.count(Tagging), store.count(Call)) == (0, 4)


def test_two_taggers_are_compared_with_each_other_too(aaa: Aaa) -> None:
    write()
    told = aaa("analyse", "pool.jsonl", "--tagger", "sim/maple,sim/birch", "--json")
    assert told.code == 0, told.err
    between = {(one["one"], one["other"]) for one in told.json["agreement"]}
    assert ("birch", "maple") in between
    assert {("birch", "rules"), ("maple", "rules"), ("given", "rules")} <= between
    assert told.json["by"]["task"] == {"birch": 16}, "the first by name"


def test_a_budget_ends_it_cleanly_and_the_same_command_goes_on(aaa: Aaa) -> None:
    write(more="budget: {calls: 1}\n")
    stopped = aaa("analyse", "pool.jsonl", "--tagger", "models.yaml", "--json")
    assert (stopped.code, stopped.json["complete"], stopped.json["untagged"]) == (1, False, 8)
    write()
    told = aaa("analyse", "pool.jsonl", "--tagger", "models.yaml", "--json")
    assert (told.code, told.json["complete"], told.json["untagged"]) == (0, True, 0)
    with Store.open("data/aaa.db") as store:
        assert store.count(Call) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--skills", "nowhere"], "no taxonomy 'nowhere'"),
        (["--tagger", ","], "names no models"),
        (["--tagger", "nowhere.yaml"], "nowhere.yaml"),
        (["--tagger", "sim/rules"], "'rules'"),
        (["--report", "r.png"], ".html"),
        (["--weights", "w.json"], ".yaml"),
        (["--by", "skill,mood"], "mood"),
        (["--vocabulary", "pool.jsonl", "--skills", "open", "--field", "tags=note"], "tags"),
        (["--tagger", "openai/gpt-4o-mini"], "OPENAI_API_KEY"),
    ],
)
def test_wrong_use_writes_nothing(aaa: Aaa, monkeypatch: pytest.MonkeyPatch, options: list[str], words: str) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    write()
    told = aaa("analyse", "pool.jsonl", *options)
    assert told.code == 2, told.err
    assert words in told.err
    assert not Path("data/aaa.db").exists()


def test_an_edited_taxonomy_is_no_reason_to_pay_again_unasked(aaa: Aaa) -> None:
    write("{}")
    own = Path("mine.yaml")
    own.write_text("{title: t, source: me, entries: {sums: {is: sums}, talk: {is: talk}}}")
    command = ("analyse", "pool.jsonl", "--tagger", "models.yaml", "--skills", "mine.yaml")
    assert aaa(*command, "--json").json["calls"]["made"] > 0
    own.write_text(own.read_text().replace("is: sums", "is: what is worked out"))
    told = aaa(*command)
    assert told.code == 2
    assert "stages.tag: taxonomy 'mine.yaml' of skills says something else" in told.err
    assert "16 labels" in told.err
    assert aaa(*command, "--session", "second", "--json").json["calls"]["made"] > 0
