"""Messages as the formats write them: text only, in the roles of the wire, of ShareGPT, or as bare turns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from aaa.export.entry import Row, Unfit
from aaa.types import ImagePart, Message, SftSample, ToolCall

SHAREGPT = {"system": "system", "user": "human", "assistant": "gpt", "tool": "observation"}
"""What ShareGPT, and LLaMA-Factory after it, call the roles."""


def text_of(message: Message) -> str:
    """The text of a message; an image is unfit."""
    if not isinstance(message.content, str) and any(isinstance(part, ImagePart) for part in message.content):
        raise Unfit("image", "the format holds text only")
    return message.text


def columns(messages: Iterable[Message]) -> list[Row]:
    """Messages in the wire's form with text content; arguments of calls are objects, as chat templates want them."""
    return [_columns(message) for message in messages]


def _columns(message: Message) -> Row:
    wire = {**message.to_wire(), "content": text_of(message)}
    if message.tool_calls:
        wire["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": arguments(call)}}
            for call in message.tool_calls
        ]
    return wire


def arguments(call: ToolCall) -> Row:
    """The arguments of a call as an object; what else a model wrote there is unfit."""
    try:
        found = json.loads(call.arguments)
    except (ValueError, RecursionError) as error:
        raise Unfit("tool_arguments", f"the arguments of a call are no JSON: {error}") from error
    if not isinstance(found, dict):
        raise Unfit("tool_arguments", f"the arguments of a call are no object, but {type(found).__name__}")
    return found


def whole(sample: SftSample) -> tuple[Message, ...]:
    """Prompt and completion for a format that cannot say that a turn is not to be learnt."""
    if sample.unlearnt:
        raise Unfit("unlearnt", "the format would have the first attempts learnt; trl-prompt-completion would not")
    return (*sample.prompt, *sample.completion)


def wire(messages: Iterable[Message]) -> list[Row]:
    """Messages in the wire's form, tool calls as they are; the empty text beside a tool call is null."""
    made = []
    for message in messages:
        row: dict[str, Any] = {**message.to_wire(), "content": text_of(message)}
        if message.tool_calls and not row["content"]:
            row["content"] = None
        made.append(row)
    return made


def spoken(messages: Iterable[Message]) -> list[Row]:
    """Messages as role and content alone; tools are unfit."""
    return [{"role": message.role, "content": words(message)} for message in messages]


def words(message: Message) -> str:
    """The text of a message without tools."""
    if message.tool_calls or message.role == "tool":
        raise Unfit("tools", "the format holds no calls of tools")
    return text_of(message)


def sharegpt(messages: Sequence[Message], *, tools: bool = False) -> list[Row]:
    """Messages as `from` and `value`; with `tools`, calls as LLaMA-Factory writes them."""
    if any(one.role == after.role == "tool" for one, after in pairwise(messages)):
        raise Unfit("parallel_tool_calls", "several results in a row; the format has one between two calls")
    return [_sharegpt(message, tools) for message in messages]


def _sharegpt(message: Message, tools: bool) -> Row:
    if not tools:
        return {"from": SHAREGPT[message.role], "value": words(message)}
    if not message.tool_calls:
        return {"from": SHAREGPT[message.role], "value": text_of(message)}
    if message.text:
        raise Unfit("text_beside_tool_calls", "a turn is either text or calls")
    calls = [{"name": call.name, "arguments": arguments(call)} for call in message.tool_calls]
    return {"from": "function_call", "value": json.dumps(calls[0] if len(calls) == 1 else calls, ensure_ascii=False)}


def apart(messages: Sequence[Message]) -> tuple[str | None, list[Message]]:
    """The leading system message, and the rest."""
    if messages and messages[0].role == "system":
        return words(messages[0]), list(messages[1:])
    return None, list(messages)


def single(side: Sequence[Message]) -> Message:
    """The one message of a side."""
    if len(side) != 1:
        raise Unfit("several_turns", "a side of the format is one message")
    return side[0]
