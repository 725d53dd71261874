"""What agents say in AutoGen's form, and AutoGen's messages in AAA's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from autogen_agentchat.messages import TextMessage
from autogen_core import Image
from autogen_core.models import (
    AssistantMessage,
    FunctionExecutionResultMessage,
    LLMMessage,
    SystemMessage,
    UserMessage,
)

from aaa.types import ImagePart, ImageUrl, Message, TextPart, ToolCall, assistant, system, user

_NO_TIME = datetime.fromtimestamp(0, UTC)


def to_autogen(speaker: str, text: str) -> TextMessage:
    """What an agent says. AutoGen would give it a random id and the time of day: nothing here may depend on either."""
    return TextMessage(source=speaker, content=text, id="", created_at=_NO_TIME, metadata={})


def from_autogen(messages: Sequence[LLMMessage]) -> tuple[Message, ...]:
    """Messages as AAA asks them; the names of AutoGen's agents are not passed on to models."""
    return tuple(part for message in messages for part in _read(message))


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
