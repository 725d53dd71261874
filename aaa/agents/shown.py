"""Texts of others as a method prompt shows them: visible words only, unable to close the fence around them."""

from __future__ import annotations

from collections.abc import Iterable

from aaa.text import neutralise
from aaa.types import Answer, Message


def shown_messages(messages: Iterable[Message], mark: str) -> list[dict[str, str]]:
    """Role and text of each message, for a fence that bears `mark`."""
    return [{"role": message.role, "text": neutralise(_visible(message), mark)} for message in messages]


def answer_text(answer: Answer, mark: str) -> str:
    """The answer, for a fence that bears `mark`; a conversation turn by turn."""
    if len(answer.messages) == 1:
        return neutralise(_visible(answer.messages[0]), mark)
    turns = (f"{message.role.capitalize()}: {_visible(message)}" for message in answer.messages)
    return neutralise("\n\n".join(turns), mark)


def _visible(message: Message) -> str:
    calls = (f"(calls {call.name} with {call.arguments})" for call in message.tool_calls)
    return "\n".join(text for text in (message.text, *calls) if text)
