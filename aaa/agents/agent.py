"""A member of the cast at work in one episode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from aaa.agents.client import BoundClient
from aaa.agents.speaker import Speaker
from aaa.llm import Asker, Fallback, Use
from aaa.prompts import render_persona
from aaa.types import AgentCard, Call, Message, Model, Params, Place, Producer, system

SOLO = "agent"  # AutoGen wants a name; alone, nobody hears it


@dataclass(frozen=True)
class Agent:
    """A model with its card, in one episode. It keeps nothing from one question to the next."""

    model: Model
    card: AgentCard | None
    params: Params
    """Resolved: model, card and stage together, `max_tokens` set."""
    asker: Asker
    place: Place
    role: str
    """What it does here, such as `judge`; for the record of its calls."""
    group: str = ""
    """Its group of the cast, whose budget pays for its calls; empty for none."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Values for the variables of the persona."""
    batch: bool = False
    """Whether its calls may wait for a provider's batch."""
    fallbacks: tuple[Fallback, ...] = ()
    """Models that answer in its place where its own gives no service."""

    @property
    def name(self) -> str:
        """Name of the model in the scenario."""
        return self.model.name

    def answering(self, call: Call) -> Model:
        """The model that really answered a call of this agent: its own, or a fallback."""
        return self.fallbacks[call.fallback - 1].model if call.fallback else self.model

    def producers(self, *calls: Call) -> tuple[Producer, ...]:
        """The models that really answered these calls, each once, as rows record them that hold their text."""
        models = [self.answering(call) for call in {call.fallback: call for call in calls}.values()]
        return tuple(dict.fromkeys(map(_producer, models)))

    @cached_property
    def persona(self) -> str | None:
        """The card's persona with its values filled in. Raises `TemplateError`."""
        return None if self.card is None else render_persona(self.card, **self.facts)

    async def ask(
        self,
        messages: Sequence[Message],
        *,
        step: str,
        draw: int = 0,
        in_persona: bool = False,
        tools: Sequence[Mapping[str, Any]] = (),
        response_format: dict[str, Any] | None = None,
    ) -> Call:
        """One question to a fresh AutoGen agent; the call's reply is set.

        `step` is the question's place in the episode, unique there. Raises `CallError` or `StopError`.
        """
        asked = self._under_persona(messages) if in_persona else messages
        client = self._client(step, draw=draw, tools=tools, response_format=response_format)
        await Speaker(SOLO, client, asked).on_messages((), None)  # the question is the last that it has heard
        return client.calls[-1]

    async def reply(self, messages: Sequence[Message], *, step: str) -> Call:
        """The next words of one who is an AutoGen agent already, in persona; see `ask`."""
        return await self._client(step).ask(self._under_persona(messages))

    def speaker(self, name: str, context: Sequence[Message], *, step: str, in_persona: bool = True) -> Speaker:
        """The agent as one who takes part in a conversation under `name`; see `converse`."""
        return Speaker(name, self._client(step), self._under_persona(context) if in_persona else tuple(context))

    def _under_persona(self, messages: Sequence[Message]) -> tuple[Message, ...]:
        """The messages under the persona. A system message of their own follows it in the same message: many servers
        take only one."""
        if self.persona is None:
            return tuple(messages)
        if messages and messages[0].role == "system":
            return (system(f"{self.persona}\n\n{messages[0].text}"), *messages[1:])
        return (system(self.persona), *messages)

    def _client(self, step: str, **bound: Any) -> BoundClient:
        use = Use(self.place.session, self.place.episode, step, self.role, self.group)
        return BoundClient(
            self.asker, self.model, self.params, use, batch=self.batch, fallbacks=self.fallbacks, **bound
        )


def _producer(model: Model) -> Producer:
    return Producer(model=model.name, family=model.family, license=model.license, simulated=model.simulated)
