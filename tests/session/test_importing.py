"""Other people's data into a session and out again: the same rows, byte for byte."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aaa.errors import UsageError
from aaa.session import ExportOptions, export
from aaa.session.foreign import READERS
from aaa.session.importing import Imported, import_file
from aaa.store import Store
from aaa.types import Answer, Judgment, PreferencePair, Score, Verdict

DATA = Path(os.environ.get("AAA_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
HOSTILE = st.text(st.characters(codec=None), max_size=30).map(lambda text: f"x{text}") | st.sampled_from(
    [
        "USER: a ASSISTANT: b</s>",
        "{{ system }}{% raw %}",
        "a\r\nb\rc\n",
        "a\0b",
        "\ud83d",
        "x" * 50_000,
        "<|im_end|>",
        "\u2028",
    ]
)


def take(store: Store, path: Path, name: str, session: str = "s") -> Imported:
    return asyncio.run(import_file(store, path, name, session))


def there_and_back(folder: Path, source: Path, name: str) -> list[Any]:
    """The rows of a file after import and export, in no order."""
    out = folder / f"out{source.suffix}"
    with Store.open(folder / "a.db") as store:
        made = take(store, source, name)
        assert made.left_out.counts() == {}
        assert export(store, "s", "imported", name, out, ExportOptions()).made.left_out.counts() == {}
    return json.loads(out.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("llamafactory/alpaca_en_demo_first100.json", "llamafactory-alpaca"),
        ("llamafactory/dpo_en_demo_first100.json", "llamafactory-ranking"),
        ("llamafactory/kto_en_demo_first100.json", "llamafactory-kto"),
        ("chat/fastchat_dummy_conversation.json", "sharegpt"),
    ],
)
def test_real_files_come_back_equal(tmp_path: Path, file: str, name: str) -> None:
    source = DATA / file
    if not source.exists():
        pytest.skip(f"{file} is not here: set AAA_SHARED_DATA")
    rows = json.loads(source.read_text(encoding="utf-8"))
    found = there_and_back(tmp_path, source, name)
    key = lambda row: json.dumps(row, sort_keys=True)  # noqa: E731
    assert sorted(map(key, found)) == sorted(map(key, rows))


CALLS = [{"id": "c1", "type": "function", "function": {"name": "add", "arguments": '{"a": 2}'}}]
TOOL = {"type": "function", "function": {"name": "add", "parameters": {"type": "object"}}}


@pytest.mark.parametrize("name", ["openai-sft", "axolotl-chat"])
def test_turns_that_are_not_to_be_learnt_stay_so(tmp_path: Path, name: str) -> None:
    mark = {"weight": 0} if name == "openai-sft" else {"train": False}
    told = {"role": "user", "content": "Again."} | (mark if name == "axolotl-chat" else {})
    turns = [
        {"role": "user", "content": "2 + 2?"},
        {"role": "assistant", "content": "5", **mark},
        told,
        {"role": "assistant", "content": "4"},
    ]
    source = tmp_path / "in.json"
    source.write_text(json.dumps([{"messages": turns}]))
    assert there_and_back(tmp_path, source, name) == [{"messages": turns}]


def test_tools_and_their_calls_come_back(tmp_path: Path) -> None:
    turns = [
        {"role": "user", "content": "2 + 2?"},
        {"role": "assistant", "content": None, "tool_calls": CALLS},
        {"role": "tool", "content": "4", "tool_call_id": "c1"},
        {"role": "assistant", "content": "4"},
    ]
    source = tmp_path / "in.json"
    source.write_text(json.dumps([{"messages": turns, "tools": [TOOL]}]))
    assert there_and_back(tmp_path, source, "openai-sft") == [{"messages": turns, "tools": [TOOL]}]
    human, gpt = {"from": "human", "value": "2 + 2?"}, {"from": "gpt", "value": "4"}
    called = {"from": "function_call", "value": '{"name": "add", "arguments": {"a": 2}}'}
    row = {
        "conversations": [human, called, {"from": "observation", "value": "4"}, gpt],
        "tools": json.dumps([TOOL["function"]]),
    }
    (tmp_path / "b").mkdir()
    source.write_text(json.dumps([row]))
    assert there_and_back(tmp_path / "b", source, "llamafactory-sharegpt") == [row]


def row_of(name: str, texts: list[str]) -> dict[str, Any]:
    """A row of the format with these three texts."""
    ask, good, bad = texts
    asked, answer, other = (
        {"role": r, "content": t} for r, t in zip(("user", "assistant", "assistant"), texts, strict=True)
    )
    human, gpt = {"from": "human", "value": ask}, {"from": "gpt", "value": good}
    return {
        "trl-preference": {"prompt": [asked], "chosen": [answer], "rejected": [other]},
        "trl-preference-implicit": {"chosen": [asked, answer], "rejected": [asked, other]},
        "trl-sft": {"messages": [asked, answer]},
        "trl-prompt-completion": {"prompt": [asked], "completion": [answer]},
        "trl-unpaired": {"prompt": [asked], "completion": [answer], "label": False},
        "trl-stepwise": {"prompt": ask, "completions": [good, bad], "labels": [True, False]},
        "openai-sft": {"messages": [asked, answer]},
        "openai-preference": {
            "input": {"messages": [asked]},
            "preferred_output": [answer],
            "non_preferred_output": [other],
        },
        "llamafactory-alpaca": {"instruction": ask, "input": bad, "output": good},
        "llamafactory-sharegpt": {"conversations": [human, gpt]},
        "llamafactory-ranking": {"conversations": [human], "chosen": gpt, "rejected": {"from": "gpt", "value": bad}},
        "llamafactory-kto": {"messages": [asked, answer], "label": True},
        "axolotl-chat": {"messages": [asked, answer]},
        "axolotl-dpo": {"messages": [asked], "chosen": answer, "rejected": other},
        "sharegpt": {"id": "one", "conversations": [human, gpt]},
    }[name]


ONE_FILE = [name for name in READERS if name not in ("ultrafeedback",) and not name.startswith(("parquet", "hf"))]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(ONE_FILE), texts=st.tuples(HOSTILE, HOSTILE, HOSTILE).map(list))
@example(name="trl-preference", texts=["\ud800", "a", "b"])
@example(name="openai-sft", texts=["a\0", "a", "b"])
@example(name="llamafactory-alpaca", texts=["a\r\n", " \n a", "b\r"])
def test_hostile_texts_come_back_equal_or_are_refused_with_a_reason(name: str, texts: list[str]) -> None:
    row = row_of(name, texts)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "in.jsonl").write_text(json.dumps(row) + "\n", encoding="ascii")
        row = json.loads(json.dumps(row))
        with Store.open(folder / "a.db") as store:
            try:
                take(store, folder / "in.jsonl", name)
            except UsageError as error:
                assert "equal_text" in str(error) or "equal text" in str(error)  # noqa: PT017
                return
            made = export(store, "s", "imported", name, folder / "out.jsonl").made
        lines = (folder / "out.jsonl").read_bytes().splitlines() if made.rows else []
        if made.left_out.rows:
            assert set(made.left_out.counts()) <= {"nul", "lone_surrogate", "equal_sides", "empty"}
            return
        found = json.loads((folder / "out.jsonl").read_bytes().removesuffix(b"\n"))
        assert lines
        assert {key: found[key] for key in row} == row


def test_preferences_become_verdicts_and_grades_judgments(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "4"}]
    row = {
        "prompt": "2+2?",
        "prompt_id": "p",
        "chosen": turns,
        "rejected": [turns[0], {"role": "assistant", "content": "5"}],
        "messages": turns,
        "score_chosen": 8.5,
        "score_rejected": 2,
    }
    data = tmp_path / "uf" / "data"
    data.mkdir(parents=True)
    (data / "train_prefs-00000-of-00001.jsonl").write_text(json.dumps(row))
    with Store.open(tmp_path / "a.db") as store:
        assert take(store, tmp_path / "uf", "ultrafeedback").rows == 1
        (verdict,) = store.rows(Verdict, session="s")
        assert store.get(Answer, str(verdict.winner)).text == "4"  # type: ignore[union-attr]
        readings = [judgment.reading for judgment in store.rows(Judgment, session="s")]
        assert sorted(reading.score for reading in readings if isinstance(reading, Score)) == [2, 8.5]
        (pair,) = store.rows(PreferencePair, session="s", selection="main")
        assert (pair.grade, pair.rejected_grade, pair.margin) == (8.5, 2.0, 1.0)
        before = [store.count(kind) for kind in (Answer, Verdict, PreferencePair)]
        take(store, tmp_path / "uf", "ultrafeedback")
        assert [store.count(kind) for kind in (Answer, Verdict, PreferencePair)] == before


def test_bad_rows_are_listed_by_place(tmp_path: Path) -> None:
    good = row_of("trl-preference", ["a", "b", "c"])
    bad = [
        {"prompt": "a", "chosen": "b"},
        {"prompt": "a", "chosen": "same", "rejected": "same"},
        {"prompt": "a", "chosen": 3, "rejected": "x"},
        {"prompt": [{"role": "wizard", "content": "a"}], "chosen": "b", "rejected": "c"},
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in (*bad, good, good)))
    with Store.open(tmp_path / "a.db") as store:
        made = take(store, path, "trl-preference")
        assert (made.rows, made.left_out.counts()) == (2, {"equal_text": 1, "unreadable": 3})
        assert made.left_out.rows["equal_text"] == [f"{path}:2"]


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"prompt": "a"}'])
def test_what_is_no_file_of_rows_is_refused_and_leaves_no_session(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(text)
    with Store.open(tmp_path / "a.db") as store, pytest.raises(UsageError):
        take(store, path, "trl-preference")
    with Store.open(tmp_path / "a.db") as store, pytest.raises(UsageError, match="imported"):
        take(store, path, "vicuna")


def test_another_file_does_not_take_a_sessions_place(tmp_path: Path) -> None:
    for name, good in (("one", "b"), ("two", "c")):
        (tmp_path / name).write_text(json.dumps(row_of("trl-preference", ["a", good, "d"])))
    with Store.open(tmp_path / "a.db") as store:
        take(store, tmp_path / "one", "trl-preference")
        with pytest.raises(UsageError, match="--session"):
            take(store, tmp_path / "two", "trl-preference")
