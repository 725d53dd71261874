"""`aaa judge` on files of pairs and on sessions, and what `aaa audit`, `rate` and `agreement` say of its panels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from cli_helpers import Aaa, Write

SUMS = [(17, 25), (31, 14), (58, 7), (23, 39), (64, 18), (45, 27), (71, 16), (12, 80)]
PANEL: dict[str, Any] = {
    "models": {
        "elm": {"model": "sim/elm", "family": "elms", "license": "mit", "sim": {"default_skill": 0.8}},
        "oak": {"model": "sim/oak", "family": "oaks", "license": "mit", "sim": {"default_skill": 0.8}},
        "fir": {"model": "sim/fir", "family": "firs", "license": "mit", "sim": {"default_skill": 0.8}},
    },
    "cast": {"judges": {"models": ["elm", "oak", "fir"], "card": "judge"}},
}


def panel(name: str = "panel.yaml", **group: Any) -> str:
    cast = {"judges": {**PANEL["cast"]["judges"], **group}}
    Path(name).write_text(yaml.safe_dump({**PANEL, "cast": cast}))
    return name


def pairs(**more: Any) -> str:
    """Sums, each with a right answer and a wrong one that is longer."""
    rows = []
    for number, (a, b) in enumerate(SUMS):
        right, wrong = f"The answer is {a + b}.", f"Let me think about that for a while. The answer is {a + b + 1}."
        sides = (right, wrong, "answer_a") if number % 2 else (wrong, right, "answer_b")
        rows.append(
            {
                "instruction": f"What is {a} + {b}?",
                "answer_a": sides[0],
                "answer_b": sides[1],
                "label": sides[2],
                **more,
            }
        )
    Path("pairs.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return "pairs.jsonl"


def test_a_file_of_pairs_is_judged_once_and_held_against_its_labels(aaa: Aaa) -> None:
    told = aaa("judge", pairs(), "--judges", panel(), "--out", "verdicts.jsonl", "--json")
    assert told.code == 0, told.err
    found = told.json
    assert found["pairs"] == sum(found["verdicts"].values()) == len(SUMS)
    assert found["complete"]
    assert found["calls"] == {"made": 6 * len(SUMS), "replayed": 0, "failed": 0}
    assert found["length_baseline"]["value"] == 0
    assert found["accuracy"]["value"] > 0.5
    assert 0 <= found["inconsistency"] <= 1
    assert set(found["judges"]) == {"elm", "oak", "fir"}
    again = aaa("judge", "pairs.jsonl", "--judges", "panel.yaml", "--json").json
    assert again["calls"] == {"made": 0, "replayed": 0, "failed": 0}
    assert (again["verdicts"], again["accuracy"]) == (found["verdicts"], found["accuracy"])
    rows = [json.loads(line) for line in Path("verdicts.jsonl").read_text().splitlines()]
    assert {row["label"] for row in rows} == {"model_a", "model_b"}
    assert aaa("rate", "verdicts.jsonl", "--json").code == 0


def test_a_juror_of_proven_reliability_outweighs_the_others(aaa: Aaa) -> None:
    weighted = panel(reliability={"elm": 0.99, "oak": 0.52, "fir": 0.52}, quorum=1)
    told = aaa("judge", pairs(), "--judges", weighted, "--out", "verdicts.jsonl")
    assert told.code == 0, told.err
    rows = [json.loads(line) for line in Path("verdicts.jsonl").read_text().splitlines()]
    said = [({vote["judge"]: vote["choice"] for vote in row["votes"]}["elm"], row["winner"]) for row in rows]
    chosen = [(choice.replace("answer", "model"), winner) for choice, winner in said if choice.startswith("answer")]
    assert chosen
    assert all(choice == winner for choice, winner in chosen)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no pairs"),
        (b"\xff\xfe\n", "pairs.jsonl:1"),
        (b'{"instruction": "Hi", "answer_a": "x"}\n', "answer_b"),
        (b'{"instruction": "Hi", "answer_a": "x", "answer_b": "y", "label": "z"}\n', "label"),
        (b"[1]\n", "pairs.jsonl:1"),
        (b'{"answer_a": "x", "answer_b": "y"}\n', "pairs.jsonl:1"),
    ],
)
def test_a_file_that_holds_no_pairs_is_wrong_use(aaa: Aaa, content: bytes, words: str) -> None:
    Path("pairs.jsonl").write_bytes(content)
    told = aaa("judge", "pairs.jsonl", "--judges", panel())
    assert told.code == 2
    assert words in told.err


@pytest.mark.parametrize(
    ("rates", "words"),
    [({"elm": 0.9}, "each model"), ({"elm": 0.9, "oak": 0.4, "fir": 0.9}, "greater than 0.5")],
)
def test_reliability_must_fit_the_panel(aaa: Aaa, rates: dict[str, float], words: str) -> None:
    told = aaa("judge", pairs(), "--judges", panel(reliability=rates))
    assert told.code == 2
    assert words in told.err


def test_a_session_is_judged_by_another_panel_without_generating(aaa: Aaa, scenario: Write) -> None:
    assert aaa("run", scenario()).code == 0
    told = aaa("judge", "small", "--judges", panel("second.yaml"), "--json")
    assert told.code == 0, told.err
    assert (told.json["panel"], sum(told.json["verdicts"].values())) == ("second", 4)
    assert told.json["calls"]["made"] == 4 * 6
    assert aaa("judge", "small", "--judges", "second.yaml", "--json").json["calls"]["made"] == 0
    third = panel("third.yaml", reliability={"elm": 0.9, "oak": 0.6, "fir": 0.6})
    weighted = aaa("judge", "small", "--judges", third, "--json")
    assert weighted.code == 0, weighted.err
    assert weighted.json["calls"]["made"] == 0, "the same questions, so the journal answers them"

    several = aaa("rate", "small")
    assert several.code == 2
    assert "second" in several.err
    rated = aaa("rate", "small", "--panel", "judges", "--json")
    assert rated.code == 0, rated.err
    assert {row["model"] for row in rated.json["models"]} == {"ant", "bee"}
    assert aaa("rate", "small", "--panel", "second", "--json").json["models"][0]["model"] == "bee"
    assert aaa("rate", "small", "--panel", "fourth").code == 2

    agreed = aaa("agreement", "small", "--coder", "panel", "--json")
    assert agreed.code == 0, agreed.err
    assert agreed.json["items"] == 4


def test_where_takes_a_part_of_a_session(aaa: Aaa, scenario: Write) -> None:
    assert aaa("run", scenario()).code == 0
    told = aaa("judge", "small", "--judges", panel("part.yaml"), "--where", "skill=hostile", "--json")
    assert told.code == 0, told.err
    assert sum(told.json["verdicts"].values()) == 1
    assert aaa("judge", "small", "--judges", "part.yaml", "--where", "skil=hostile").code == 2


def test_a_session_is_audited_by_juror_and_by_panel(aaa: Aaa, scenario: Write) -> None:
    assert aaa("run", scenario()).code == 0
    told = aaa("audit", "small", "--json")
    assert told.code == 0, told.err
    assert set(told.json["judges"]) == {"cat", "dog"}
    assert told.json["reliability"]["by"] == "gold"
    assert any("weighted by reliability" in rule["rule"] or "panel" in rule["rule"] for rule in told.json["rules"])
    assert "usd_per_verdict" in told.json["judges"]["cat"]
    assert aaa("judge", "small", "--judges", panel("second.yaml")).code == 0
    assert set(aaa("audit", "small", "--panel", "second", "--json").json["judges"]) == {"elm", "oak", "fir"}
    assert "reliability: {" in aaa("audit", "small").out
    assert aaa("audit", "small", "--panel", "nobody").code == 2
    assert aaa("audit", "nothing").code == 2


def test_gold_labels_of_ones_own_judge_the_jurors(aaa: Aaa, scenario: Write) -> None:
    assert aaa("run", scenario()).code == 0
    Path("gold.jsonl").write_text(
        "".join(f"{json.dumps({'question_id': name, 'winner': 'bee'})}\n" for name in ("sum", "product"))
    )
    told = aaa("audit", "small", "--gold", "gold.jsonl", "--json")
    assert told.code == 0, told.err
    assert told.json["rules"]
    Path("gold.jsonl").write_text('{"question_id": "sum", "winner": "wasp"}\n')
    assert aaa("audit", "small", "--gold", "gold.jsonl").code == 2


def test_a_gate_that_the_judging_does_not_pass_stops_the_export(aaa: Aaa, scenario: Write) -> None:
    assert aaa("run", scenario(export=[])).code == 0
    shut = aaa("export", "small", "--format", "trl-preference", "--out", "out.jsonl", "--gate", "accuracy>1")
    assert shut.code == 1, shut.out + shut.err
    assert "accuracy" in shut.err
    assert not Path("out.jsonl").exists()
    assert (
        aaa("export", "small", "--format", "trl-preference", "--out", "out.jsonl", "--gate", "flip_rate<=1").code == 0
    )


def test_a_gate_of_the_scenario_stops_its_export_and_says_why(aaa: Aaa, scenario: Write) -> None:
    shut = aaa("run", scenario(gates={"flip_rate": "<= 1", "accuracy": "> 1"}))
    assert shut.code == 1, shut.out + shut.err
    assert "accuracy > 1 is asked for" in shut.out + shut.err
    assert "flip_rate" not in shut.out + shut.err
    assert not Path("out/pairs.jsonl").exists()


def test_a_gate_that_the_judging_passes_lets_the_export_through(aaa: Aaa, scenario: Write) -> None:
    assert aaa("run", scenario(gates={"flip_rate": "<= 1"})).code == 0
    assert Path("out/pairs.jsonl").exists()


@pytest.mark.parametrize(("gates", "words"), [({"flip_rat": "< 0.2"}, "flip_rate"), ({"flip_rate": "0.2"}, "gates")])
def test_a_gate_that_is_none_is_told_before_anything_is_asked(
    aaa: Aaa, scenario: Write, gates: dict[str, str], words: str
) -> None:
    told = aaa("run", scenario(gates=gates))
    assert told.code == 2
    assert words in told.err
