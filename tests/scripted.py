"""What the tests of agents, judges and teachers share: a real call layer over a real store, with models on script."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aaa.agents import Agent
from aaa.errors import CallError
from aaa.llm import Ask, Asker, Gateway, RetryPolicy, Route, resolve_params
from aaa.store import Store, StoreJournal
from aaa.text import style
from aaa.types import AgentCard, Answer, CallUse, Instruction, Message, Model, Place, Producer, Reply, Usage, user

Line = str | Reply | CallError
Script = Callable[[tuple[Message, ...]], Line] | Sequence[Line] | Line
"""What a model says: by a rule, one line after the other, or always the same."""

PLACE = Place.of("session", "stage", "instruction-1")
SEED = 7


@dataclass
class Scripted:
    """Models that say what a script says, by name. `asks` is what reached them."""

    scripts: Mapping[str, Script]
    asks: list[Ask] = field(default_factory=list)

    def __call__(self, model: Model) -> Route:
        return self

    async def ready(self) -> None:
        pass

    async def send(self, ask: Ask, *, attempt: int) -> Reply:
        self.asks.append(ask)
        script = self.scripts[ask.model.name]
        if callable(script):
            line = script(ask.messages)
        elif isinstance(script, str | Reply | CallError):
            line = script
        else:
            line = script[sum(one.model.name == ask.model.name for one in self.asks) - 1]
        if isinstance(line, CallError):
            raise line
        if isinstance(line, str):
            line = Reply(text=line, answered_by=ask.model.name, usage=Usage(prompt_tokens=10, completion_tokens=5))
        return line

    async def close(self) -> None:
        pass

    def asked(self, model: str) -> list[tuple[Message, ...]]:
        """The messages of each request to a model, in order."""
        return [ask.messages for ask in self.asks if ask.model.name == model]


@dataclass
class Troupe:
    """Agents whose models are on script, with the store in which their calls are kept."""

    asker: Asker
    models: Scripted
    store: Store

    def agent(
        self, name: str, *, family: str | None = None, role: str = "member", persona: str = "", **more: Any
    ) -> Agent:
        model = Model(name=name, model=f"openai/{name}", family=family or name, license="mit", price="free")
        card = AgentCard(name=role, role="student", persona=persona) if persona else None
        return Agent(model, card, resolve_params(model, card), self.asker, PLACE, role, **more)

    def uses(self) -> dict[str, str]:
        """Calls by the step they were made for."""
        return {use.step: use.call for use in self.store.rows(CallUse)}


@asynccontextmanager
async def troupe(folder: Path, **scripts: Script) -> AsyncIterator[Troupe]:
    """Agents by the names of the scripts; transient faults are not tried again."""
    models = Scripted(scripts)
    with Store.open(folder / "aaa.db") as store:
        retry = RetryPolicy(attempts=1)
        async with Gateway(StoreJournal(store), models, session=PLACE.session, retry=retry) as gateway:
            yield Troupe(gateway, models, store)


def instruction(text: str = "What is 6 times 7?", **fields: Any) -> Instruction:
    given = {"id": PLACE.instruction, "session": PLACE.session, "source_id": "seed-1", "messages": (user(text),)}
    return Instruction.model_validate({**given, **fields})


def answer_of(name: str, text: str, *, family: str | None = None, **fields: Any) -> Answer:
    """A plain answer by a model of this name, as an earlier stage stored it."""
    given = {
        "id": f"answer-{name}",
        "session": PLACE.session,
        "episode": PLACE.episode,
        "instruction": PLACE.instruction,
        "member": name,
        "prompt": instruction().prompt,
        "messages": (Message(role="assistant", content=text),),
        "producers": (Producer(model=name, family=family or name, license="mit"),),
        "style": style(text),
    }
    return Answer.model_validate({**given, **fields})
