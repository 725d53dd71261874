"""Items that branch, barriers that decide, and what a second run makes of both; on stages of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from aaa.errors import BarrierError, ParseError
from aaa.scenario import StageBase
from aaa.session.flow import Flow
from aaa.session.instructions import instructions_of
from aaa.session.intake import survey, take_in
from aaa.session.stages import RunningBarrier, RunningStage
from aaa.session.stages.base import decided, set_aside
from aaa.store import Store
from aaa.types import Decision, Episode, Instruction, Lineage, SetAside, user


class BranchingSpec(StageBase):
    branches: ClassVar[bool] = True
    kind: Literal["branching"] = "branching"


@dataclass(frozen=True)
class Twice(RunningStage):
    """Makes two instructions of each, `keep` says whether the parent flows on; sets those of `refuse` aside."""

    spec: StageBase
    keep: bool = False
    refuse: frozenset[str] = frozenset()
    seen: list[str] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        return f"twice {sorted(self.refuse)}"

    async def run(self, item, place):
        self.seen.append(item.instruction.source_id)
        if item.instruction.source_id in self.refuse:
            return [set_aside(place, item.instruction.id, "dull")]
        return [
            item.instruction.model_copy(
                update={
                    "id": place.row("instruction", number),
                    "source_id": f"{item.instruction.source_id}/{number}",
                    "episode": place.episode,
                    "messages": (user(f"{item.instruction.text} ({number})"),),
                    "lineage": Lineage(parent=item.instruction.id, operation="twice"),
                }
            )
            for number in (1, 2)
        ]

    def keeps(self, item, made):
        return self.keep


@dataclass(frozen=True)
class Note(RunningStage):
    """Does nothing but see what comes, and what a barrier decided."""

    spec: StageBase
    after: str | None = None
    seen: dict[str, object] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        return "note"

    def reads(self, item):
        return None if self.after is None else item.decision(self.after)

    async def run(self, item, place):
        self.seen[item.instruction.source_id] = self.reads(item)
        return []


@dataclass(frozen=True)
class DropEnding(RunningBarrier):
    """Sets aside all whose id ends in `ending`, and labels the others."""

    spec: StageBase
    ending: str
    fail: bool = False
    crowds: list[list[str]] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        return f"drop {self.ending}"

    async def decide(self, crowd, place):
        if self.fail:
            raise ParseError("no decision today", raw="")
        items = list(crowd)
        self.crowds.append([item.instruction.source_id for item in items])
        dropped = [item.instruction for item in items if item.instruction.source_id.endswith(self.ending)]
        kept = [item.instruction for item in items if item.instruction not in dropped]
        return [
            decided(place, "inputs", [one.source_id for one in kept]),
            *(set_aside(place, one.id, "ending", self.ending) for one in dropped),
            *(one.model_copy(update={"slice": "D1"}) for one in kept),
        ]


@contextmanager
def opened(desk) -> Iterator[Store]:
    with Store.open(desk.db) as store:
        yield store


async def run(desk, *plan):
    """Progress and reason of a run of this plan."""
    resolved = desk.resolve()
    with opened(desk) as store:
        await take_in(resolved, survey(resolved), store)
        flow = Flow.over(store, resolved, lambda _: list(plan))
        stopped = await flow.run(asyncio.Event(), None)
        return flow.episodes.progress, stopped


def spec(name, branching=False):
    return (BranchingSpec if branching else StageBase)(name=name)


SOURCES = ("sum", "product", "difference", "advice")


async def test_what_a_stage_makes_flows_on_in_the_place_of_its_parent(desk):
    note = Note(spec("note"))
    progress, _ = await run(desk, Twice(spec("twice", True)), note)
    assert set(note.seen) == {f"{source}/{n}" for source in SOURCES for n in (1, 2)}
    assert (progress.done, progress.expected) == (12, 12)


async def test_a_parent_that_is_kept_flows_on_too(desk):
    note = Note(spec("note"))
    progress, _ = await run(desk, Twice(spec("twice", True), keep=True), note)
    assert len(note.seen) == 12
    assert progress.done == progress.expected == 16


async def test_a_barrier_sees_all_in_order_and_what_it_drops_goes_no_further(desk):
    barrier, note = DropEnding(spec("drop"), "/2"), Note(spec("note"), after="drop")
    progress, _ = await run(desk, Twice(spec("twice", True)), barrier, note)
    assert [one.rpartition("/")[0] for one in barrier.crowds[0]][::2] == list(_in_order(desk))
    kept = {f"{source}/1" for source in SOURCES}
    assert set(note.seen) == kept
    assert all(sorted(decision) == sorted(kept) for decision in note.seen.values())
    assert progress.done == progress.expected == 4 + 1 + 4
    with opened(desk) as store:
        found = [store.get(Instruction, id_) for id_ in instructions_of(store, "small", ["twice", "drop", "note"])]
        assert {one.slice for one in found if one.episode} == {"D1"}
        assert {one.reason for one in store.rows(SetAside)} == {"ending"}
        assert not {one.source_id for one in found} & {f"{source}/2" for source in SOURCES}


def _in_order(desk):
    with opened(desk) as store:
        for id_ in instructions_of(store, "small", []):
            yield store.get(Instruction, id_).source_id


async def test_a_second_run_replays_everything(desk):
    async def plan():
        stages = Twice(spec("twice", True)), DropEnding(spec("drop"), "/2"), Note(spec("note"), after="drop")
        return stages, await run(desk, *stages)

    await plan()
    (twice, barrier, note), (progress, _) = await plan()
    assert not twice.seen
    assert not barrier.crowds
    assert not note.seen
    assert progress.replayed == progress.done == progress.expected


async def test_what_a_changed_decision_no_longer_takes_is_retracted(desk):
    await run(desk, DropEnding(spec("drop"), "m"), Note(spec("note")))
    note = Note(spec("note"))
    await run(desk, DropEnding(spec("drop"), "t"), note)
    assert set(note.seen) == {"sum"}, "what stood before is not done again"
    with opened(desk) as store:
        by_source = {one.id: one.source_id for one in store.rows(Instruction)}
        notes = {by_source[one.instruction]: one.status for one in store.rows(Episode, stage="note")}
        assert notes == {"sum": "done", "difference": "done", "advice": "done", "product": "skipped"}
        assert [by_source[one.instruction] for one in store.rows(SetAside)] == ["product"]


async def test_an_item_that_is_set_aside_ends_there(desk):
    note = Note(spec("note"))
    progress, _ = await run(desk, Twice(spec("twice", True), refuse=frozenset({"sum"})), note)
    assert not [one for one in note.seen if one.startswith("sum")]
    assert progress.done == progress.expected
    with opened(desk) as store:
        assert "sum" not in {store.get(Instruction, i).source_id for i in instructions_of(store, "small", ["twice"])}


async def test_a_barrier_that_fails_ends_the_run_and_the_next_goes_on(desk):
    note = Note(spec("note"))
    _, stopped = await run(desk, DropEnding(spec("drop"), "m", fail=True), note)
    assert isinstance(stopped, BarrierError)
    assert "no decision today" in str(stopped)
    assert not note.seen
    with opened(desk) as store:
        assert store.count(Decision, name="drop") == 0


async def test_labels_outlive_a_run_that_reads_the_prompts_again(desk):
    await run(desk, DropEnding(spec("drop"), "m"))
    await run(desk, DropEnding(spec("drop"), "m"))
    with opened(desk) as store:
        assert {one.source_id: one.slice for one in store.rows(Instruction)}["product"] == "D1"


async def test_where_keeps_items_from_a_barrier_and_they_flow_on(desk):
    taken = StageBase.model_validate({"name": "drop", "where": {"skill": "advice"}})
    barrier, note = DropEnding(taken, "m"), Note(spec("note"))
    await run(desk, barrier, note)
    assert barrier.crowds == [["advice"]]
    assert set(note.seen) == set(SOURCES)
