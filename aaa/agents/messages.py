"""AAA's messages as AutoGen's, and back, without loss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autogen_core import FunctionCall, Image
from autogen_core.models import (
    AssistantMessage,
    FunctionExecutionResult,
    FunctionExecutionResultMessage,
    LLMMessage,
    SystemMessage,
    UserMessage,
)

from aaa.types import ImagePart, ImageUrl, Message, TextPart, ToolCall, assistant, system, user

# AutoGen's messages hold neither names, nor addresses of images, nor text beside tool calls. Those made here carry the
# message they were made from, so that a model is asked byte for byte what AAA meant to ask.


class OriginalSystem(SystemMessage):
    """A system message with its original."""

    original: Message


class OriginalUser(UserMessage):
    """A user message with its original."""

    original: Message


class OriginalAssistant(AssistantMessage):
    """An assistant message with its original."""

    original: Message


class OriginalResult(FunctionExecutionResultMessage):
    """The result of a tool with its original."""

    original: Message


_ORIGINALS = (OriginalSystem, OriginalUser, OriginalAssistant, OriginalResult)


def to_autogen(message: Message) -> LLMMessage:
    """The message in AutoGen's form, its original kept."""
    match message.role:
        case "system":
            return OriginalSystem(content=message.text, original=message)
        case "user":
            return OriginalUser(content=message.text, source=message.name or "user", original=message)
        case "assistant":
            calls = [FunctionCall(id=c.id, name=c.name, arguments=c.arguments) for c in message.tool_calls]
            return OriginalAssistant(
                content=calls or message.text, source=message.name or "assistant", original=message
            )
        case "tool":
            result = FunctionExecutionResult(
                content=message.text, name=message.name or "", call_id=message.tool_call_id or ""
            )
            return OriginalResult(content=[result], original=message)


def from_autogen(messages: Sequence[LLMMessage]) -> tuple[Message, ...]:
    """Messages as AAA asks them; the names of AutoGen's agents are not passed on to models."""
    found: list[Message] = []
    for message in messages:  # all that was said so far, for every turn of a conversation
        if isinstance(message, _ORIGINALS):
            found.append(message.original)
        else:
            found += _read(message)
    return tuple(found)


def _read(message: LLMMessage) -> Iterator[Message]:
    match message:
        case SystemMessage():
            yield system(message.content)
        case UserMessage(content=str(text)):
            yield user(text)
        case UserMessage(content=parts):
            yield Message(role="user", content=tuple(_part(part) for part in parts))
        case AssistantMessage():
            yield _assistant(message)
        case FunctionExecutionResultMessage():
            for result in message.content:
                yield Message(role="tool", content=result.content, tool_call_id=result.call_id)


def _assistant(message: AssistantMessage) -> Message:
    if isinstance(message.content, str):
        return assistant(message.content)
    calls = tuple(ToolCall(id=call.id, name=call.name, arguments=call.arguments) for call in message.content)
    return Message(role="assistant", content=message.thought or "", tool_calls=calls)


def _part(part: str | Image) -> TextPart | ImagePart:
    return TextPart(text=part) if isinstance(part, str) else ImagePart(image_url=ImageUrl(url=part.data_uri))
