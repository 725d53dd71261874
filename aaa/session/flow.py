"""How instructions go through the stages: each on its own as far as it can, all together where a barrier decides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial

from aaa.agents import together
from aaa.errors import BarrierError, StopError
from aaa.runner import Episodes, Progress, run_all
from aaa.scenario import StageBase
from aaa.session.instructions import sampled
from aaa.session.item import Item, Track
from aaa.session.resolved import Resolved
from aaa.session.stages import Crowd, RunningBarrier, RunningStage, takes
from aaa.session.trained import models_of
from aaa.store import Store
from aaa.types import (
    EVERYTHING,
    Decision,
    Episode,
    Failure,
    Instruction,
    Place,
    SessionRecord,
    SetAside,
    content_hash,
    decision_id,
    row_id,
)

BATCHED_AT_ONCE = 4096
"""Items that may wait for batches together (ours): a large batch, and some MB of memory."""

Plan = Sequence[RunningStage | RunningBarrier]
"""The stages of a scenario, in order."""
Planner = Callable[[Resolved], Plan]


@dataclass(frozen=True)
class Flow:
    """Takes every instruction of a session through its plan."""

    store: Store
    episodes: Episodes
    resolved: Resolved
    planner: Planner
    plan: Plan
    fingerprints: Mapping[str, str]
    """Of its stages, by name."""
    live: asyncio.Semaphore
    """Places for live episodes; those that wait for a batch need none."""
    _chosen: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `choose` stages decided, by name: every item asks, and a decision is as large as the session."""

    @classmethod
    def over(cls, store: Store, resolved: Resolved, planner: Planner) -> Flow:
        places = asyncio.Semaphore(resolved.scenario.episodes_at_once)
        plan = planner(resolved)
        new = store.count(Episode, session=resolved.session) == 0
        return cls(store, Episodes(store, Progress(), new), resolved, planner, plan, _fingerprints(plan), places)

    async def run(self, stop: asyncio.Event, only: frozenset[str] | None) -> StopError | None:
        """Follow all instructions to the end, or only those with these source ids; returns why it stopped early."""
        ids = sampled(self.store, self.resolved.session)
        if only is not None:
            wanted = {row_id("instruction", self.resolved.session, source) for source in only}
            ids = [id_ for id_ in ids if id_ in wanted]
        self.episodes.progress.expected = len(ids) * self._per_item(0) + len(self.plan) - self._per_item(0)
        try:
            await self._run([Track(id_) for id_ in ids], stop)
        except StopError as stopped:
            return stopped
        return None

    async def _run(self, tracks: Sequence[Track], stop: asyncio.Event) -> None:
        """Barrier after barrier; each may put other models in the place of the scenario's."""
        flow, begin = self, 0
        for at, barrier in enumerate(self.plan):
            if isinstance(barrier, RunningBarrier):
                tracks = await flow._through(tracks, range(begin, at), stop)
                tracks = await flow._decide(at, tracks)
                flow, begin = flow._with_models_of(barrier.spec.name), at + 1
        await flow._through(tracks, range(begin, len(self.plan)), stop, last=True)

    def _with_models_of(self, stage: str) -> Flow:
        """The flow after a decision."""
        taught = models_of(self.store.get(Decision, decision_id(self.resolved.session, stage)))
        if not taught:
            return self
        resolved = replace(self.resolved, models={**self.resolved.models, **taught})
        plan = self.planner(resolved)
        return replace(self, resolved=resolved, plan=plan, fingerprints=_fingerprints(plan))

    async def _through(
        self, tracks: Sequence[Track], part: range, stop: asyncio.Event, *, last: bool = False
    ) -> list[Track]:
        """Where the items stand after these stages, in order; after the `last` nobody asks, and memory stays flat."""
        arrived: dict[int, list[Track]] = {}

        async def follow(numbered: tuple[int, Item]) -> None:
            number, item = numbered
            ends = await self._follow(item, part)
            if not last:
                arrived[number] = ends

        items = enumerate(Item.all_at(self.store, tracks))
        await run_all(items, follow, at_once=self._at_once(len(tracks)), stop=stop)
        return [track for number in sorted(arrived) for track in arrived[number]]

    def _at_once(self, items: int) -> int:
        """Items to follow at once: more than there are places for live episodes where some wait for batches."""
        places = self.resolved.scenario.episodes_at_once
        batched = any(stage.spec.mode == "batch" for stage in self.plan)
        return max(places, min(items, BATCHED_AT_ONCE)) if batched else places

    async def _follow(self, item: Item, part: range) -> list[Track]:
        """Where the item, or what was made of it, stands after these stages."""
        for at in part:
            stage = self.plan[at]
            assert isinstance(stage, RunningStage)
            place = Place.of(self.resolved.session, stage.spec.name, item.instruction.id)
            if not await self._pass(stage, item, place) or not stage.spec.branches:
                continue
            onward = await self._onward(stage, item, place, at)
            if [one.instruction.id for one in onward] != [item.instruction.id]:
                rest = range(at + 1, part.stop)
                return [track for ends in await together(self._follow(one, rest) for one in onward) for track in ends]
        return [item.track()]

    async def _pass(self, stage: RunningStage, item: Item, place: Place) -> bool:
        """One episode; False where the stage has nothing to do with the item."""
        spec = stage.spec
        reason = stage.missing(item) if self._takes(spec, item) else "left out by `where`"
        if reason is not None:
            await self.episodes.skip(place, reason)
            return False
        read = stage.reads(item)
        fingerprint = content_hash([self.fingerprints[spec.name], item.digest, *([] if read is None else [read])])
        async with self.live if spec.mode == "live" else nullcontext():
            made: list[SessionRecord] | None = None

            async def work() -> list[SessionRecord]:
                nonlocal made
                made = [*await stage.run(item, place)]
                return made

            item.add(await self.episodes.run(place, fingerprint, work, stage.broken_off(item, place)), made)
        if spec.labels:
            item.label()
        return True

    async def _onward(self, stage: RunningStage, item: Item, place: Place, at: int) -> list[Item]:
        """The items that flow on after a stage that branches."""
        session, later = self.resolved.session, self._per_item(at + 1)
        aside = next(self.store.rows(SetAside, session=session, episode=place.episode), None)
        if aside is not None:
            await self._end(item.instruction.id, at, f"set aside: {aside.reason}")
            return []
        made = list(self.store.rows(Instruction, session=session, episode=place.episode))
        self.episodes.progress.expected += len(made) * later
        children = [Item.begin(self.store, instruction) for instruction in made]
        if stage.keeps(item, made):
            return [item, *children]
        await self._end(item.instruction.id, at, "replaced by what was made of it")
        return children

    async def _end(self, instruction: str, at: int, reason: str) -> None:
        """An instruction goes no further: what an earlier run made of it in later stages goes too."""
        for stage in self.plan[at + 1 :]:
            if isinstance(stage, RunningStage):
                place = Place.of(self.resolved.session, stage.spec.name, instruction)
                if self.store.get(Episode, place.episode) is None:
                    self.episodes.progress.expected -= 1
                else:
                    await self.episodes.skip(place, reason)

    async def _decide(self, at: int, tracks: Sequence[Track]) -> list[Track]:
        """Where items stand after a barrier: those it set aside are gone. Raises `BarrierError`."""
        barrier, session = self.plan[at], self.resolved.session
        assert isinstance(barrier, RunningBarrier)
        place = Place.of(session, barrier.spec.name, EVERYTHING)
        items = Item.all_at(self.store, tracks)
        taken = [track for track, item in zip(tracks, items, strict=True) if self._takes(barrier.spec, item)]
        crowd = Crowd(self.store, self.resolved, taken)
        read, reached = barrier.reads(crowd), [[track.instruction, track.digest] for track in crowd.tracks]
        inputs = content_hash([self.fingerprints[barrier.spec.name], reached, *([] if read is None else [read])])
        episode = await self.episodes.run(place, inputs, partial(barrier.decide, crowd, place))
        if episode.status == "failed":
            failures = self.store.rows(Failure, session=session, episode=place.episode)
            why = "; ".join(failure.message for failure in failures)
            raise BarrierError(f"Stage {barrier.spec.name!r} could not decide: {why}. Run again to try again.")
        rows = self.store.rows(SetAside, session=session, episode=place.episode)
        aside = {row.instruction: row for row in rows if not row.answer}
        for instruction, row in aside.items():
            await self._end(instruction, at, f"set aside: {row.reason}")
        return [track for track in tracks if track.instruction not in aside]

    def _takes(self, spec: StageBase, item: Item) -> bool:
        """Whether a stage takes an item: what its `where` says of the instruction, and what a `choose` stage chose."""
        where = spec.where
        if not takes(where, self.resolved.scenario.seed, spec.name, item.instruction):
            return False
        if where.chosen is None:
            return True
        names = [stage.spec.name for stage in self.plan]
        return item.stems_from(self._chosen_by(where.chosen), names[names.index(where.chosen) + 1 :])

    def _chosen_by(self, stage: str) -> frozenset[str]:
        """Ids of the instructions that a `choose` stage chose."""
        if stage not in self._chosen:
            decision = self.store.get(Decision, decision_id(self.resolved.session, stage))
            value = None if decision is None else decision.value
            self._chosen[stage] = frozenset(value if isinstance(value, dict) else ())
        return self._chosen[stage]

    def _per_item(self, begin: int) -> int:
        """How many stages from here on take each item by itself."""
        return sum(isinstance(stage, RunningStage) for stage in self.plan[begin:])


def _fingerprints(plan: Plan) -> dict[str, str]:
    return {stage.spec.name: stage.fingerprint for stage in plan}
