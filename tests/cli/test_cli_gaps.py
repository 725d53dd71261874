"""`aaa gaps`: for people, for machines, and as a graph; sessions that design their battles and teach by their gaps."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

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
    assert (refused.code, ".svg or .dot or .mmd" in refused.err) == (2, True)
    assert not (tmp_path / "teaching.png").exists()
    assert aaa("gaps", "small", "--db", "aaa.db", "--bootstrap", "50", "--draw", "teaching.mmd").code == 0
    assert "-->|" in (tmp_path / "teaching.mmd").read_text()


def test_gaps_of_a_session_without_battles_is_wrong_use(aaa: Aaa, run: Any) -> None:
    run("answer")
    refused = aaa("gaps", "small", "--db", "aaa.db")
    assert (refused.code, "no verdicts" in refused.err) == (2, True)


HOSTILE = "sums <script>alert(1)</script>"


def test_the_page_of_a_session_and_the_card_of_its_export_draw_who_teaches_whom(
    aaa: Aaa, scenario: Write, tmp_path: Path
) -> None:
    rows = [{**row, "skill": HOSTILE} for row in SUMS]
    stages = [
        *({kind: {"where": {"slice": "D1"}}} for kind in ("answer", "battle")),
        {"gaps": {"bootstrap": 50, "where": {"slice": "D1"}, "intervals": "each"}},
        {"lesson": {"turns": 2, "where": {"slice": "D1"}}},
        *({kind: {"where": {"slice": "D2"}}} for kind in ("answer", "battle")),
    ]
    cast = {**GROUPS, "members": {"models": ["ant", "bee"], "card": "member"}}
    name = scenario(stages=stages, cast=cast, prompts={"from": "prompts.jsonl", "slices": 2}, export=[])
    (tmp_path / "prompts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    assert aaa("run", name, "--db", "aaa.db").code == 0
    asked = ("gaps", "small", "--db", "aaa.db", "--bootstrap", "50", "--intervals", "each", "--report", "page.html")
    told = aaa(*asked, "--json")
    assert told.code == 0, told.err
    page = (tmp_path / "page.html").read_text()
    assert not re.search(r"<script|(?:https?:|href=|url\(|@import|\bon\w+=)", re.sub('base64,[^"]+', "", page))
    assert "REHEARSAL" in page
    assert "sums &lt;script&gt;" in page
    text = " ".join(re.sub("<[^>]+>", " ", page).split())
    first, second = told.json["slices"]
    (edge,) = first["teaching"]
    assert edge[:3] == ["bee", "ant", HOSTILE]
    assert f"bee ant {edge[3]:.0f}" in text.replace("&lt;", "<").replace("&gt;", ">")
    for part in (first, second):
        for standing in part["by"][HOSTILE]:
            assert f"{standing['rating']:.0f} ({standing['games']} games)" in text
    assert "What lessons were worth" in text
    lessons = re.search(r"bee ant (\d+) (\d+) 0 (\d+) 100%", text)
    assert lessons is not None
    number, better, still_open = map(int, lessons.groups())
    assert number == better + still_open
    assert better > 3, "a hint makes a wrong answer right more often than not"
    assert "From D1 to D2" in text
    assert told.json["changes"][0]["finding"] in text
    drawings = [ElementTree.fromstring(b64decode(one)) for one in re.findall(r"base64,([^\"]+)", page)]
    assert len(drawings) == 2
    assert ["ant", "bee", f"{HOSTILE} {edge[3]:.0f}"] == sorted(
        found.text or "" for found in drawings[0].iter("{http://www.w3.org/2000/svg}text")
    )
    assert aaa(*asked).code == 0
    assert (tmp_path / "page.html").read_text() == page

    done = aaa("export", "small", "--db", "aaa.db", "--format", "trl-preference", "--out", "out/pairs.jsonl", "--card")
    assert done.code == 0, done.err
    card = (tmp_path / "out/README.md").read_text()
    assert "```mermaid\ngraph LR" in card
    assert "<script>" not in card.partition("### Who taught whom")[2].partition("### Composition")[0]
    assert f"| bee | ant | {edge[3]:.0f} |" in card
    assert aaa("verify", "out").code == 0


def test_a_page_that_cannot_be_written_is_refused_first(aaa: Aaa, run: Any, tmp_path: Path) -> None:
    run("answer")
    refused = aaa("gaps", "small", "--db", "aaa.db", "--report", "page.pdf")
    assert (refused.code, "must end in .html" in refused.err) == (2, True)
    assert aaa("gaps", "small", "--db", "aaa.db", "--report", "page.html").code == 2
    assert not list(tmp_path.glob("page.*"))


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


def test_a_checkpoint_of_ones_own_goes_on_in_the_next_slice_with_gaps_before_and_after(
    aaa: Aaa, scenario: Write, tmp_path: Path
) -> None:
    cast = {**GROUPS, "members": {"models": ["ant", "bee"], "card": "member"}}
    name = scenario(
        stages=["answer", "battle"], cast=cast, prompts={"from": "prompts.jsonl", "slices": 2}, export=[], target="ant"
    )
    more = [
        {**SUMS[0], "id": f"more-{n}", "instruction": f"What is {n} + 9?", "reference": str(n + 9)} for n in range(50)
    ]
    (tmp_path / "prompts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in (*SUMS, *more)))
    first = aaa("run", name, "--slice", "1", "--db", "aaa.db")
    assert first.code == 0, first.err
    ckpt = ("--set", "models.ant.revision=ckpt-1", "--set", "models.ant.sim.default_skill=1.0")
    second = aaa("run", name, "--slice", "2", *ckpt, "--db", "aaa.db")
    assert second.code == 0, second.err
    told = aaa("gaps", "small-slice-2", "--db", "aaa.db", "--bootstrap", "50", "--json").json
    assert [(part["session"], part["revisions"]) for part in told["slices"]] == [
        ("small-slice-1", {}),
        ("small-slice-2", {"ant": "ckpt-1"}),
    ]
    (step,) = told["changes"]
    (change,) = step["changes"]
    assert (change["model"], change["to"], change["proven"]) == ("ant", "bee", "narrowed")
    assert change["before"] > change["after"]
    shown = " ".join(aaa("gaps", "small-slice-2", "--db", "aaa.db", "--bootstrap", "50").out.split())
    assert "D2 (ant ckpt-1)" in shown
    assert "narrowed: ant on arithmetic" in shown
