"""Which instructions a session works on: its sample of prompts, and what stages made of them or set aside."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from aaa.types import Decision, Episode, Instruction, SetAside, episode_id, row_id

if TYPE_CHECKING:
    from aaa.store import Store


def sampled(store: Store, session: str) -> list[str]:
    """Ids of the instructions that the session works on, in order."""
    decision = store.get(Decision, row_id("decision", session, "sample"))
    return [] if decision is None or not isinstance(decision.value, list) else [str(id_) for id_ in decision.value]


def instructions_of(store: Store, session: str, stages: Sequence[str], *, aside: bool = False) -> Iterator[str]:
    """Ids in the order of the sample, each followed by those that `stages` made of it; none that a stage set aside,
    unless `aside` asks for them too."""
    made_in = {episode for episode in store.counts(Instruction, "episode", session=session) if episode}
    rows = () if aside else store.rows(SetAside, session=session)
    gone = {row.instruction for row in rows if row.stage in stages and not row.answer}
    for id_ in sampled(store, session):
        yield from (one for one in _family(store, session, stages, made_in, id_) if one not in gone)


def root_of(store: Store, instruction: Instruction) -> Instruction:
    """The prompt that an instruction goes back to, through the episodes that made it and what it was made of."""
    while instruction.episode is not None and (episode := store.get(Episode, instruction.episode)) is not None:
        parent = store.get(Instruction, episode.instruction)
        if parent is None or parent.id == instruction.id:
            break
        instruction = parent
    return instruction


def _family(store: Store, session: str, stages: Sequence[str], made_in: Collection[str], id_: str) -> Iterator[str]:
    """An instruction and its descendants."""
    yield id_
    if made_in:
        for stage in stages:
            episode = episode_id(session, stage, id_)
            for child in store.rows(Instruction, session=session, episode=episode) if episode in made_in else ():
                yield from _family(store, session, stages, made_in, child.id)
