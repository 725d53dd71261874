"""What is read from a call."""

from __future__ import annotations

from aaa.types import Call, Message, Reply


def reply_of(call: Call) -> Reply:
    """The reply of a call that the call layer has answered; it raises for all others, so there always is one."""
    if call.reply is None:
        raise TypeError(f"call {call.id} has no reply: an Asker returns answered calls only")
    return call.reply


def spoken(reply: Reply) -> Message:
    """The reply as a turn of the conversation: what is visible of it, and the tools it asks for."""
    return Message(role="assistant", content=reply.text, tool_calls=reply.tool_calls)
