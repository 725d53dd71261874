"""One instruction on its way through the stages."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, TypeVar, cast

from pydantic import JsonValue

from aaa.curate import ItemRecord
from aaa.curate.attributes import labelled
from aaa.teach import GIVEN
from aaa.types import (
    Answer,
    AnswerEvolution,
    Decision,
    Episode,
    Instruction,
    Judgment,
    SessionRecord,
    StepVerdict,
    Tagging,
    Verdict,
    content_hash,
    decision_id,
    episode_id,
)

if TYPE_CHECKING:
    from aaa.store import Store

R = TypeVar("R", bound=SessionRecord)
LABELS = {"meta", "session", "episode", "slice", "split"}
"""Fields of an instruction that no model sees: what was made of it stands when they change."""
AT_ONCE = 100
"""Instructions whose rows are read together: a few MB of memory, and few queries. Ours."""
RECORDED: tuple[type[SessionRecord], ...] = (Answer, Judgment, Verdict, StepVerdict, AnswerEvolution, Tagging)
"""What a record is made of beside its instruction."""


@dataclass(frozen=True, slots=True)
class Track:
    """Where an instruction stands between two stages: small enough to be kept for all of them."""

    instruction: str
    """Its id."""
    digest: str = ""
    episodes: frozenset[str] = frozenset()
    labelled: bool = False
    """Whether a stage that labels has seen it."""


@dataclass
class Item:
    """What earlier stages of this plan made of an instruction; rows are read from the store when a stage needs them."""

    store: Store
    instruction: Instruction
    digest: str
    """Hash of the instruction and of all results so far."""
    episodes: set[str] = field(default_factory=set)
    read: dict[type[SessionRecord], Sequence[SessionRecord]] = field(default_factory=dict)
    """Rows that a stage has asked for, until the next adds to them."""
    fresh: list[SessionRecord] | None = None
    """All that its episodes made, as long as each ran just now: then nothing need be read. None: the store knows."""
    labelled: bool = False

    @classmethod
    def begin(cls, store: Store, instruction: Instruction) -> Item:
        return cls(store, instruction, content_hash(instruction.model_dump(mode="json", exclude=LABELS)), fresh=[])

    @classmethod
    def at(cls, store: Store, track: Track, instruction: Instruction) -> Item:
        """The item where a stage left it, or at its beginning."""
        if not track.digest:
            return cls.begin(store, instruction)
        item = cls(store, instruction, track.digest, set(track.episodes))
        if track.labelled:
            item.label()
        return item

    @classmethod
    def all_at(cls, store: Store, tracks: Sequence[Track]) -> Iterator[Item]:
        """The same for several, in order, read a chunk at a time."""
        for start in range(0, len(tracks), AT_ONCE):
            chunk = tracks[start : start + AT_ONCE]
            known = store.get_all(Instruction, [track.instruction for track in chunk])
            yield from (cls.at(store, track, known[track.instruction]) for track in chunk)

    @classmethod
    def at_end(cls, store: Store, instruction: Instruction, stages: Sequence[str]) -> Item:
        """The instruction with what these stages made of it."""
        item = cls._unlabelled(store, instruction, stages)
        item.label()
        return item

    @classmethod
    def all_at_end(
        cls, store: Store, session: str, instructions: Iterable[str], stages: Sequence[str]
    ) -> Iterator[Item]:
        """The same for several, in order, read a chunk at a time with all that a record holds."""
        ids = iter(instructions)
        while chunk := list(islice(ids, AT_ONCE)):
            known = store.get_all(Instruction, chunk)
            rows = {kind: store.by_instructions(kind, session, chunk) for kind in RECORDED}
            for id_ in filter(known.__contains__, chunk):
                item = cls._unlabelled(store, known[id_], stages)
                item.read = {kind: item._own(rows[kind].get(id_, ())) for kind in RECORDED}
                item.label()
                yield item

    @classmethod
    def _unlabelled(cls, store: Store, instruction: Instruction, stages: Sequence[str]) -> Item:
        return cls(store, instruction, "", {episode_id(instruction.session, stage, instruction.id) for stage in stages})

    def track(self) -> Track:
        """Where it stands."""
        return Track(self.instruction.id, self.digest, frozenset(self.episodes), self.labelled)

    def add(self, episode: Episode, made: Sequence[SessionRecord] | None) -> None:
        """Take in what a stage made: just now, or, with None, in an earlier run."""
        self.episodes.add(episode.id)
        self.fresh = None if made is None or self.fresh is None else [*self.fresh, *made]
        self.read.clear()
        self.digest = content_hash([self.digest, episode.stage, episode.result])

    def label(self) -> None:
        """Let the instruction have the labels that it lacks, as stages gave them; earlier stages never see them."""
        self.labelled = True
        self.instruction = labelled(self.instruction, self.rows(Tagging))

    def decision(self, stage: str) -> JsonValue:
        """What an earlier barrier of the plan decided; None where it has not."""
        found = self.store.get(Decision, decision_id(self.instruction.session, stage))
        return None if found is None else found.value

    def stems_from(self, ids: Container[str], stages: Container[str]) -> bool:
        """Whether it is one of these instructions, or these stages made it of one of them."""
        one: Instruction | None = self.instruction
        while one is not None and one.id not in ids:
            made = None if one.episode is None else self.store.get(Episode, one.episode)
            if made is None or made.stage not in stages or one.lineage.parent is None:
                return False
            one = self.store.get(Instruction, one.lineage.parent)
        return one is not None

    def rows(self, kind: type[R]) -> Sequence[R]:
        """Rows of a kind that the stages made, by id."""
        if kind not in self.read:
            self.read[kind] = self._own(self._made(kind))
        return cast("Sequence[R]", self.read[kind])

    def _made(self, kind: type[R]) -> Sequence[R]:
        """Rows of this instruction, by id."""
        if self.fresh is None:
            return self.store.by_instruction(kind, self.instruction.session, self.instruction.id)
        rows = (row for row in self.fresh if isinstance(row, kind))
        own = (row for row in rows if getattr(row, "instruction", None) == self.instruction.id)
        return sorted(own, key=lambda row: row.id)

    def _own(self, rows: Iterable[R]) -> list[R]:
        """Those of the episodes that it went through."""
        return [row for row in rows if getattr(row, "episode", None) in self.episodes]

    def answers(self, *contexts: str) -> list[Answer]:
        """Answers made so far, by id; of these contexts, or of all."""
        return [answer for answer in self.rows(Answer) if not contexts or answer.context in contexts]

    def own_answers(self) -> list[Answer]:
        """Plain answers of the members, without those that one model drew to learn from them."""
        return [answer for answer in self.answers("plain") if answer.lineage.operation is None]

    def contestants(self) -> list[Answer]:
        """Those that meet in battles: own answers, and those that came with the prompt."""
        return [answer for answer in self.answers("plain") if answer.lineage.operation in (None, GIVEN)]

    def record(self) -> ItemRecord:
        """All of it, as selections read it."""
        return ItemRecord(
            self.instruction,
            self.rows(Answer),
            self.rows(Judgment),
            self.rows(Verdict),
            self.rows(AnswerEvolution),
            self.rows(StepVerdict),
        )
