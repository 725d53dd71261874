"""`aaa sample`, `aaa filter`, `aaa slice` on files."""

import json
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import Aaa, Write
from typer.testing import CliRunner

from aaa.cli.commands import app
from aaa.errors import UsageError


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def run(*args: str) -> Any:
    result = CliRunner().invoke(app(), [*args, "--json"])
    assert result.exit_code == 0, result.output + str(result.exception)
    return json.loads(result.stdout)


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    path = tmp_path / "pool.jsonl"
    lines = [{"id": f"{s}{i}", "question": f"{s} question number {i}", "skill": s} for s in "ab" for i in range(9)]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines[:12]) + "broken\n")
    return path


def test_a_sample_by_skill_with_weights_from_gaps(pool: Path, tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text("skill: {a: 3, '*': 1}")
    out = tmp_path / "out.jsonl"
    options = ["--by", "skill", "--weights", str(tmp_path / "w.yaml"), "--field", "instruction=question"]
    told = run("sample", str(pool), "--size", "8", "--out", str(out), *options)
    assert (told["read"], told["kept"], told["refused"]) == (13, 12, {"malformed": 1})
    assert {c["cell"][0]: c["rows"] for c in told["cells"]} == {"a": 6, "b": 2}
    assert len(rows(out)) == told["size"] == 8
    assert rows(tmp_path / "out.refused.jsonl")[0]["at"].endswith("pool.jsonl:13")
    assert run("sample", str(out), "--size", "5", "--out", str(tmp_path / "again.jsonl"))["size"] == 5


def test_filters_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(
        "Write to jane@firm.org now\nWas ist das für ein Baum und wie heißt er?\nFine words here\n"
    )
    (tmp_path / "rules.yaml").write_text("- pii\n- language: [en]\n")
    out = tmp_path / "kept.jsonl"
    told = run("filter", str(tmp_path / "x.txt"), "--rules", str(tmp_path / "rules.yaml"), "--out", str(out))
    assert told["refused"] == {"language": 1, "pii": 1}
    assert [row["messages"][0]["content"] for row in rows(out)] == ["Fine words here"]


def test_slices_of_a_file_are_columns(pool: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    told = run(
        "slice", str(pool), "--slices", "2", "--test", "0.25", "--field", "instruction=question", "--out", str(out)
    )
    assert sum(told["parts"].values()) == 12
    places = {(row.get("slice"), row["split"]) for row in rows(out)}
    assert places == {("D0", "train"), ("D1", "train"), (None, "test")}
    refused = CliRunner().invoke(app(), ["slice", str(pool), "--schedule", "gap", "--out", str(out)])
    assert isinstance(refused.exception, UsageError)


def test_an_analysis_counts_and_suggests_weights(pool: Path) -> None:
    told = run("analyse", str(pool), "--field", "instruction=question")
    assert (told["read"], told["rows"], told["refused"]) == (13, 12, {"malformed": 1})
    assert told["skill"] == {"a": 9, "b": 3}
    assert told["weights"]["skill"] == {"a": 1.0, "b": 3.0}
    assert sum(told["language"].values()) == sum(told["turns"].values()) == 12


def test_weights_follow_the_gaps_that_a_session_or_its_json_shows(aaa: Aaa, scenario: Write) -> None:
    """The same rows, whether the gaps come from the store or from what `aaa gaps` printed of it."""
    kinds = {"sums": "What is {0} + {1}?", "tips": "Give me {0} tips for week {1}."}
    prompts = [
        {"id": f"{skill}-{n}", "instruction": text.format(n + 3, n + 21), "skill": skill}
        for skill, text in kinds.items()
        for n in range(10)
    ]
    file = scenario(stages=["answer", "battle"], export=[])
    Path("prompts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in prompts))
    assert aaa("run", file, "--session", "last").code == 0
    Path("gaps.json").write_text(aaa("gaps", "last", "--intervals", "each", "--json").out)
    drawn = []
    for source in ("last", "session:last", "gaps.json"):
        asked = ("sample", "prompts.jsonl", "--size", "8", "--by", "skill", "--weights-from", source)
        told = aaa(*asked, "--out", "next.jsonl", "--json")
        assert told.code == 0, told.err
        drawn.append([row["id"] for row in rows(Path("next.jsonl"))])
        assert abs(sum(cell["target"] for cell in told.json["cells"]) - 1.0) < 1e-9
        cut = ("slice", "prompts.jsonl", "--slices", "2", "--schedule", "gap", "--gaps", source, "--out", "cut.jsonl")
        assert aaa(*cut).code == 0
        assert {row["slice"] for row in rows(Path("cut.jsonl"))} == {"D0", "D1"}
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == len(drawn[2]) == 8


def test_gaps_that_are_none_are_said(aaa: Aaa) -> None:
    Path("pool.jsonl").write_text('{"instruction": "Why?", "skill": "a"}\n')
    Path("odd.yaml").write_text("skills: [a, b]\n")
    asked = ("sample", "pool.jsonl", "--size", "1", "--by", "skill", "--out", "out.jsonl", "--weights-from")
    for source, words in (("odd.yaml", "holds no gaps"), ("nobody", "no store at"), ("pool.jsonl", "pool.jsonl")):
        told = aaa(*asked, source)
        assert told.code in (1, 2), source
        assert words in told.err
    assert not Path("out.jsonl").exists()
    told = aaa("sample", "pool.jsonl", "--size", "1", "--out", "out.jsonl", "--weights-from", "odd.yaml")
    assert (told.code, "`by` must name `skill`" in told.err) == (2, True)


def test_what_evolved_from_one_prompt_lies_in_one_split(tmp_path: Path) -> None:
    """Lines as `aaa evolve --out` writes them; the parents themselves are in another file."""
    made = [
        {
            "id": f"p{n}/v{version}",
            "instruction": f"Write about matter {n} in version {version}, as {'abcdefgh'[n]} would see it.",
            "lineage": {"parent": f"p{n}" if version == 1 else f"p{n}/v{version - 1}", "round": version},
        }
        for n in range(8)
        for version in (1, 2, 3)
    ]
    (tmp_path / "made.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in made))
    out = tmp_path / "out.jsonl"
    run(
        "slice",
        str(tmp_path / "made.jsonl"),
        "--slices",
        "4",
        "--schedule",
        "round",
        "--test",
        "0.3",
        "--out",
        str(out),
    )
    splits = {(row["id"].partition("/")[0], row["split"]) for row in rows(out)}
    assert len(splits) == 8
    assert {split for _, split in splits} == {"train", "test"}
    assert all(row["slice"] == f"D{row['lineage']['round']}" for row in rows(out) if row["split"] == "train")
