"""Messages of a conversation, in the words of the OpenAI chat wire, which every provider understands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import JsonValue, model_validator

from aaa.types.base import Value

Role = Literal["system", "user", "assistant", "tool"]


class ToolCall(Value):
    """A call of a tool that a model asks for; `arguments` is the JSON text as the model wrote it."""

    id: str
    name: str
    arguments: str

    @model_validator(mode="before")
    @classmethod
    def _from_wire(cls, data: object) -> object:
        """Accept the nested form of the wire: `{"id", "type": "function", "function": {"name", "arguments"}}`."""
        if isinstance(data, dict) and "function" in data:
            return {"id": data.get("id", ""), **data["function"]}
        return data

    def to_wire(self) -> dict[str, JsonValue]:
        return {"id": self.id, "type": "function", "function": {"name": self.name, "arguments": self.arguments}}


class TextPart(Value):
    """A piece of text in a message of several parts."""

    type: Literal["text"] = "text"
    text: str


class ImageUrl(Value):
    """Where an image is: an address or a data URL."""

    url: str
    detail: Literal["auto", "low", "high"] | None = None


class ImagePart(Value):
    """An image in a message of several parts."""

    type: Literal["image_url"] = "image_url"
    image_url: ImageUrl


class Message(Value):
    """One message: `content` is text, or a list of parts where a message holds more than text."""

    role: Role
    content: str | tuple[TextPart | ImagePart, ...] = ""
    name: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _null_content(cls, data: object) -> object:
        """The wire writes `"content": null` beside tool calls."""
        if isinstance(data, dict) and data.get("content", "") is None:
            return {**data, "content": ""}
        return data

    @property
    def text(self) -> str:
        """The text of the message; the texts of several parts are joined by line breaks."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content if isinstance(part, TextPart))

    def to_wire(self) -> dict[str, Any]:
        """The message as the OpenAI chat wire writes it, without empty fields."""
        content: JsonValue
        if isinstance(self.content, str):
            content = self.content
        else:
            content = [part.model_dump(exclude_none=True) for part in self.content]
        wire: dict[str, Any] = {"role": self.role, "content": content}
        if self.name is not None:
            wire["name"] = self.name
        if self.tool_calls:
            wire["tool_calls"] = [call.to_wire() for call in self.tool_calls]
        if self.tool_call_id is not None:
            wire["tool_call_id"] = self.tool_call_id
        return wire


def said(messages: Iterable[Message]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Texts and calls of tools, whatever the ids of the calls: what tells two answers apart."""
    return [(m.text, [(call.name, call.arguments) for call in m.tool_calls]) for m in messages]


Tool = Mapping[str, JsonValue]
"""A tool in the OpenAI form: `{"type": "function", "function": {"name", "description", "parameters"}}`."""


def system(text: str) -> Message:
    """A system message."""
    return Message(role="system", content=text)


def user(text: str, name: str | None = None) -> Message:
    """A user message."""
    return Message(role="user", content=text, name=name)


def assistant(text: str, name: str | None = None) -> Message:
    """An assistant message."""
    return Message(role="assistant", content=text, name=name)


def wire(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Messages as the OpenAI chat wire writes them."""
    return [message.to_wire() for message in messages]


def characters(messages: Iterable[Message]) -> int:
    """How long messages are: characters of all their texts."""
    return sum(len(message.text) for message in messages)
