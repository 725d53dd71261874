"""Plain conversations: OpenAI's fine-tuning files, ShareGPT, and the text that Vicuna was trained on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from aaa.export.entry import PAIRS, SFT, Entry, Fault, Row, Unfit
from aaa.export.form import Format
from aaa.export.messages import apart, sharegpt, single, whole, wire, words
from aaa.export.rules import alternating, conversation, differ, only, system_first, texts
from aaa.types import Message, PreferencePair, SftSample

OPENAI = "OpenAI, Supervised fine-tuning and Direct preference optimization (developers.openai.com/api/docs/guides)"
SHAREGPT = "FastChat, docs/training.md and data/dummy_conversation.json (github.com/lm-sys/FastChat)"
VICUNA = "FastChat, fastchat/conversation.py, template vicuna_v1.1 (github.com/lm-sys/FastChat)"

VICUNA_SYSTEM = (
    "A chat between a curious user and an artificial intelligence assistant. "
    "The assistant gives helpful, detailed, and polite answers to the user's questions."
)
"""The system sentence of the template, which a system message of the row replaces."""
_MARKS = ("USER:", "ASSISTANT:", "</s>")
LEAST = 10
"""Examples that OpenAI asks for at least."""


def _completion(entry: Entry) -> tuple[Message, ...]:
    sample = entry.sample
    assert isinstance(sample, SftSample)
    return whole(sample)


def _openai_sft(entry: Entry) -> Iterator[Row]:
    """A turn that is not to be learnt has the weight 0."""
    sample = entry.sample
    assert isinstance(sample, SftSample)
    tools: Row = {"tools": list(entry.tools)} if entry.tools else {}
    completion = wire(sample.completion)
    for turn in completion[: sample.unlearnt]:
        if turn["role"] == "assistant":
            turn["weight"] = 0
    yield {"messages": [*wire(sample.prompt), *completion], **tools}


def _openai_preference(entry: Entry) -> Iterator[Row]:
    pair = entry.sample
    assert isinstance(pair, PreferencePair)
    tools: Row = {"tools": list(entry.tools)} if entry.tools else {}
    yield {
        "input": {"messages": wire(pair.prompt), **tools},
        "preferred_output": wire([single(pair.chosen)]),
        "non_preferred_output": wire([single(pair.rejected)]),
    }


def _check_openai_sft(row: Row) -> Iterator[Fault]:
    yield from only(row, "messages", "tools", "parallel_tool_calls")
    yield from conversation(row.get("messages"), "messages", ends=("assistant",))
    yield from system_first(row.get("messages"))


def _check_openai_preference(row: Row) -> Iterator[Fault]:
    yield from only(row, "input", "preferred_output", "non_preferred_output")
    asked = row.get("input")
    if not isinstance(asked, dict):
        yield "column", "`input` must be an object with `messages`"
        return
    yield from only(asked, "messages", "tools", "parallel_tool_calls")
    yield from conversation(asked.get("messages"), "input.messages", ends=("user", "tool"))
    yield from system_first(asked.get("messages"))
    for name in ("preferred_output", "non_preferred_output"):
        side = row.get(name)
        yield from conversation(side, name, roles=("assistant",))
        if isinstance(side, list) and len(side) != 1:
            yield "several_turns", f"`{name}` has {len(side)} messages; it is one"
        if isinstance(side, list) and any(isinstance(m, dict) and m.get("tool_calls") for m in side):
            yield "tools", "preferences are text only"
    yield from differ(row.get("preferred_output"), row.get("non_preferred_output"))


def _enough(rows: int) -> Iterable[Fault]:
    if rows < LEAST:
        yield "too_few", f"OpenAI takes {LEAST} examples at least; there are {rows}"


def _sharegpt(entry: Entry) -> Iterator[Row]:
    yield {"id": entry.sample.source_id, "conversations": sharegpt(_completion(entry))}


def _check_sharegpt(row: Row) -> Iterator[Fault]:
    turns = row.get("conversations")
    roles = ("system", "human", "gpt")
    yield from only(row, "id", "conversations")
    yield from conversation(turns, "conversations", role="from", content="value", roles=roles, ends=("gpt",))
    if isinstance(turns, list):
        asks, answers = ("human",), ("gpt",)
        yield from alternating(
            turns, "conversations", role="from", asks=asks, answers=answers, system="system", odd=False
        )


def vicuna(messages: Iterable[Message]) -> str:
    """`SYSTEM USER: x ASSISTANT: y</s>USER: ...`: one space before each role's word, none after `</s>`."""
    system, turns = apart(list(messages))
    made = f"{VICUNA_SYSTEM if system is None else _unmarked(system)} "
    if not turns or len(turns) % 2:
        raise Unfit("odd_turns", f"{len(turns)} turns")
    for place, turn in enumerate(turns):
        role = ("user", "assistant")[place % 2]
        if turn.role != role:
            raise Unfit("turn_order", f"turn {place + 1} is of the {turn.role}; user and assistant take turns")
        said = _unmarked(words(turn))
        made += f"USER: {said} " if role == "user" else f"ASSISTANT: {said}</s>"
    return made


def _unmarked(text: str) -> str:
    """A text with a mark of the format in it would be read as other turns."""
    for mark in _MARKS:
        if mark in text:
            raise Unfit("role_marker", f"the text holds {mark!r}, which the format keeps for itself")
    return text


def _vicuna(entry: Entry) -> Iterator[Row]:
    yield {"text": vicuna(_completion(entry))}


def _check_vicuna(row: Row) -> Iterator[Fault]:
    yield from only(row, "text")
    yield from texts(row, "text")
    text: Any = row.get("text")
    if not isinstance(text, str):
        return
    first, *turns = text.split("USER: ")
    if not turns or not first.endswith(" ") or not text.endswith("</s>"):
        yield "separators", "a text is `SYSTEM USER: x ASSISTANT: y</s>`"
    for number, turn in enumerate(turns, 1):
        asked, mark, answer = turn.partition(" ASSISTANT: ")
        whole = answer.endswith("</s>") and answer.count("</s>") == 1 and "</s>" not in asked
        if not mark or not whole or "ASSISTANT:" in answer or "ASSISTANT:" in asked:
            yield "separators", f"exchange {number} is not `USER: x ASSISTANT: y</s>`"
        elif not asked.strip() or not answer.removesuffix("</s>").strip():
            yield "empty", f"a side of exchange {number} is empty"


FORMATS: dict[str, Format] = {
    "openai-sft": Format(SFT, _openai_sft, _check_openai_sft, OPENAI, tools=True, whole=_enough),
    "openai-preference": Format(PAIRS, _openai_preference, _check_openai_preference, OPENAI, tools=True, whole=_enough),
    "sharegpt": Format(SFT, _sharegpt, _check_sharegpt, SHAREGPT),
    "vicuna": Format(SFT, _vicuna, _check_vicuna, VICUNA),
}
