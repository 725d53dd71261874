"""The AutoGen agent behind every role."""

from __future__ import annotations

from collections.abc import Sequence

from autogen_agentchat.agents import BaseChatAgent
from autogen_agentchat.base import Response
from autogen_agentchat.messages import BaseChatMessage, TextMessage
from autogen_core import CancellationToken

from aaa.agents.client import BoundClient
from aaa.agents.messages import from_autogen, to_autogen
from aaa.agents.replies import reply_of, spoken
from aaa.types import Message, user


class Speaker(BaseChatAgent):
    """Hears what others say as user messages, remembers what it says itself, and adds no word of its own making.

    `context` is what it knows at the beginning: its system message, its brief, earlier turns. It remembers messages of
    AAA's, which its client asks byte for byte: AutoGen's have no place for names, for addresses of images, or for text
    beside calls of tools.
    """

    def __init__(self, name: str, client: BoundClient, context: Sequence[Message] = ()) -> None:
        """`name` is a Python identifier, as AutoGen demands."""
        # Without that of BaseChatAgent, which does nothing but keep the two texts below, and does it under a span for
        # OpenTelemetry that costs as much as all else about a question (0.7.5, which is pinned and AutoGen's last).
        assert name.isidentifier(), name
        self._called = name
        self.client = client
        self._context = tuple(context)
        self._memory = list(context)

    @property
    def name(self) -> str:
        """What the others call it."""
        return self._called

    @property
    def description(self) -> str:
        """The same: who speaks when is none of AutoGen's business."""
        return self._called

    @property
    def produced_message_types(self) -> Sequence[type[BaseChatMessage]]:
        return (TextMessage,)

    async def on_messages(
        self, messages: Sequence[BaseChatMessage], cancellation_token: CancellationToken | None
    ) -> Response:
        """Hear the new messages and speak; without a token, cancelled as any awaited work is. Raises `CallError` or
        `StopError`."""
        self._memory += [_heard(message) for message in messages]
        reply = reply_of(await self.client.ask(self._memory, cancellation_token))
        self._memory.append(spoken(reply))
        return Response(chat_message=to_autogen(self._called, reply.text))

    async def on_reset(self, cancellation_token: CancellationToken) -> None:
        """Forget all but the beginning."""
        self._memory = list(self._context)


def _heard(message: BaseChatMessage) -> Message:
    if isinstance(message, TextMessage):
        return user(message.content)
    return from_autogen([message.to_model_message()])[0]
