"""Texts of files: the usual forms of sets of prompts and of benchmarks, of every kind of file."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from aaa.errors import UsageError
from aaa.scenario import read_benchmark, read_texts, text_of

DATA = Path(os.environ.get("AAA_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))


@pytest.mark.parametrize(
    ("columns", "asked"),
    [
        ({"instruction": "Sort.", "input": "3 1"}, "Sort.\n\n3 1"),
        ({"instruction": "Sort.", "instances": [{"input": "3 1", "output": "1 3"}]}, "Sort.\n\n3 1"),
        ({"turns": ["One?", "Two?"]}, "One?\nTwo?"),
        ({"prompt": ["One?"]}, "One?"),
        ({"prompt": [{"role": "system", "content": "Be short."}, {"role": "user", "content": "One?"}]}, "One?"),
        ({"conversation": [{"from": "human", "value": "One?"}, {"from": "gpt", "value": "1"}]}, "One?"),
        ({"problem": "One?", "text": "no"}, "One?"),
        ({"instruction": "  ", "question": "One?"}, "One?"),
        ({"stem": "One?"}, ""),
    ],
)
def test_the_forms_of_an_instruction(columns: dict[str, Any], asked: str) -> None:
    assert text_of(columns, "instruction") == asked


def test_every_kind_of_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,question\n1,Why?\n2,Where?\n")
    (tmp_path / "a.json").write_text('[{"key": 7, "prompt": "Why?"}]')
    (tmp_path / "a.txt").write_text("Why?\n\nWhere?\n")
    found = {name: [(row.id, row.text) for row in read_texts(tmp_path / name)] for name in ("a.csv", "a.json", "a.txt")}
    assert found == {
        "a.csv": [("1", "Why?"), ("2", "Where?")],
        "a.json": [("7", "Why?")],
        "a.txt": [("line-1", "Why?"), ("line-3", "Where?")],
    }
    (tmp_path / "b.jsonl").write_bytes(b'{"text": "a"}\n{"text": "\xff"}\n')
    with pytest.raises(UsageError, match=r"b\.jsonl:2: is not UTF-8"):
        list(read_texts(tmp_path / "b.jsonl"))
    with pytest.raises(UsageError, match="cannot be read"):
        list(read_texts(tmp_path / "none.jsonl"))


def test_a_benchmark_gives_all_turns_and_the_first(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text(json.dumps({"question_id": 1, "turns": ["One?", "Two?"]}) + '\n{"text": "x"}\n')
    assert list(read_benchmark(tmp_path / "b.jsonl")) == [("1", "One?\nTwo?"), ("1", "One?"), ("line-2", "x")]
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(UsageError, match="holds no rows"):
        list(read_benchmark(tmp_path / "empty.jsonl"))


@pytest.mark.skipif(not DATA.is_dir(), reason="no shared data")
@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("mt_bench/question.jsonl", 80),
        ("gsm8k/test_first400.jsonl", 400),
        ("ifeval/input_data.jsonl", 541),
        ("self_instruct/seed_tasks.jsonl", 175),
    ],
)
def test_real_benchmarks_are_read_whole(name: str, rows: int) -> None:
    assert len({id_ for id_, _ in read_benchmark(DATA / name)}) == rows


@pytest.mark.skipif(not DATA.is_dir(), reason="no shared data")
def test_programs_are_texts_too(tmp_path: Path) -> None:
    file = tmp_path / "HumanEval.jsonl"
    file.write_bytes(gzip.decompress((DATA / "humaneval/HumanEval.jsonl.gz").read_bytes()))
    assert len(list(read_benchmark(file))) == 164
