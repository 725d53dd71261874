"""The calls that a session used, each once, with what it was for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aaa.llm import identity, located
from aaa.session.instructions import instructions_of
from aaa.session.trained import models_of
from aaa.store import Store
from aaa.types import EVERYTHING, Call, CallUse, Decision, Model, episode_id

UNFINISHED = "unfinished"
"""Stage of calls whose episode is none of the session's present ones."""


@dataclass(frozen=True, slots=True)
class MadeCall:
    """A call where it was first used."""

    stage: str
    instruction: str
    """Id of the instruction; empty where the stage is `UNFINISHED`."""
    role: str
    model: str
    """Name of the model in the scenario."""
    call: Call
    paid: bool
    """Whether the session caused it, or found it in the journal."""


def made_calls(store: Store, session: str, stages: Sequence[str], models: Mapping[str, Model]) -> Iterator[MadeCall]:
    """All calls of a session in the order of their uses' ids; an equal request of two episodes counts once."""
    places = {
        episode_id(session, stage, instruction): (stage, instruction)
        for instruction in (*instructions_of(store, session, stages, aside=True), EVERYTHING)
        for stage in stages
    }
    taught = (item for decision in store.rows(Decision, session=session) for item in models_of(decision).items())
    names = Names([*models.items(), *taught])
    seen: set[str] = set()
    for paid in (True, False):
        for use in store.rows(CallUse, session=session, paid=paid):
            if use.call in seen or (call := store.get(Call, use.call)) is None:
                continue
            seen.add(use.call)
            stage, instruction = places.get(use.episode, (UNFINISHED, ""))
            yield MadeCall(stage, instruction, use.role, names.of(call), call, paid)


class Names:
    """Which of a scenario's models, in any revision, a call was made of."""

    def __init__(self, models: Iterable[tuple[str, Model]]) -> None:
        self._by_identity: dict[str, list[str]] = {}
        for name, model in models:
            self._by_identity.setdefault(identity(located(model)), []).append(name)

    def of(self, call: Call) -> str:
        """The name that answered, if it is one of those that share the identity; else the first of these."""
        names = self._by_identity.get(call.model, [call.model])
        answered = call.reply.answered_by if call.reply is not None else None
        return answered if answered in names else names[0]
