"""Prompt files: what a row may hold, and what is said about one that is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.errors import ScenarioError
from aaa.scenario import PromptRow, Prompts, bundled_root, prompt_files, read_prompts, to_instruction
from aaa.types import row_id


def rows(folder: Path, *patterns: str) -> list[PromptRow]:
    return list(read_prompts(Prompts(patterns=patterns or ("*.jsonl",)), near=folder))


def write(folder: Path, *lines: Any, name: str = "prompts.jsonl") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    return path


def test_all_that_a_row_may_hold(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "id": 7,
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "content": "Hello"},
                {"role": "user", "content": "What is 2+2?"},
            ],
            "reference": 4,
            "verifier": {"kind": "numeric", "unit": "m"},
            "tools": [{"type": "function", "function": {"name": "add"}}],
            "skill": "arithmetic",
            "difficulty": 2,
            "language": "en",
            "tags": ["easy"],
            "meta": {"mine": [1, {"deep": None}]},
        },
        "",
        {"instruction": "Write a poem."},
    )
    first, second = rows(tmp_path)
    assert (first.source_id, first.system, first.reference, first.difficulty) == ("7", "Be brief.", "4", 2.0)
    assert [message.role for message in first.messages] == ["user", "assistant", "user"]
    assert second.messages[0].text == "Write a poem."
    instruction = to_instruction(first, "s")
    assert instruction.id == row_id("instruction", "s", "7")
    assert [message.text for message in instruction.prompt] == ["Be brief.", "Hi", "Hello", "What is 2+2?"]
    assert instruction.verifier is not None
    assert instruction.verifier.unit == "m"
    assert instruction.meta == {"mine": [1, {"deep": None}]}


@given(st.text(min_size=1).filter(str.strip), st.text(min_size=1).filter(str.strip))
def test_an_id_that_is_made_follows_from_what_a_model_is_shown(one: str, other: str) -> None:
    first = PromptRow.model_validate({"instruction": one})
    same = PromptRow.model_validate({"messages": [{"role": "user", "content": one}], "skill": "x", "meta": {"a": 1}})
    differing = PromptRow.model_validate({"instruction": one, "system": "Be brief."})
    assert first.source_id == same.source_id != differing.source_id
    assert (first.source_id == PromptRow.model_validate({"instruction": other}).source_id) == (one == other)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{", "is not JSON"),
        ("[1]", "the row"),
        ('"text"', "the row"),
        ('{"instruction": "a", "difficulty": NaN}', "is not JSON"),
        ('{"instruction": "\\ud83d"}', "is not JSON"),
        ({}, "either `instruction` or `messages`"),
        ({"instruction": "a", "messages": []}, "either `instruction` or `messages`"),
        ({"instruction": "  "}, "not empty"),
        ({"instruction": 5}, "not empty"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "robot", "content": "a"}]}, "messages.0.role"),
        ({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}, "answers a user"),
        ({"messages": [{"role": "user", "content": "a"}, {"role": "system", "content": "b"}]}, "answers a user"),
        (
            {"messages": [{"role": "user", "content": "a"}, {"role": "system", "content": "b"}, {"role": "user"}]},
            "stands first",
        ),
        ({"messages": [{"role": "system", "content": "a"}]}, "messages"),
        (
            {"system": "a", "messages": [{"role": "system", "content": "b"}, {"role": "user", "content": "c"}]},
            "either `system`",
        ),
        ({"instruction": "a", "refrence": "b"}, "did you mean 'reference'?"),
        ({"instruction": "a", "answer_key": "b"}, "belong into `meta`"),
        ({"instruction": "a", "verifier": {"kind": "numeric"}}, "needs a `reference`"),
        ({"instruction": "a", "verifier": {"kind": "magic"}, "reference": "x"}, "verifier.kind"),
        ({"instruction": "a", "id": ""}, "id"),
        ({"instruction": "a", "skill": ["x"]}, "skill"),
    ],
)
def test_bad_rows_have_file_and_line(tmp_path: Path, row: Any, words: str) -> None:
    file = write(tmp_path, {"instruction": "good"}, row)
    with pytest.raises(ScenarioError) as caught:
        rows(tmp_path)
    assert str(caught.value).startswith(f"{file}:2: ")
    assert words in str(caught.value)
    assert "pydantic" not in str(caught.value)


def test_a_regex_verifier_brings_its_own_pattern() -> None:
    row = PromptRow.model_validate({"instruction": "a", "verifier": {"kind": "regex", "pattern": "x+"}})
    assert row.reference is None


def test_ids_are_unique_over_all_files(tmp_path: Path) -> None:
    first = write(tmp_path, {"id": "x", "instruction": "a"}, name="a.jsonl")
    second = write(tmp_path, {"instruction": "b"}, {"id": "x", "instruction": "c"}, name="b.jsonl")
    with pytest.raises(ScenarioError, match="'x' was there before") as caught:
        rows(tmp_path)
    assert str(caught.value).startswith(f"{second}:2: ")
    assert f"{first}:1" in str(caught.value)


def test_the_same_prompt_twice_without_ids(tmp_path: Path) -> None:
    write(tmp_path, {"instruction": "a"}, {"instruction": "a", "skill": "x"})
    with pytest.raises(ScenarioError, match="was there before"):
        rows(tmp_path)


def test_files_are_sorted_and_each_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("sub/c.jsonl", "b.jsonl", "a.jsonl"):
        write(tmp_path, {"instruction": name}, name=name)
    found = [row.messages[0].text for row in rows(tmp_path, "b.jsonl", "**/*.jsonl")]
    assert found == ["b.jsonl", "a.jsonl", "sub/c.jsonl"]
    assert prompt_files(Prompts(patterns=(str(tmp_path / "*.jsonl"),)), near=Path("/")) == (
        tmp_path / "a.jsonl",
        tmp_path / "b.jsonl",
    )


def test_the_working_folder_comes_before_the_bundled_seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    prompts = Prompts(patterns=("data/seeds/*.jsonl",))
    assert all(path.is_relative_to(bundled_root()) for path in prompt_files(prompts, near=tmp_path))
    mine = write(tmp_path, {"instruction": "a"}, name="data/seeds/mine.jsonl")
    assert prompt_files(prompts, near=tmp_path) == (mine,)


def test_a_pattern_without_a_file_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"no file matches '\*.jsonl'") as caught:
        rows(tmp_path)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("pattern", ["", "..", "**.jsonl", "a/../../x", "/"])
def test_odd_patterns_are_refused_in_words(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(ScenarioError):
        rows(tmp_path, pattern)


def test_a_line_of_nonsense(tmp_path: Path) -> None:
    write(tmp_path, "nonsense " * 2_500_000)
    with pytest.raises(ScenarioError, match="a line holds at most") as caught:
        rows(tmp_path)
    assert len(str(caught.value)) < 300


def test_windows_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'\xef\xbb\xbf{"instruction": "a"}\r\n\r\n{"instruction": "b"}\r\n')
    assert [row.messages[0].text for row in rows(tmp_path)] == ["a", "b"]


def test_rows_stream(tmp_path: Path) -> None:
    write(tmp_path, {"instruction": "good"}, "bad")
    stream = read_prompts(Prompts(patterns=("*.jsonl",)), near=tmp_path)
    assert next(stream).messages[0].text == "good"
    with pytest.raises(ScenarioError):
        next(stream)
