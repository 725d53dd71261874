"""The AutoGen agent behind every role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from autogen_agentchat.agents import BaseChatAgent
from autogen_agentchat.base import Response
from autogen_agentchat.messages import BaseChatMessage, BaseTextChatMessage, TextMessage
from autogen_core import CancellationToken

from aaa.agents.client import BoundClient
from aaa.agents.messages import from_autogen, to_autogen
from aaa.agents.replies import reply_of, spoken
from aaa.types import Message, user


class Given(BaseTextChatMessage):
    """A message that stands in the conversation just as it is, whatever its role."""

    type: Literal["Given"] = "Given"
    original: Message

    @classmethod
    def of(cls, message: Message) -> Given:
        """The message as something that AutoGen agents can hear."""
        return cls(source="user", content=message.text, original=message)


class Speaker(BaseChatAgent):
    """Hears what others say as user messages, remembers what it says itself, and adds no word of its own making.

    `context` is what it knows at the beginning: its system message, its brief, earlier turns.
    """

    def __init__(self, name: str, client: BoundClient, context: Sequence[Message] = ()) -> None:
        """`name` is a Python identifier, as AutoGen demands."""
        # Not by way of BaseChatAgent: it sets these two under a span for OpenTelemetry, which nobody reads, and which
        # costs as much as all else about a question (in 0.7.5, which is pinned and AutoGen's last).
        assert name.isidentifier(), name
        self._name = self._description = name
        self.client = client
        self._context = tuple(context)
        self._messages = [to_autogen(message) for message in context]

    @property
    def produced_message_types(self) -> Sequence[type[BaseChatMessage]]:
        return (TextMessage,)

    async def on_messages(
        self, messages: Sequence[BaseChatMessage], cancellation_token: CancellationToken | None
    ) -> Response:
        """Hear the new messages and speak; without a token, cancelled as any awaited work is. Raises `CallError` or
        `StopError`."""
        self._messages += [to_autogen(_heard(message)) for message in messages]
        result = await self.client.create(self._messages, cancellation_token=cancellation_token)
        reply = reply_of(self.client.calls[-1])
        self._messages.append(to_autogen(spoken(reply)))
        return Response(chat_message=TextMessage(content=reply.text, source=self.name, models_usage=result.usage))

    async def on_reset(self, cancellation_token: CancellationToken) -> None:
        """Forget all but the beginning."""
        self._messages = [to_autogen(message) for message in self._context]


def _heard(message: BaseChatMessage) -> Message:
    if isinstance(message, Given):
        return message.original
    if isinstance(message, TextMessage):
        return user(message.content)
    return from_autogen([message.to_model_message()])[0]
