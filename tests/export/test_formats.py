"""export_rows: the forms of TRL, column by column."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aaa.errors import ExportError, UsageError
from aaa.export import FORMATS, export_rows
from aaa.types import (
    ImagePart,
    ImageUrl,
    Message,
    PreferencePair,
    Producer,
    SftSample,
    TextPart,
    ToolCall,
    assistant,
    system,
    user,
)

GPT = Producer(model="gpt", family="gpt", license="openai-terms")
QWEN = Producer(model="qwen", family="qwen", license="apache-2.0")
SHARED: dict[str, Any] = {
    "session": "s",
    "selection": "main",
    "instruction": "instruction-1",
    "source_id": "seed-1",
    "skill": "arithmetic",
    "language": None,
    "producers": (QWEN, GPT),
    "licenses": ("apache-2.0", "openai-terms"),
    "judges": ("claude", "gpt"),
    "simulated": False,
    "lineage": {},
}


def pair(id_: str = "pair-1", **fields: Any) -> PreferencePair:
    return PreferencePair(
        **SHARED
        | {
            "id": id_,
            "prompt": (user("What is 2 + 2?"),),
            "chosen_answer": "answer-1",
            "rejected_answer": "answer-2",
            "chosen_model": "gpt",
            "rejected_model": "qwen",
            "chosen": (assistant("4"),),
            "rejected": (assistant("5"),),
            "chosen_context": "plain",
            "rejected_context": "plain",
            "by": "verdict",
            "decided_by": "panel",
            "margin": 2,
            "grade": 9,
            "rejected_grade": None,
            "disagree": None,
        }
        | fields
    )


def sample(id_: str = "sft-1", **fields: Any) -> SftSample:
    return SftSample(
        **SHARED
        | {
            "id": id_,
            "prompt": (user("What is 2 + 2?"),),
            "completion": (assistant("4"),),
            "answer": "answer-1",
            "context": "plain",
            "grade": 9,
            "verified": True,
            "by": "verdict",
        }
        | fields
    )


def exported(
    tmp_path: Path, name: str, *rows: PreferencePair | SftSample, partial: bool = False
) -> list[dict[str, Any]]:
    path = tmp_path / "out.jsonl"
    written = export_rows(name, iter(rows), path, partial=partial)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert written.rows == len(lines) == len(rows)
    return [json.loads(line) for line in lines]


def test_a_preference_pair(tmp_path: Path) -> None:
    (row,) = exported(tmp_path, "trl-preference", pair())
    assert row == {
        "prompt": [{"role": "user", "content": "What is 2 + 2?"}],
        "chosen": [{"role": "assistant", "content": "4"}],
        "rejected": [{"role": "assistant", "content": "5"}],
        "id": "pair-1",
        "source_id": "seed-1",
        "skill": "arithmetic",
        "language": None,
        "margin": 2.0,
        "grade": 9.0,
        "rejected_grade": None,
        "by": "verdict",
        "decided_by": "panel",
        "disagree": None,
        "chosen_model": "gpt",
        "rejected_model": "qwen",
        "producers": ["qwen", "gpt"],
        "families": ["gpt", "qwen"],
        "licenses": ["apache-2.0", "openai-terms"],
        "judges": ["claude", "gpt"],
        "simulated": False,
        "partial": False,
    }
    assert isinstance(row["margin"], float)


def test_an_sft_sample(tmp_path: Path) -> None:
    (row,) = exported(tmp_path, "trl-sft", sample(prompt=(system("Be brief."), user("2 + 2?"))), partial=True)
    assert row["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "2 + 2?"},
        {"role": "assistant", "content": "4"},
    ]
    assert list(row)[:5] == ["messages", "id", "source_id", "skill", "language"]
    assert (row["grade"], row["verified"], row["context"], row["partial"]) == (9.0, True, "plain", True)


def test_every_row_has_the_same_keys_in_the_same_order(tmp_path: Path) -> None:
    rows = exported(tmp_path, "trl-sft", sample("a"), sample("b", grade=None, verified=None, skill=None))
    assert list(rows[0]) == list(rows[1])


def test_tool_calls_of_one_row_give_all_messages_the_columns(tmp_path: Path) -> None:
    call = ToolCall(id="c1", name="add", arguments='{"a": 2}')
    asked = Message(role="assistant", tool_calls=(call,))
    told = Message(role="tool", content="4", tool_call_id="c1", name="add")
    plain, tools = exported(tmp_path, "trl-sft", sample("a"), sample("b", completion=(asked, told, assistant("4"))))
    keys = ["role", "content", "name", "tool_calls", "tool_call_id"]
    assert all(list(message) == keys for row in (plain, tools) for message in row["messages"])
    assert plain["messages"][0]["tool_calls"] is None
    assert json.loads(tools["messages"][1]["tool_calls"]) == [call.to_wire()]
    assert tools["messages"][2]["tool_call_id"] == "c1"


def test_parts_of_text_are_joined_and_images_refused(tmp_path: Path) -> None:
    parts = (TextPart(text="a"), TextPart(text="b"))
    (row,) = exported(tmp_path, "trl-preference", pair(prompt=(Message(role="user", content=parts),)))
    assert row["prompt"][0]["content"] == "a\nb"
    image = Message(role="user", content=(ImagePart(image_url=ImageUrl(url="data:,x")),))
    with pytest.raises(ExportError, match=r"'pair-1'.*image"):
        exported(tmp_path, "trl-preference", pair(prompt=(image,)))


def test_equal_rows_give_equal_bytes(tmp_path: Path) -> None:
    written = [export_rows("trl-sft", [sample("a"), sample("b")], tmp_path / name, partial=False) for name in "xy"]
    assert written[0].sha256 == written[1].sha256


@pytest.mark.parametrize("ids", [("b", "a"), ("a", "a")])
def test_rows_out_of_order_are_refused(tmp_path: Path, ids: tuple[str, str]) -> None:
    with pytest.raises(ExportError, match="sorted"):
        exported(tmp_path, "trl-sft", *map(sample, ids))
    assert list(tmp_path.iterdir()) == []


def test_rows_of_another_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="PreferencePair"):
        exported(tmp_path, "trl-preference", sample())


def test_a_text_that_cannot_be_written_names_its_row(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="'pair-1'"):
        exported(tmp_path, "trl-preference", pair(chosen=(assistant("\ud800"),)))
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_names_the_closest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'trl-preference'"):
        exported(tmp_path, "trl-prefs", pair())
    assert set(FORMATS) == {"trl-preference", "trl-sft"}


def test_no_rows(tmp_path: Path) -> None:
    assert exported(tmp_path, "trl-preference") == []
