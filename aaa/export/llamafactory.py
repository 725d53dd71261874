"""LLaMA-Factory's files, each with an entry in the `dataset_info.json` beside it.

An entry names every column and every tag: the reader takes each one that an entry leaves out for missing as soon as one
is named. Rows that its converter would skip with a log line alone are left out here, and counted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from aaa.errors import ExportError
from aaa.export.entry import LABELLED, PAIRS, SFT, Entry, Fault, Kinds, Row, Unfit, labelled
from aaa.export.form import Format
from aaa.export.messages import apart, sharegpt, single, spoken, text_of, whole, words
from aaa.export.rules import alternating, conversation, differ, flag, only, texts
from aaa.types import Message, PreferencePair, SftSample

SOURCE = "LLaMA-Factory, data/README.md and src/llamafactory/data/{parser,converter}.py at ff6d4d1"
INFO = "dataset_info.json"
COLUMNS = (
    "prompt", "query", "response", "history", "messages", "system", "tools",
    "images", "videos", "audios", "chosen", "rejected", "kto_tag",
)  # fmt: skip
"""All that an entry can name, as `DatasetAttr.join` reads them."""
SHAREGPT_TAGS = {
    "role_tag": "from",
    "content_tag": "value",
    "user_tag": "human",
    "assistant_tag": "gpt",
    "observation_tag": "observation",
    "function_tag": "function_call",
    "system_tag": "system",
}
OPENAI_TAGS = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
    "observation_tag": "observation",
    "function_tag": "function_call",
    "system_tag": "system",
}
_ASKS, _ANSWERS = ("human", "observation"), ("gpt", "function_call")


def _alpaca(entry: Entry) -> Iterator[Row]:
    """Instruction and input are the parts of the last question, where it has two; the reader joins them by a break."""
    sample = entry.sample
    assert isinstance(sample, SftSample)
    system, turns = apart(whole(sample))
    if len(turns) % 2 or [turn.role for turn in turns] != ["user", "assistant"] * (len(turns) // 2):
        raise Unfit("turn_order", "user and assistant take turns")
    *before, asked, answer = turns
    said = [words(turn) for turn in before]
    instruction, query = _question(asked)
    yield {
        "instruction": instruction,
        "input": query,
        "output": words(answer),
        "system": system,
        "history": [list(pair) for pair in zip(said[::2], said[1::2], strict=True)] or None,
    }


def _question(asked: Message) -> tuple[str, str]:
    whole = text_of(asked)
    if isinstance(asked.content, str) or len(asked.content) != 2:
        return whole, ""
    instruction, query = (part.text for part in asked.content if part.type == "text")
    return (instruction, query) if instruction and query else (whole, "")


def _tools(entry: Entry) -> Row:
    return {
        "tools": json.dumps([tool.get("function", tool) for tool in entry.tools], ensure_ascii=False)
        if entry.tools
        else None
    }


def _sharegpt(entry: Entry) -> Iterator[Row]:
    sample = entry.sample
    assert isinstance(sample, SftSample)
    yield {"conversations": sharegpt(whole(sample), tools=True), **_tools(entry)}


def _ranking(entry: Entry) -> Iterator[Row]:
    pair = entry.sample
    assert isinstance(pair, PreferencePair)
    yield {
        "conversations": sharegpt(pair.prompt, tools=True),
        "chosen": sharegpt([single(pair.chosen)], tools=True)[0],
        "rejected": sharegpt([single(pair.rejected)], tools=True)[0],
        **_tools(entry),
    }


def _kto(entry: Entry) -> Iterator[Row]:
    for completion, label in labelled(entry):
        yield {"messages": spoken((*entry.sample.prompt, *completion)), "label": label}


def _check_alpaca(row: Row) -> Iterator[Fault]:
    yield from only(row, "instruction", "input", "output", "system", "history")
    yield from texts(row, "output")
    if not any(isinstance(row.get(name), str) and row[name].strip() for name in ("instruction", "input")):
        yield "empty", "`instruction` and `input` are both empty"
    for name in ("input", "system"):
        if not isinstance(row.get(name) or "", str):
            yield "column", f"`{name}` must be text"
    history = row.get("history") or []
    good = isinstance(history, list) and all(
        isinstance(turn, list) and len(turn) == 2 and all(isinstance(text, str) for text in turn) for turn in history
    )
    if not good:
        yield "column", "`history` must be a list of question and answer"


def _turns(value: Any, name: str, *, odd: bool, ends: tuple[str, ...]) -> Iterator[Fault]:
    roles = ("system", *_ASKS, *_ANSWERS)
    yield from conversation(value, name, role="from", content="value", roles=roles, ends=ends)
    if isinstance(value, list):
        yield from alternating(value, name, role="from", asks=_ASKS, answers=_ANSWERS, system="system", odd=odd)


def _check_sharegpt(row: Row) -> Iterator[Fault]:
    yield from only(row, "conversations", "tools")
    yield from _turns(row.get("conversations"), "conversations", odd=False, ends=_ANSWERS)


def _check_ranking(row: Row) -> Iterator[Fault]:
    yield from only(row, "conversations", "chosen", "rejected", "tools")
    yield from _turns(row.get("conversations"), "conversations", odd=True, ends=_ASKS)
    for name in ("chosen", "rejected"):
        yield from conversation([row.get(name)], name, role="from", content="value", roles=_ANSWERS)
    sides = [row[name].get("value") if isinstance(row.get(name), dict) else None for name in ("chosen", "rejected")]
    yield from differ(*sides)


def _check_kto(row: Row) -> Iterator[Fault]:
    yield from only(row, "messages", "label")
    turns = row.get("messages")
    yield from conversation(turns, "messages", roles=("system", "user", "assistant"), ends=("assistant",))
    if isinstance(turns, list):
        asks, answers = ("user",), ("assistant",)
        yield from alternating(turns, "messages", role="role", asks=asks, answers=answers, system="system", odd=False)
    yield from flag(row, "label")


def _entry(file: str, formatting: str, ranking: bool, tags: dict[str, str], columns: dict[str, str]) -> Row:
    """An entry of `dataset_info.json` that leaves nothing to the reader's defaults."""
    return {
        "file_name": file,
        "formatting": formatting,
        "ranking": ranking,
        "split": "train",
        "columns": {name: columns.get(name) for name in COLUMNS},
        "tags": tags,
    }


