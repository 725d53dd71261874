"""`aaa sample`, `aaa filter`, `aaa slice` on files."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from aaa.cli.app import app
from aaa.errors import UsageError


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def run(*args: str) -> Any:
    result = CliRunner().invoke(app, [*args, "--json"])
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
    refused = CliRunner().invoke(app, ["slice", str(pool), "--schedule", "gap", "--out", str(out)])
    assert isinstance(refused.exception, UsageError)


def test_an_analysis_counts_and_suggests_weights(pool: Path) -> None:
    told = run("analyse", str(pool), "--field", "instruction=question")
    assert (told["read"], told["rows"], told["refused"]) == (13, 12, {"malformed": 1})
    assert told["skill"] == {"a": 9, "b": 3}
    assert told["weights"]["skill"] == {"a": 1.0, "b": 3.0}
    assert sum(told["language"].values()) == sum(told["turns"].values()) == 12
