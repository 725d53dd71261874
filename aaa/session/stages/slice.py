"""Stage `slice`: every prompt gets its slice or split, by whole clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from aaa.curate.slices import Part, SliceRow, clusters_of, slice_up
from aaa.scenario import SliceStage
from aaa.session.pools import asked
from aaa.session.skill_gaps import GapSource
from aaa.session.stages.base import Crowd, Kit, RunningBarrier, decided
from aaa.store import Store
from aaa.types import Instruction, Place, SessionRecord, content_hash


@dataclass(frozen=True)
class RunningSlice(RunningBarrier):
    """See `SliceStage`."""

    spec: SliceStage
    kit: Kit
    gaps: GapSource

    @property
    def fingerprint(self) -> str:
        parameters = self.spec.model_dump(mode="json", exclude={"where", "name", "mode"})
        return content_hash([parameters, self.kit.seed, self.gaps.definition])

    @property
    def sources(self) -> Mapping[str, str]:
        return self.gaps.sources

    def reads(self, crowd: Crowd) -> JsonValue:
        """The gaps that it follows."""
        return self.gaps.reads(crowd.store, crowd.resolved.session)

    async def decide(self, crowd: Crowd, place: Place) -> list[SessionRecord]:
        """The decision counts prompts by slice or split, and clusters; the labels are on the instructions."""
        rows: list[SliceRow] = []
        texts: dict[str, str] = {}
        families: dict[str, str] = {}
        ids: dict[str, str] = {}
        for key, one in crowd.keyed():
            rows.append(SliceRow(key, one.skill, one.difficulty, one.lineage.round))
            texts[key], ids[key], families[key] = asked(one), one.id, _root(crowd.store, one)
        cluster, alike = clusters_of(texts, families), clusters_of(texts)
        gaps = self.gaps.read(crowd.store, place.session)
        widths = None if gaps is None else gaps.widths
        parts = slice_up(rows, self.spec, cluster=cluster, seed=self.kit.seed, gaps=widths, alike=alike)
        sizes = Counter(part.slice or part.split for part in parts.values())
        inputs = content_hash([[row.id, row.skill, row.difficulty, row.round, cluster[row.id]] for row in rows])
        value: dict[str, JsonValue] = {"parts": dict(sorted(sizes.items())), "clusters": len(set(cluster.values()))}
        placed = (_placed(crowd.store, ids[key], part) for key, part in parts.items())
        return [decided(place, inputs, value), *placed]


def _placed(store: Store, id_: str, part: Part) -> Instruction:
    """The instruction as it is stored, in its place: labels of a `tag` stage stay where they are."""
    stored = store.get(Instruction, id_)
    assert stored is not None, id_
    return stored.model_copy(update={"slice": part.slice, "split": part.split})


def _root(store: Store, instruction: Instruction) -> str:
    """Id of the instruction at the beginning of this one's lineage, as far as the store knows it."""
    while (parent := instruction.lineage.parent) is not None and (above := store.get(Instruction, parent)) is not None:
        instruction = above
    return instruction.id