def _info(
    formatting: str, ranking: bool, tags: dict[str, str], columns: dict[str, str], path: Path, used: frozenset[str]
) -> Iterable[tuple[Path, str]]:
    """`dataset_info.json` in the same folder: entries of other files stay, that of this one is made anew."""
    file = path.parent / INFO
    known: Any = {}
    if file.exists():
        try:
            known = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ExportError(f"{file} cannot be read, and the new file must be named in it: {error}.") from error
    if not isinstance(known, dict):
        raise ExportError(f"{file} is no object of entries by name: move it away, or export to another folder.")
    there = columns | {name: name for name in used}
    entries = {**known, path.stem: _entry(path.name, formatting, ranking, tags, there)}
    yield file, json.dumps(dict(sorted(entries.items())), ensure_ascii=False, indent=2) + "\n"


def _format(
    kinds: Kinds,
    shape: Callable[[Entry], Iterable[Row]],
    check: Callable[[Row], Iterable[Fault]],
    columns: dict[str, str],
    *,
    formatting: str = "sharegpt",
    ranking: bool = False,
    tags: dict[str, str] = SHAREGPT_TAGS,
    optional: tuple[str, ...] = ("tools",),
) -> Format:
    beside = partial(_info, formatting, ranking, tags, columns)
    return Format(kinds, shape, check, SOURCE, optional=optional, tools="tools" in optional, beside=beside)


FORMATS: dict[str, Format] = {
    "llamafactory-alpaca": _format(
        SFT,
        _alpaca,
        _check_alpaca,
        {"prompt": "instruction", "query": "input", "response": "output"},
        formatting="alpaca",
        optional=("system", "history"),
    ),
    "llamafactory-sharegpt": _format(SFT, _sharegpt, _check_sharegpt, {"messages": "conversations"}),
    "llamafactory-ranking": _format(
        PAIRS,
        _ranking,
        _check_ranking,
        {"messages": "conversations", "chosen": "chosen", "rejected": "rejected"},
        ranking=True,
    ),
    "llamafactory-kto": _format(
        LABELLED, _kto, _check_kto, {"messages": "messages", "kto_tag": "label"}, tags=OPENAI_TAGS, optional=()
    ),
}
