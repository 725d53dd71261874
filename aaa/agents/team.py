"""Conversations in which somebody decides who speaks next: a team of AutoGen's, with a runtime of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, TypeVar

from autogen_agentchat.agents import BaseChatAgent
from autogen_agentchat.base import Response
from autogen_agentchat.messages import BaseAgentEvent, BaseChatMessage, TextMessage
from autogen_core import CancellationToken, SingleThreadedAgentRuntime

from aaa.agents.agent import Agent
from aaa.agents.conversation import Stop, Transcript, Turn
from aaa.agents.messages import to_autogen
from aaa.agents.replies import reply_of
from aaa.types import Call

Said = Sequence[tuple[str, str]]
"""What a conversation holds so far: speaker and words, in order."""
Speak = Callable[[Said], Awaitable[Call]]
"""The next message of a member, who has heard this."""
Choose = Callable[[Said], Awaitable[str]]
"""The name of the member who speaks next, after this was said."""
T = TypeVar("T")


async def confer(members: Mapping[str, Speak], choose: Choose, chooser: Agent, stop: Stop) -> Transcript:
    """Let two or more members talk, one at a time as `choose` says, until `stop`.

    Each hears all that is said, and nothing else. `chooser` is the agent that `choose` asks. Raises what a member or
    `choose` raised, as it was; where this is cancelled, so is what they are about.
    """
    from autogen_agentchat.teams import SelectorGroupChat  # heavy

    hall = _Hall(tuple(members))

    async def selected(thread: Sequence[BaseAgentEvent | BaseChatMessage]) -> str:
        hall.heard += hall.said(thread[len(hall.heard) :])
        return hall.seat(await hall.work(choose(hall.heard)))

    runtime = _Runtime()
    done, full = stop.conditions()
    team = SelectorGroupChat(
        [_Member(hall, name, speak) for name, speak in members.items()],
        model_client=chooser.speaker("chooser", (), step="chooser").client,  # AutoGen wants one; `selected` asks for it
        termination_condition=done | full,
        selector_func=selected,
        runtime=runtime,
    )
    token = CancellationToken()
    runtime.start()
    try:
        await team.run(cancellation_token=token)
    except Exception:
        if hall.faults:  # a team makes of each the text of a RuntimeError
            raise hall.faults[0] from None
        raise
    finally:
        token.cancel()
        await hall.leave()
        await runtime.stop()
    return Transcript(tuple(hall.turns), "done" if stop.done in hall.turns[-1].text else "max_turns")


class _Untraced:
    """Takes the place of AutoGen's tracer."""

    def trace_block(self, *_: Any, **__: Any) -> AbstractContextManager[None]:
        return nullcontext()


class _Runtime(SingleThreadedAgentRuntime):
    """Without spans, and copies of each message for them and for a log, which nobody reads.

    They are a third of a team's CPU, and no setting turns them off (in 0.7.5, which is pinned and AutoGen's last): with
    a tracer that does nothing, which a runtime may be given, the copies are made all the same, and a context is entered
    for each span.
    """

    def __init__(self) -> None:
        super().__init__()
        self._tracer_helper = _Untraced()  # type: ignore[assignment]

    def _try_serialize(self, message: Any) -> str:
        return ""

    async def _create_otel_attributes(self, *_: Any, **__: Any) -> Mapping[str, str]:
        return {}


@dataclass
class _Hall:
    """What the members of one team share: names, turns, and the work that is going on."""

    names: tuple[str, ...]
    turns: list[Turn] = field(default_factory=list)
    heard: list[tuple[str, str]] = field(default_factory=list)
    """What was said before the last choice."""
    faults: list[Exception] = field(default_factory=list)
    busy: set[asyncio.Future[Any]] = field(default_factory=set)

    def seat(self, name: str) -> str:
        """The name for AutoGen, which takes identifiers only."""
        return f"member_{self.names.index(name)}"

    def said(self, messages: Sequence[BaseAgentEvent | BaseChatMessage]) -> list[tuple[str, str]]:
        return [(self.names[int(one.source.removeprefix("member_"))], one.to_text()) for one in messages]

    async def work(self, work: Awaitable[T], token: CancellationToken | None = None) -> T:
        """The result; an error is kept as it is before the team hears of it."""
        task = asyncio.ensure_future(work)
        if token is not None:
            token.link_future(task)
        self.busy.add(task)
        try:
            return await task
        except Exception as error:
            self.faults.append(error)
            raise
        finally:
            self.busy.discard(task)

    async def leave(self) -> None:
        """Cancel what is going on, and wait for its end."""
        for task in tuple(self.busy):
            task.cancel()
        await asyncio.gather(*self.busy, return_exceptions=True)


class _Member(BaseChatAgent):
    """Remembers what was said, by whom, and adds no word of its own making."""

    def __init__(self, hall: _Hall, name: str, speak: Speak) -> None:
        super().__init__(hall.seat(name), description=name)
        self._hall, self._own, self._speak = hall, name, speak
        self._heard: list[tuple[str, str]] = []

    @property
    def produced_message_types(self) -> Sequence[type[BaseChatMessage]]:
        return (TextMessage,)

    async def on_messages(self, messages: Sequence[BaseChatMessage], cancellation_token: CancellationToken) -> Response:
        self._heard += self._hall.said(messages)
        call = await self._hall.work(self._speak(tuple(self._heard)), cancellation_token)
        words = reply_of(call).text
        self._heard.append((self._own, words))
        self._hall.turns.append(Turn(self._own, call))
        return Response(chat_message=to_autogen(self.name, words))

    async def on_reset(self, cancellation_token: CancellationToken) -> None:
        self._heard.clear()
