"""export_rows: every format, column by column, and what it cannot hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from export_examples import exported, labelled, of_kind, pair, sample, stepped, written

from aaa.errors import ExportError, UsageError
from aaa.export import FORMATS, Entry, check_files
from aaa.scenario.schema import ExportFormat
from aaa.types import ImagePart, ImageUrl, Message, TextPart, ToolCall, assistant, system, user

CALL = ToolCall(id="c1", name="add", arguments='{"a": 2}')
TOOL = {"type": "function", "function": {"name": "add", "parameters": {"type": "object"}}}
QUESTION = {"role": "user", "content": "What is 2 + 2?"}
DIALOGUE = (assistant("Which?"), user("2 and 2."), assistant("4"))


def test_the_scenario_knows_every_format() -> None:
    assert get_args(ExportFormat) == tuple(FORMATS)


def test_a_preference_pair(tmp_path: Path) -> None:
    (row,) = exported(tmp_path, "trl-preference", pair())
    assert row == {
        "prompt": [QUESTION],
        "chosen": [{"role": "assistant", "content": "4"}],
        "rejected": [{"role": "assistant", "content": "5"}],
        "id": "pair-1",
        "source_id": "seed-1",
        "skill": "arithmetic",
        "language": None,
        "slice": None,
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


def test_trl_forms(tmp_path: Path) -> None:
    answer, wrong = {"role": "assistant", "content": "4"}, {"role": "assistant", "content": "5"}
    (row,) = exported(tmp_path, "trl-preference-implicit", pair())
    assert (row["chosen"], row["rejected"], "prompt" in row) == ([QUESTION, answer], [QUESTION, wrong], False)
    (row,) = exported(tmp_path, "trl-prompt-completion", sample())
    assert (row["prompt"], row["completion"]) == ([QUESTION], [answer])
    rows = exported(tmp_path, "trl-unpaired", pair())
    assert [(row["prompt"], row["completion"], row["label"]) for row in rows] == [
        ([QUESTION], [answer], True),
        ([QUESTION], [wrong], False),
    ]
    (row,) = exported(tmp_path, "trl-unpaired", labelled(label=False))
    assert (row["completion"], row["label"]) == ([answer], False)
    (row,) = exported(tmp_path, "trl-stepwise", stepped())
    assert (row["prompt"], row["completions"], row["labels"]) == (
        "What is 2 + 2?",
        ["2 + 2 is 4.", "So 5."],
        [True, False],
    )


def test_prompts_come_once(tmp_path: Path) -> None:
    made = written(tmp_path / "p", "trl-prompt-only", pair("a"), pair("b"), sample("c", instruction="instruction-2"))
    assert (made.rows, len((tmp_path / "p").read_text().splitlines())) == (2, 2)


def test_an_sft_sample(tmp_path: Path) -> None:
    (row,) = exported(tmp_path, "trl-sft", sample(prompt=(system("Be brief."), user("2 + 2?"))), partial=True)
    assert row["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "2 + 2?"},
        {"role": "assistant", "content": "4"},
    ]
    assert list(row)[:5] == ["messages", "id", "source_id", "skill", "language"]
    assert (row["grade"], row["verified"], row["context"], row["partial"]) == (9.0, True, "plain", True)


def test_openai_files_hold_nothing_else(tmp_path: Path) -> None:
    (row,) = exported(tmp_path, "openai-sft", Entry(sample(), tools=(TOOL,)))
    assert row == {"messages": [QUESTION, {"role": "assistant", "content": "4"}], "tools": [TOOL]}
    (row,) = exported(tmp_path, "openai-preference", pair())
    assert row == {
        "input": {"messages": [QUESTION]},
        "preferred_output": [{"role": "assistant", "content": "4"}],
        "non_preferred_output": [{"role": "assistant", "content": "5"}],
    }
    checked = check_files("openai-preference", tmp_path / "out.jsonl")
    assert checked.counts == {"too_few": 1}


def test_llamafactory_rows_and_the_entries_beside_them(tmp_path: Path) -> None:
    parts = (TextPart(text="Add."), TextPart(text="2 and 2"))
    asked = Message(role="user", content=parts)
    row = sample(prompt=(system("Brief."), user("Hi"), assistant("Hello"), asked))
    written(tmp_path / "alpaca.json", "llamafactory-alpaca", row)
    assert json.loads((tmp_path / "alpaca.json").read_text()) == [
        {"instruction": "Add.", "input": "2 and 2", "output": "4", "system": "Brief.", "history": [["Hi", "Hello"]]}
    ]
    written(tmp_path / "plain.jsonl", "llamafactory-alpaca", sample())
    assert json.loads((tmp_path / "plain.jsonl").read_text()) == {
        "instruction": "What is 2 + 2?",
        "input": "",
        "output": "4",
    }
    written(tmp_path / "ranking.json", "llamafactory-ranking", pair())
    assert json.loads((tmp_path / "ranking.json").read_text()) == [
        {
            "conversations": [{"from": "human", "value": "What is 2 + 2?"}],
            "chosen": {"from": "gpt", "value": "4"},
            "rejected": {"from": "gpt", "value": "5"},
        }
    ]
    written(tmp_path / "kto.json", "llamafactory-kto", labelled())
    info = json.loads((tmp_path / "dataset_info.json").read_text())
    assert list(info) == ["alpaca", "kto", "plain", "ranking"]
    columns = {name: {k: v for k, v in entry["columns"].items() if v} for name, entry in info.items()}
    assert columns == {
        "alpaca": {
            "prompt": "instruction",
            "query": "input",
            "response": "output",
            "system": "system",
            "history": "history",
        },
        "plain": {"prompt": "instruction", "query": "input", "response": "output"},
        "ranking": {"messages": "conversations", "chosen": "chosen", "rejected": "rejected"},
        "kto": {"messages": "messages", "kto_tag": "label"},
    }
    assert all(len(entry["columns"]) == 13 and len(entry["tags"]) == 7 for entry in info.values())
    assert info["ranking"]["ranking"] is True
    assert info["kto"]["tags"]["user_tag"] == "user"


def test_llamafactory_calls_of_tools(tmp_path: Path) -> None:
    asked = Message(role="assistant", tool_calls=(CALL,))
    told = Message(role="tool", content="4", tool_call_id="c1", name="add")
    row = Entry(sample(completion=(asked, told, assistant("4"))), tools=(TOOL,))
    (made,) = exported(tmp_path, "llamafactory-sharegpt", row)
    assert made["conversations"][1:] == [
        {"from": "function_call", "value": '{"name": "add", "arguments": {"a": 2}}'},
        {"from": "observation", "value": "4"},
        {"from": "gpt", "value": "4"},
    ]
    assert json.loads(made["tools"]) == [TOOL["function"]]


def test_a_foreign_dataset_info_stays(tmp_path: Path) -> None:
    file = tmp_path / "dataset_info.json"
    file.write_text('{"mine": {"file_name": "mine.json"}}')
    written(tmp_path / "kto.json", "llamafactory-kto", labelled())
    assert json.loads(file.read_text())["mine"] == {"file_name": "mine.json"}
    file.write_text("[")
    with pytest.raises(ExportError, match="cannot be read"):
        written(tmp_path / "kto.json", "llamafactory-kto", labelled())


def test_axolotl_files_and_the_yaml_beside_them(tmp_path: Path) -> None:
    written(tmp_path / "it's.jsonl", "axolotl-dpo", pair())
    assert json.loads((tmp_path / "it's.jsonl").read_text()) == {
        "messages": [QUESTION],
        "chosen": {"role": "assistant", "content": "4"},
        "rejected": {"role": "assistant", "content": "5"},
    }
    (dataset,) = yaml.safe_load((tmp_path / "it's.axolotl.yaml").read_text())["datasets"]
    assert (dataset["path"], dataset["type"]) == ("it's.jsonl", "chat_template.default")
    written(tmp_path / "chat.jsonl", "axolotl-chat", sample())
    (dataset,) = yaml.safe_load((tmp_path / "chat.axolotl.yaml").read_text())["datasets"]
    assert (dataset["type"], dataset["roles_to_train"]) == ("chat_template", ["assistant"])


def test_sharegpt_and_vicuna(tmp_path: Path) -> None:
    row = sample(prompt=(system("Be brief."), user("Add.")), completion=DIALOGUE)
    (made,) = exported(tmp_path, "sharegpt", row)
    assert made == {
        "id": "seed-1",
        "conversations": [
            {"from": "system", "value": "Be brief."},
            {"from": "human", "value": "Add."},
            {"from": "gpt", "value": "Which?"},
            {"from": "human", "value": "2 and 2."},
            {"from": "gpt", "value": "4"},
        ],
    }
    (made,) = exported(tmp_path, "vicuna", row)
    assert made == {"text": "Be brief. USER: Add. ASSISTANT: Which?</s>USER: 2 and 2. ASSISTANT: 4</s>"}
    (made,) = exported(tmp_path, "vicuna", sample())
    assert made["text"].startswith("A chat between a curious user and an artificial intelligence assistant. The")
    assert made["text"].endswith("questions. USER: What is 2 + 2? ASSISTANT: 4</s>")


def test_ultrafeedback_has_its_splits(tmp_path: Path) -> None:
    rows = [Entry(pair("a")), Entry(pair("b")), Entry(pair("c", prompt=(user("3?"),)), split="test")]
    made = written(tmp_path / "uf", "ultrafeedback", *rows)
    assert {file.path.name.partition("-")[0]: file.rows for file in made.files} == {
        "train_prefs": 2,
        "test_prefs": 1,
        "train_sft": 1,
        "test_sft": 1,
        "train_gen": 1,
        "test_gen": 1,
    }
    first = json.loads((tmp_path / "uf/data/train_prefs-00000-of-00001.jsonl").read_text().splitlines()[0])
    assert (first["prompt"], len(first["prompt_id"])) == ("What is 2 + 2?", 64)
    assert first["messages"] == first["chosen"] == [QUESTION, {"role": "assistant", "content": "4"}]
    assert (first["score_chosen"], first["score_rejected"]) == (9.0, None)
    written(tmp_path / "uf", "ultrafeedback", pair("a"))
    assert len(list((tmp_path / "uf/data").iterdir())) == 3


@pytest.mark.parametrize("name", FORMATS)
def test_every_row_has_the_same_keys_in_the_same_order(tmp_path: Path, name: str) -> None:
    other = {"prompt": (system("Be brief."), user("3?"))} if "stepwise" not in name else {"skill": None}
    rows = exported(tmp_path, name, of_kind(name, "a"), of_kind(name, "b", language="en", **other))
    assert {tuple(row) for row in rows} == {tuple(rows[0])}


@pytest.mark.parametrize("name", FORMATS)
def test_equal_rows_give_equal_bytes_and_pass_the_check(tmp_path: Path, name: str) -> None:
    rows = [of_kind(name, f"row-{number:02}", instruction=f"i-{number}") for number in range(10)]
    one, two = (written(tmp_path / folder / "x", name, *rows) for folder in "ab")
    assert [file.sha256 for file in one.files] == [file.sha256 for file in two.files]
    checked = check_files(name, tmp_path / "a/x")
    assert checked.good, checked.findings
    assert checked.rows >= 10


def test_tool_calls_of_one_row_give_all_messages_the_columns(tmp_path: Path) -> None:
    asked = Message(role="assistant", tool_calls=(CALL,))
    told = Message(role="tool", content="4", tool_call_id="c1", name="add")
    plain, tools = exported(tmp_path, "trl-sft", sample("a"), sample("b", completion=(asked, told, assistant("4"))))
    keys = ["role", "content", "name", "tool_calls", "tool_call_id"]
    assert all(list(message) == keys for row in (plain, tools) for message in row["messages"])
    assert plain["messages"][0]["tool_calls"] is None
    (called,) = tools["messages"][1]["tool_calls"]
    assert called == CALL.to_wire() | {"function": {"name": "add", "arguments": {"a": 2}}}
    assert tools["messages"][2]["tool_call_id"] == "c1"


LESSON = {"completion": (assistant("5"), user("Count again."), assistant("4")), "unlearnt": 2}


def test_first_attempts_are_not_learnt_where_a_format_can_say_so(tmp_path: Path) -> None:
    (row,) = exported(tmp_path, "trl-prompt-completion", sample(**LESSON))
    assert [turn["content"] for turn in row["prompt"]] == ["What is 2 + 2?", "5", "Count again."]
    assert row["completion"] == [{"role": "assistant", "content": "4"}]
    (row,) = exported(tmp_path, "openai-sft", sample(**LESSON))
    assert [turn.get("weight") for turn in row["messages"]] == [None, 0, None, None]
    (row,) = exported(tmp_path, "axolotl-chat", sample(**LESSON))
    assert [turn.get("train") for turn in row["messages"]] == [None, False, False, None]
    assert "message_field_training: train" in (tmp_path / "out.axolotl.yaml").read_text()


IMAGE = Message(role="user", content=(ImagePart(image_url=ImageUrl(url="data:,x")),))
USES_TOOL = (Message(role="assistant", tool_calls=(CALL,)), Message(role="tool", content="4"), assistant("4"))
SPEAKS = Message(role="assistant", content="Let me see.", tool_calls=(CALL,))
BROKEN = Message(role="assistant", tool_calls=(ToolCall(id="c1", name="add", arguments="[2]"),))
LEFT_OUT: list[tuple[str, str, dict[str, Any]]] = [
    *((name, "image", {"prompt": (IMAGE,)}) for name in FORMATS),
    *((name, "nul", {"prompt": (user("a\0b"),)}) for name in FORMATS),
    *((name, "lone_surrogate", {"prompt": (user("\ud800"),)}) for name in FORMATS),
    ("openai-preference", "several_turns", {"chosen": DIALOGUE}),
    ("openai-preference", "tools", {"chosen": (USES_TOOL[0],)}),
    ("axolotl-dpo", "several_turns", {"rejected": DIALOGUE}),
    ("axolotl-chat", "tools", {"completion": USES_TOOL}),
    ("llamafactory-sharegpt", "parallel_tool_calls", {"completion": (*USES_TOOL[:2], *USES_TOOL[1:])}),
    ("llamafactory-sharegpt", "text_beside_tool_calls", {"completion": (SPEAKS, *USES_TOOL[1:])}),
    *(
        (name, "tool_arguments", {"completion": (BROKEN,)})
        for name in ("trl-sft", "parquet-sft", "llamafactory-sharegpt")
    ),
    ("llamafactory-ranking", "several_turns", {"chosen": DIALOGUE}),
    ("llamafactory-ranking", "turn_order", {"prompt": (user("a"), user("b"))}),
    ("llamafactory-sharegpt", "turn_order", {"prompt": (user("a"), user("b"))}),
    ("llamafactory-alpaca", "turn_order", {"prompt": (user("a"), user("b"))}),
    ("llamafactory-alpaca", "turn_order", {"completion": USES_TOOL}),
    *(
        (name, "unlearnt", LESSON)
        for name in ("trl-sft", "hf-sft", "llamafactory-alpaca", "llamafactory-sharegpt", "sharegpt", "vicuna")
    ),
    ("sharegpt", "turn_order", {"prompt": (assistant("a"), user("b"))}),
    ("vicuna", "odd_turns", {"prompt": (user("a"), user("b"))}),
    ("vicuna", "role_marker", {"completion": (assistant("a</s>b"),)}),
    ("vicuna", "role_marker", {"completion": (assistant("USER: x"),)}),
    ("trl-sft", "empty", {"completion": (assistant(" "),)}),
    ("trl-sft", "last_turn", {"completion": (assistant("a"), user("b"))}),
    ("trl-preference", "equal_sides", {"chosen": (assistant("5 "),)}),
    ("trl-stepwise", "several_turns", {"prompt": (user("a"), assistant("b"), user("c"))}),
    ("trl-stepwise", "system_turn", {"prompt": (system("a"), user("b"))}),
    ("trl-stepwise", "empty", {"steps": ("a", " ")}),
]


@pytest.mark.parametrize(("name", "reason", "fields"), LEFT_OUT)
def test_what_a_format_cannot_hold_is_counted_and_listed(
    tmp_path: Path, name: str, reason: str, fields: dict[str, Any]
) -> None:
    made = written(tmp_path / "x", name, of_kind(name, "a", **fields), of_kind(name, "b"))
    assert made.left_out.rows == {reason: ["a"]}
    assert made.left_out.details[reason]
    assert made.rows == 1


def test_a_pair_is_left_out_whole(tmp_path: Path) -> None:
    made = written(tmp_path / "x", "trl-unpaired", pair(rejected=(assistant(" "),)))
    assert (made.rows, made.left_out.rows) == (0, {"empty": ["pair-1"]})


@pytest.mark.parametrize("name", FORMATS)
def test_tools_that_a_prompt_offers_are_in_the_row_or_the_row_is_left_out(tmp_path: Path, name: str) -> None:
    made = written(tmp_path / "x", name, Entry(of_kind(name, "a"), tools=(TOOL,)), of_kind(name, "b"))
    if made.left_out.rows:
        assert made.left_out.rows == {"tools": ["a"]}
        return
    first = next(iter(FORMATS[name].layout.read(tmp_path / "x")))[1]
    found = first.get("tools") or first["input"]["tools"]
    assert TOOL["function"]["name"] in json.dumps(found)


@pytest.mark.parametrize("ids", [("b", "a"), ("a", "a")])
def test_rows_out_of_order_are_refused(tmp_path: Path, ids: tuple[str, str]) -> None:
    for name in ("trl-sft", "ultrafeedback", "parquet-sft"):
        with pytest.raises(ExportError, match="sorted"):
            written(tmp_path / name, name, *(of_kind(name, id_) for id_ in ids))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_rows_of_another_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="PreferencePair"):
        exported(tmp_path, "trl-preference", sample())


def test_an_unknown_format_names_the_closest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'trl-preference'"):
        exported(tmp_path, "trl-prefs", pair())


@pytest.mark.parametrize("name", FORMATS)
def test_no_rows(tmp_path: Path, name: str) -> None:
    made = written(tmp_path / "x", name)
    assert (made.rows, len(made.left_out)) == (0, 0)
    if not FORMATS[name].layout.folder:
        assert check_files(name, tmp_path / "x").counts.keys() <= {"no_rows", "too_few"}
