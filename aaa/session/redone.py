"""What a change would do again of a session, and what that has cost before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from pydantic import JsonValue

from aaa.session.instructions import root_of
from aaa.store import Store
from aaa.types import Call, CallUse, Episode, Instruction, Session


@dataclass(frozen=True)
class Again:
    """The finished episodes that a change reaches in a stage: the most that would be done again of it."""

    stage: str
    episodes: int
    calls: int
    usd: float
    """What these calls cost when they were made."""

    def told(self) -> str:
        """In words."""
        episodes = "1 finished episode" if self.episodes == 1 else f"{self.episodes:,} finished episodes"
        calls = "1 call" if self.calls == 1 else f"{self.calls:,} calls"
        return f"{self.stage}: {episodes}, {calls}, about ${self.usd:.4f}"


@dataclass(frozen=True)
class Redone:
    """What a change reaches, stage by stage; stages without a finished episode are left out."""

    stages: Sequence[Again]

    def told(self) -> str:
        """In words: at most this much, since what comes out as before leads to the same calls, which are replayed."""
        if not self.stages:
            return "Nothing that is finished would be done again."
        lines = [f"  - {one.told()}" for one in self.stages]
        if len(lines) > 1:
            lines.append(f"  {self._together.told()}")
        return "\n".join(["Going on would do again, at most (calls that stay the same are free):", *lines])

    @property
    def _together(self) -> Again:
        episodes, calls = sum(one.episodes for one in self.stages), sum(one.calls for one in self.stages)
        return Again("together", episodes, calls, sum(one.usd for one in self.stages))


def done_again(store: Store, old: Session, new: Session, edited: Collection[str] = ()) -> Redone:
    """Episodes of the first stage that differs and of all after it, and in the others those of edited prompts.

    `edited` are source ids.
    """
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(_positions(old), _positions(new), strict=False))
    same = sum(1 for _ in pairs)
    reached: dict[str, set[str]] = {}
    roots: dict[str, bool] = {}
    for number, stage in enumerate(old.stages):
        if stage not in new.stages or (number < same and not edited):
            continue
        episodes = (one for one in store.rows(Episode, session=old.id, stage=stage) if one.status != "skipped")
        reached[stage] = {
            one.id for one in episodes if number >= same or _goes_back_to(store, one.instruction, edited, roots)
        }
    return Redone([*_priced(store, old.id, {stage: ids for stage, ids in reached.items() if ids})])


def _positions(session: Session) -> list[JsonValue]:
    """Each stage with all that decides what it makes of what reaches it."""
    stages = session.scenario["stages"]
    assert isinstance(stages, list)
    wheres = {str(stage["name"]): stage.get("where") for stage in stages if isinstance(stage, dict)}
    return [[name, mark, wheres.get(name), session.scenario["seed"]] for name, mark in session.stages.items()]


def _goes_back_to(store: Store, instruction: str, edited: Collection[str], known: dict[str, bool]) -> bool:
    """Whether an instruction is an edited prompt or was made of one."""
    if instruction not in known:
        found = store.get(Instruction, instruction)
        known[instruction] = found is not None and root_of(store, found).source_id in edited
    return known[instruction]


def _priced(store: Store, session: str, reached: dict[str, set[str]]) -> Iterator[Again]:
    """With the calls that the episodes used, whoever paid for them."""
    stage_of = {episode: stage for stage, episodes in reached.items() for episode in episodes}
    calls: dict[str, set[str]] = {stage: set() for stage in reached}
    for use in store.rows(CallUse, session=session):
        if use.episode in stage_of:
            calls[stage_of[use.episode]].add(use.call)
    for stage, episodes in reached.items():
        found = store.get_all(Call, sorted(calls[stage]))
        yield Again(stage, len(episodes), len(found), sum(call.usd or 0.0 for call in found.values()))
