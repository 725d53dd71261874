"""One instruction on its way through the stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from aaa.curate import ItemRecord
from aaa.store import Store
from aaa.types import (
    Answer,
    AnswerEvolution,
    Decision,
    Episode,
    Instruction,
    Judgment,
    Place,
    SessionRecord,
    Verdict,
    content_hash,
    decision_id,
)

LABELS = {"meta", "session", "episode", "slice", "split"}
"""Fields of an instruction that no model sees: what was made of it stands when they change."""


@dataclass(frozen=True, slots=True)
class Track:
    """Where an instruction stands between two stages: small enough to be kept for all of them."""

    instruction: str
    """Its id."""
    digest: str = ""
    episodes: frozenset[str] = frozenset()


@dataclass
class Item:
    """What earlier stages of this plan made of an instruction; rows are read from the store when a stage needs them."""

    store: Store
    instruction: Instruction
    digest: str
    """Hash of the instruction and of all results so far."""
    episodes: set[str] = field(default_factory=set)
    read: dict[type[SessionRecord], list[SessionRecord]] = field(default_factory=dict)
    """Rows that a stage has asked for, until the next adds to them."""

    @classmethod
    def begin(cls, store: Store, instruction: Instruction) -> Item:
        return cls(store, instruction, content_hash(instruction.model_dump(mode="json", exclude=LABELS)))

    @classmethod
    def at(cls, store: Store, track: Track) -> Item:
        """The item where a stage left it, or at its beginning."""
        instruction = store.get(Instruction, track.instruction)
        assert instruction is not None, track.instruction
        if not track.digest:
            return cls.begin(store, instruction)
        return cls(store, instruction, track.digest, set(track.episodes))

    @classmethod
    def at_end(cls, store: Store, instruction: Instruction, stages: Sequence[str]) -> Item:
        """The instruction with what these stages made of it."""
        places = (Place.of(instruction.session, stage, instruction.id) for stage in stages)
        return cls(store, instruction, "", {place.episode for place in places})

    def track(self) -> Track:
        """Where it stands."""
        return Track(self.instruction.id, self.digest, frozenset(self.episodes))

    def add(self, episode: Episode) -> None:
        """Take in what a stage made."""
        self.episodes.add(episode.id)
        self.read.clear()
        self.digest = content_hash([self.digest, episode.stage, episode.result])

    def decision(self, stage: str) -> JsonValue:
        """What an earlier barrier of the plan decided; None where it has not."""
        found = self.store.get(Decision, decision_id(self.instruction.session, stage))
        return None if found is None else found.value

    def rows(self, kind: type[SessionRecord]) -> list[SessionRecord]:
        if kind not in self.read:
            found = self.store.by_instruction(kind, self.instruction.session, self.instruction.id)
            self.read[kind] = [row for row in found if getattr(row, "episode", None) in self.episodes]
        return self.read[kind]

    def answers(self, *contexts: str) -> list[Answer]:
        """Answers made so far, by id; of these contexts, or of all."""
        answers = [row for row in self.rows(Answer) if isinstance(row, Answer)]
        return [answer for answer in answers if not contexts or answer.context in contexts]

    def own_answers(self) -> list[Answer]:
        """Plain answers, without those that one model drew to learn from them."""
        return [answer for answer in self.answers("plain") if answer.lineage.operation is None]

    def verdicts(self) -> list[Verdict]:
        return [row for row in self.rows(Verdict) if isinstance(row, Verdict)]

    def record(self) -> ItemRecord:
        """All of it, as selections read it."""
        judgments = [row for row in self.rows(Judgment) if isinstance(row, Judgment)]
        evolutions = [row for row in self.rows(AnswerEvolution) if isinstance(row, AnswerEvolution)]
        return ItemRecord(self.instruction, self.answers(), judgments, self.verdicts(), evolutions)
