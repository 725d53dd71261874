"""`aaa gaps`: for people, for machines, and as a graph; sessions that design their battles and teach by their gaps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import Aaa, Write

from aaa.store import Store
from aaa.types import Answer, Decision, SetAside, Verdict

SUMS = [
    {
        "id": f"sum-{n}",
        "instruction": f"What is {n} + {7 * n}?",
        "reference": str(8 * n),
        "verifier": {"kind": "numeric"},
        "skill": "arithmetic",
    }
    for n in range(20, 50)
]
GROUPS = {
    "students": {"models": ["ant", "bee"], "card": "student"},
    "teachers": {"models": ["ant", "bee"], "card": "teacher"},
    "members": {"models": ["ant", "bee", "dog"], "card": "member"},
    "judges": {"models": ["cat", "dog"], "card": "judge", "quorum": 1},
}
FIRST = ["answer", {"battle": {"measure_jurors": 0.0}}, {"gaps": {"bootstrap": 50}}]


@pytest.fixture
def run(aaa: Aaa, scenario: Write, tmp_path: Path) -> Any:
    def run(*stages: Any, **cast: Any) -> None:
        name = scenario(stages=list(stages), cast={**GROUPS, **cast}, export=[])
        (tmp_path / "prompts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in SUMS))
        done = aaa("run", name, "--db", "aaa.db")
        assert done.code == 0, done.err

    return run


def test_gaps_as_json_and_as_a_graph(aaa: Aaa, run: Any, tmp_path: Path) -> None:
    run(*FIRST)
    told = aaa("gaps", "small", "--db", "aaa.db", "--bootstrap", "50", "--json", "--draw", "teaching.dot")
    assert told.code == 0, told.err
    (part,) = told.json["slices"]
    assert told.json["simulated"] is True
    assert ["bee", "ant", "arithmetic"] in [edge[:3] for edge in part["teaching"]]
    assert {gap["trailer"] for gap in part["gaps"] if gap["real"]} == {"ant"}
    assert told.json["changes"] == []
    graph = (tmp_path / "teaching.dot").read_text()
    assert graph.startswith("digraph")
    assert all(name in graph for name in ("ant", "bee", "arithmetic"))
    drawn = aaa("gaps", "small", "--db", "aaa.db", "--bootstrap", "50", "--draw", "teaching.SVG")
    assert "Who teaches whom" in drawn.out
    assert "bee -> ant: arithmetic " in drawn.out
    assert (tmp_path / "teaching.SVG").read_text().startswith("<svg")
    refused = aaa("gaps", "small", "--db", "aaa.db", "--draw", "teaching.png")
    assert (refused.code, ".svg or .dot" in refused.err) == (2, True)
    assert not (tmp_path / "teaching.png").exists()


def test_gaps_of_a_session_without_battles_is_wrong_use(aaa: Aaa, run: Any) -> None:
    run("answer")
    refused = aaa("gaps", "small", "--db", "aaa.db")
    assert (refused.code, "no verdicts" in refused.err) == (2, True)


GIVEN = {"teacher": "bee", "student": "ant", "skill": "arithmetic"}


def test_a_given_graph_needs_no_battles_and_decides_who_teaches(run: Any, tmp_path: Path) -> None:
    edge = {**GIVEN, "skill": ["arithmetic", "dates"], "points": 40}
    run("answer", {"gaps": {"teaching": [edge], "keep": 25}}, {"lesson": {"turns": 1}})
    with Store.open(tmp_path / "aaa.db") as store:
        (decision,) = [one for one in store.rows(Decision) if one.name == "gaps"]
        assert decision.value["teaching"] == [["bee", "ant", "arithmetic", 40.0], ["bee", "ant", "dates", 40.0]]
        assert decision.value["found"] is None
        plain = [one for one in store.rows(Answer) if (one.member, one.context) == ("ant", "plain")]
        wrong = {one.instruction for one in plain if one.check is not None and not one.check.passed}
        taught = [one for one in store.rows(Answer) if one.context == "hinted"]
        assert store.count(SetAside, reason="outside_budget") == 5
        assert {one.member for one in taught} == {"ant"}
        assert {one.instruction for one in taught} == wrong - {one.instruction for one in store.rows(SetAside)}


@pytest.mark.parametrize(
    ("edge", "words"),
    [
        ({"teacher": "bea"}, "'bee'"),
        ({"student": "bee"}, "its own teacher"),
        ({"student": "dog"}, "is no student there"),
        ({"skill": []}, "at least one"),
    ],
)
def test_a_given_graph_that_cannot_be_followed_is_refused(
    aaa: Aaa, scenario: Write, edge: dict[str, Any], words: str
) -> None:
    name = scenario(stages=["answer", {"gaps": {"teaching": [{**GIVEN, **edge}]}}, "lesson"], cast=GROUPS, export=[])
    refused = aaa("validate", name)
    assert (refused.code, words in refused.err) == (2, True), refused.err


def test_the_summary_says_what_became_of_the_gaps_or_that_nobody_can_tell(
    aaa: Aaa, scenario: Write, tmp_path: Path
) -> None:
    (tmp_path / "prompts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in SUMS))

    def said(stages: list[Any], **more: Any) -> str:
        prompts = {"from": "prompts.jsonl", **more}
        cast = {**GROUPS, "members": {"models": ["ant", "bee"], "card": "member"}}
        name = scenario(stages=stages, prompts=prompts, cast=cast, export=[])
        (tmp_path / "prompts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in SUMS))
        return " ".join(aaa("run", name, "--db", f"{len(list(tmp_path.glob('*.db')))}.db").out.split())

    assert "was not measured" in said(["answer", "battle", "lesson"])
    assert "measured" not in said(["answer", "battle"])
    told = aaa("run", scenario(stages=["answer", "lesson"], cast=GROUPS, export=[]), "--db", "told.db", "--json")
    assert "was not measured" in told.json["learned"][0]
    sliced = [{kind: {"where": {"slice": part}}} for part in ("D1", "D2") for kind in ("answer", "battle", "lesson")]
    assert "D1 to D2: No gain is shown: none of 1 gaps changed" in said(sliced[:-1], slices=2)


def test_designed_rounds_play_what_was_designed_and_no_more(run: Any, tmp_path: Path) -> None:
    designed = [{"match": {"budget": 9}}, {"battle": {"against": "designed", "measure_jurors": 0.0}}]
    run("answer", *designed, *designed)
    with Store.open(tmp_path / "aaa.db") as store:
        plans = [one.value["pairs"] for one in store.rows(Decision) if one.name.startswith("match")]
        planned = {(id_, *sorted(pair)) for plan in plans for id_, pairs in plan.items() for pair in pairs}
        members = {one.id: one.member for one in store.rows(Answer)}
        played = [(v.instruction, *sorted((members[v.left], members[v.right]))) for v in store.rows(Verdict)]
        assert [sum(map(len, plan.values())) for plan in plans] == [9, 9]
        assert len(played) == len(set(played)) == 18
        assert set(played) == planned
        assert {name for _, *pair in played for name in pair} == {"ant", "bee", "dog"}, "the graph is connected"


@pytest.mark.parametrize("follow", ["auto", "off"])
def test_a_lesson_follows_the_gaps_that_were_decided(run: Any, tmp_path: Path, follow: str) -> None:
    run(*FIRST, {"lesson": {"gaps": follow, "turns": 1}}, members={"models": ["ant", "bee"], "card": "member"})
    with Store.open(tmp_path / "aaa.db") as store:
        (decision,) = [one for one in store.rows(Decision) if one.name == "gaps"]
        assert [edge[:3] for edge in decision.value["teaching"]] == [["bee", "ant", "arithmetic"]]
        plain = [one for one in store.rows(Answer) if (one.member, one.context) == ("ant", "plain")]
        wrong = {one.instruction for one in plain if one.check is not None and not one.check.passed}
        taught = {one.instruction for one in store.rows(Answer) if (one.member, one.context) == ("ant", "hinted")}
        assert len(wrong) > 20
        assert (wrong <= taught) is (follow == "auto"), "without gaps to follow, who is taught is drawn"
