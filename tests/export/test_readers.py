"""Every format through its real readers (extra `consumers`): rows are counted, texts compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from export_examples import of_kind, sample, written

from aaa.export import FORMATS
from aaa.types import Message, ToolCall, assistant, system, user

datasets = pytest.importorskip("datasets", reason="install the extra `consumers`")

TEXTS = ("plain", "é 漢 😀\u2028x\r\ny", "<s>[INST] {{ user }} </s> USER", '"quoted", \\u0000 \\', "a\n\n\tb")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", str(tmp_path / "hf"))


def rows_of(name: str) -> list[Any]:
    """Rows with odd texts, some under a system message."""
    made = []
    for number, text in enumerate(TEXTS):
        prompt = (system("Be brief."), user(text)) if number % 2 and name != "trl-stepwise" else (user(text),)
        made.append(of_kind(name, f"row-{number}", instruction=f"i-{number}", prompt=prompt))
    return made


def load(path: Path, kind: str = "json") -> Any:
    return datasets.load_dataset(kind, data_files=str(path), split="train")


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if not form.layout.folder])
def test_datasets_reads_files_as_they_were_written(tmp_path: Path, name: str) -> None:
    kind = "parquet" if name.startswith("parquet") else "json"
    path = tmp_path / ("rows.parquet" if kind == "parquet" else "rows.jsonl")
    made = written(path, name, *rows_of(name))
    read = load(path, kind)
    assert len(read) == made.rows > 0
    expected = [row for _, row in FORMATS[name].layout.read(path)]
    assert [_whole(row) for row in read] == [_whole(row) for row in expected]


def _whole(value: Any) -> Any:
    """Without the nulls that a table has where a row has nothing."""
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items() if inner is not None}
    return [_whole(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.layout.folder])
def test_datasets_reads_folders_with_their_splits(tmp_path: Path, name: str) -> None:
    made = written(tmp_path / "set", name, *rows_of(name))
    read = datasets.load_dataset(str(tmp_path / "set"))
    assert {split: len(rows) for split, rows in read.items()} == {
        file.path.name.partition("-")[0]: file.rows for file in made.files
    }
    column = "prompt" if name == "ultrafeedback" else "messages" if name == "hf-sft" else "chosen"
    expected = [_whole(row[column]) for _, row in FORMATS[name].layout.read(tmp_path / "set")]
    assert [_whole(row[column]) for split in read for row in read[split]] == expected


def test_an_array_is_read_as_well(tmp_path: Path) -> None:
    written(tmp_path / "rows.json", "llamafactory-kto", *rows_of("llamafactory-kto"))
    assert len(load(tmp_path / "rows.json")) == len(TEXTS)


def test_tool_calls_of_some_rows_break_no_table(tmp_path: Path) -> None:
    calls = (
        Message(role="assistant", tool_calls=(ToolCall(id="c", name="add", arguments='{"a": [1, {"b": null}]}'),)),
        Message(role="tool", content="4", tool_call_id="c"),
        assistant("4"),
    )
    for name, suffix in (("trl-sft", "jsonl"), ("parquet-sft", "parquet"), ("llamafactory-sharegpt", "jsonl")):
        path = tmp_path / f"{name}.{suffix}"
        written(
            path, name, *(sample(f"a-{n:03}", instruction=f"i-{n}") for n in range(50)), sample("b", completion=calls)
        )
        assert len(load(path, "parquet" if suffix == "parquet" else "json")) == 51


@pytest.mark.skipif(not hasattr(datasets, "Json"), reason="older `datasets` fill arguments with nulls")
def test_arguments_of_calls_are_read_as_they_were_written(tmp_path: Path) -> None:
    given = [{"city": "Paris"}, {"a": [1, {"b": None}], "c": "x"}, {}]
    rows = []
    for number, arguments in enumerate(given):
        call = ToolCall(id="c", name="act", arguments=json.dumps(arguments))
        turns = (Message(role="assistant", tool_calls=(call,)), Message(role="tool", content="4", tool_call_id="c"))
        rows.append(sample(f"a-{number}", instruction=f"i-{number}", completion=(*turns, assistant("4"))))
    written(tmp_path / "x.jsonl", "trl-sft", sample("a", instruction="i"), *rows)
    read = [row["messages"][1]["tool_calls"] for row in load(tmp_path / "x.jsonl")]
    assert read[0] is None
    assert [calls[0]["function"]["arguments"] for calls in read[1:]] == given


class TestTrl:
    """What TRL's own functions make of the rows."""

    @pytest.fixture(autouse=True)
    def _installed(self) -> None:
        pytest.importorskip("trl", reason="install the extra `consumers`")

    @pytest.mark.parametrize("name", [name for name in FORMATS if name.startswith("trl-") and "stepwise" not in name])
    def test_rows_are_conversational(self, tmp_path: Path, name: str) -> None:
        from trl import is_conversational

        written(tmp_path / "x.jsonl", name, *rows_of(name))
        assert all(is_conversational(row) for row in load(tmp_path / "x.jsonl"))

    def test_explicit_preferences_unpair(self, tmp_path: Path) -> None:
        from trl import unpair_preference_dataset

        written(tmp_path / "x.jsonl", "trl-preference", *rows_of("trl-preference"))
        columns = ["prompt", "chosen", "rejected"]
        unpaired = unpair_preference_dataset(load(tmp_path / "x.jsonl").select_columns(columns))
        assert sorted(unpaired["label"]) == [False] * len(TEXTS) + [True] * len(TEXTS)
        written(tmp_path / "y.jsonl", "trl-unpaired", *rows_of("trl-preference"))
        ours = load(tmp_path / "y.jsonl")
        key = lambda row: json.dumps([row["prompt"], row["completion"], row["label"]], sort_keys=True)  # noqa: E731
        assert sorted(map(key, ours)) == sorted(map(key, unpaired))

    def test_implicit_prompts_are_found_again(self, tmp_path: Path) -> None:
        from trl import extract_prompt

        rows = rows_of("trl-preference")
        written(tmp_path / "x.jsonl", "trl-preference-implicit", *rows)
        for row, source in zip(load(tmp_path / "x.jsonl"), rows, strict=True):
            found = extract_prompt({"chosen": row["chosen"], "rejected": row["rejected"]})
            assert [message["content"] for message in found["prompt"]] == [message.text for message in source.prompt]
            assert [message["content"] for message in found["chosen"]] == ["4"]
