"""Sources: every form is read, and every row is kept or refused for a reason."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.errors import MissingExtraError, ScenarioError
from aaa.scenario import PromptRow, Prompts, RefusedRow, read_memory, read_prompts, read_source


def source(folder: Path, name: str, **options: Any) -> list[PromptRow | RefusedRow]:
    prompts = Prompts.model_validate({"from": name, "faults": "set_aside", **options})
    return list(read_source(prompts, near=folder))


def texts(rows: list[PromptRow | RefusedRow]) -> list[str]:
    return [row.messages[-1].text if isinstance(row, PromptRow) else row.reason for row in rows]


def write(path: Path, *rows: Any) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


def test_the_same_rows_from_every_kind_of_file(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    rows = [{"id": "1", "question": "How high is K2?", "answer": "8611 m"}, {"id": "2", "question": "Wie, bitte?"}]
    write(tmp_path / "a.jsonl", *rows)
    (tmp_path / "b.json").write_text(json.dumps(rows))
    for name, delimiter in (("c.csv", ","), ("d.tsv", "\t")):
        with (tmp_path / name).open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)
    table = pa.Table.from_pylist(rows)
    pq.write_table(table, tmp_path / "e.parquet")
    disk = tmp_path / "disk"  # as `Dataset.save_to_disk` lays it out
    disk.mkdir()
    (disk / "state.json").write_text("{}")
    (disk / "dataset_info.json").write_text("{}")
    with (
        pa.OSFile(str(disk / "data-00000-of-00001.arrow"), "wb") as out,
        pa.ipc.new_stream(out, table.schema) as stream,
    ):
        stream.write_table(table)
    fields = {"instruction": "question", "reference": "answer"}
    for name in ("a.jsonl", "b.json", "c.csv", "d.tsv", "e.parquet", "disk"):
        optional = {"instruction": "question"}
        first, second = source(tmp_path, name, fields=optional)
        assert isinstance(first, PromptRow)
        assert isinstance(second, PromptRow)
        assert (first.source_id, first.messages[0].text, first.meta) == ("1", "How high is K2?", {"answer": "8611 m"})
        assert second.messages[0].text == "Wie, bitte?"
        named, lacking = source(tmp_path, name, fields=fields)
        assert isinstance(named, PromptRow)
        assert named.reference == "8611 m"
        assert isinstance(lacking, RefusedRow)
        assert "there is no column 'answer'; there are id, question" in lacking.detail
    (tmp_path / "f.txt").write_text("How high is K2?\n\nWie, bitte?\n")
    assert texts(source(tmp_path, "f.txt")) == ["How high is K2?", "Wie, bitte?"]


def test_conversations_of_others(tmp_path: Path) -> None:
    turns = [("system", "Be brief."), ("human", "Hi"), ("gpt", "Hello"), ("human", "What is 2+2?"), ("gpt", "4")]
    sharegpt = {"id": "s", "conversations": [{"from": who, "value": words} for who, words in turns]}
    roles = {"system": "system", "human": "user", "gpt": "assistant"}
    openai = {"id": "o", "messages": [{"role": roles[who], "content": words} for who, words in turns]}
    alpaca = {"id": "a", "instruction": "Translate.", "input": "Guten Tag", "output": "Good day", "extra": 1}
    unknown = {"id": "u", "conversations": [{"from": "alien", "value": "?"}]}
    answers_only = {"id": "n", "conversations": [{"from": "gpt", "value": "Hello"}]}
    write(tmp_path / "x.jsonl", sharegpt, openai, alpaca, unknown, answers_only)
    s, o, a, u, n = source(tmp_path, "x.jsonl")
    for row in (s, o):
        assert isinstance(row, PromptRow)
        assert (row.system, [m.text for m in row.messages]) == ("Be brief.", ["Hi", "Hello", "What is 2+2?"])
        assert row.meta == {"answer": "4"}
    assert isinstance(a, PromptRow)
    assert (a.messages[0].text, a.meta) == ("Translate.\n\nGuten Tag", {"answer": "Good day", "extra": 1})
    assert isinstance(u, RefusedRow)
    assert "'alien' is not known" in u.detail
    assert isinstance(n, RefusedRow)


def test_every_fault_has_its_reason_and_the_rest_is_read(tmp_path: Path) -> None:
    good = b'{"id": "1", "instruction": "Fine"}\n'
    lines = [good, b'{"instruction": "caf\xe9"}\n', b"not json\n", b"[1]\n", b'{"instruction": "  "}\n', good]
    lines += [b'{"id": "2", "instruction": "' + b"x" * 60 + b'"}\n', b'{"id": "3", "instruction": "Also fine"}\n']
    (tmp_path / "bad.jsonl").write_bytes(b"".join(lines))
    rows = source(tmp_path, "bad.jsonl", max_characters=50)
    assert texts(rows) == [
        "Fine",
        "encoding",
        "malformed",
        "malformed",
        "empty",
        "duplicate_id",
        "oversized",
        "Also fine",
    ]
    strict = Prompts.model_validate({"from": "bad.jsonl"})
    with pytest.raises(ScenarioError, match=r"bad\.jsonl:2: is not UTF-8"):
        list(read_prompts(strict, near=tmp_path))


def test_faults_of_csv_files(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b'id,instruction\n1,Fine\n2,caf\xe9\n3,a,b\n4\n5,"two\nlines"\n6,\n')
    assert texts(source(tmp_path, "x.csv")) == ["Fine", "encoding", "malformed", "malformed", "two\nlines", "empty"]


def test_a_line_beyond_all_bounds_is_passed_over(tmp_path: Path) -> None:
    with (tmp_path / "long.jsonl").open("wb") as file:
        file.write(b'{"instruction": "' + b"x" * (35 << 20) + b'"}\n{"instruction": "next"}\n')
    assert texts(source(tmp_path, "long.jsonl")) == ["oversized", "next"]


def test_missing_extras_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "datasets", None)
    with pytest.raises(MissingExtraError, match="datasets"):
        source(tmp_path, "hf:owner/name")
    (tmp_path / "no.parquet").write_text("nothing of the kind")
    with pytest.raises(ScenarioError, match="not a Parquet file"):
        source(tmp_path, "no.parquet")


anything = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), st.lists, max_leaves=4)
row = st.dictionaries(st.sampled_from(["id", "instruction", "messages", "prompt", "conversations", "x"]), anything)


@given(st.lists(row | anything))
def test_what_enters_leaves_as_a_prompt_or_with_a_reason(rows: list[Any]) -> None:
    found = list(read_memory(rows))
    assert len(found) == len(rows)
    ids = [one.source_id for one in found if isinstance(one, PromptRow)]
    assert len(ids) == len(set(ids))
    assert all(one.detail for one in found if isinstance(one, RefusedRow))


@given(st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"").replace(b"\r", b""))))
def test_lines_of_any_bytes_are_kept_or_refused(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    folder = tmp_path_factory.mktemp("lines")
    (folder / "any.jsonl").write_bytes(b"\n".join(lines))
    held = [line for line in lines if line.removeprefix(b"\xef\xbb\xbf").strip()]
    assert len(source(folder, "any.jsonl")) == len(held)


def test_a_prompt_that_a_path_leads_to_is_not_called_empty_for_another_fault(tmp_path: Path) -> None:
    rows = [{"turns": ["Why?", "And?"], "reference": ["no text"]}, {"turns": [" "]}, {"turns": []}, {"turns": ["Fine"]}]
    write(tmp_path / "x.jsonl", *rows)
    found = source(tmp_path, "x.jsonl", fields={"instruction": "turns.0"})
    assert texts(found) == ["malformed", "empty", "empty", "Fine"]
