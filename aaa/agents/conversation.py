"""Conversations: AutoGen agents and termination conditions, driven by a short loop of our own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from autogen_agentchat.base import TerminationCondition
from autogen_agentchat.messages import BaseChatMessage

from aaa.agents.replies import reply_of
from aaa.agents.speaker import Speaker
from aaa.types import Call

StopReason = Literal["done", "max_turns", "plan_ended"]


@dataclass(frozen=True, slots=True)
class Stop:
    """When a conversation ends: after so many turns, or when the speaker `by` (None: anybody) says `done`."""

    turns: int
    done: str
    by: str | None = None

    def conditions(self) -> tuple[TerminationCondition, TerminationCondition]:
        """Fresh conditions, in the order in which they are asked: AutoGen's are stateful and serve one conversation."""
        from autogen_agentchat.conditions import MaxMessageTermination, TextMentionTermination  # heavy

        by = None if self.by is None else [self.by]
        return TextMentionTermination(self.done, sources=by), MaxMessageTermination(self.turns)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: who spoke, and the call that gave the words."""

    speaker: str
    call: Call

    @property
    def text(self) -> str:
        """What was said."""
        return reply_of(self.call).text


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said, in order, and why it ended."""

    turns: tuple[Turn, ...]
    stop_reason: StopReason


async def converse(order: Iterable[str], speakers: Iterable[Speaker], stop: Stop) -> Transcript:
    """Let the speakers talk in this order of their names; each hears what others have said since it last spoke.

    What they know at the beginning lies in their contexts. Raises `CallError` or `StopError`.
    """
    done, full = stop.conditions()
    by_name = {speaker.name: speaker for speaker in speakers}
    heard = dict.fromkeys(by_name, 0)
    said: list[BaseChatMessage] = []
    turns: list[Turn] = []
    for name in order:
        speaker = by_name[name]
        response = await speaker.on_messages([m for m in said[heard[name] :] if m.source != name], None)
        heard[name] = len(said)
        said.append(response.chat_message)
        turns.append(Turn(name, speaker.client.calls[-1]))
        # One after the other: `done | full` makes a task of each, and they wait for nothing.
        if await done([response.chat_message]) is not None:
            return Transcript(tuple(turns), "done")
        if await full([response.chat_message]) is not None:
            return Transcript(tuple(turns), "max_turns")
    return Transcript(tuple(turns), "plan_ended")
