"""A session from its scenario to its exported files; run again, it goes on where it stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aaa.errors import GateError, StopError, UsageError
from aaa.llm import BatchPolicy, Gateway
from aaa.runner import Episodes, Progress, open_gateway, run_all
from aaa.session.cast import Cast
from aaa.session.changes import changes, refuse_changes, session_row
from aaa.session.chosen import Exported, export, select_all
from aaa.session.intake import Intake, edited, part_of, sampled, survey, take_in
from aaa.session.item import Item
from aaa.session.records import refuse_unjudged
from aaa.session.resolve import Resolved
from aaa.session.stages import Kit, RunningStage, running_stages, takes
from aaa.session.validate import validate
from aaa.session.wall_time import WallTime
from aaa.store import Store
from aaa.types import Instruction, Place, Session, content_hash, row_id

Watch = Callable[[Progress, Gateway], None]

BATCHED_AT_ONCE = 4096
"""Items that may wait for batches together (ours): a large batch, and some MB of memory."""


@dataclass(frozen=True)
class RunOptions:
    """How to run, beside what the scenario says."""

    db: Path | str
    accept_changes: bool = False
    stop: asyncio.Event | None = None
    """Set from outside to stop after the calls in flight."""
    watch: Watch | None = None
    """Called once, when work begins, with the live counters."""
    batching: BatchPolicy | None = None
    """How patiently batches are gathered and waited for."""
    only: frozenset[str] | None = None
    """Work on these prompts (source ids) and leave the session unfinished: it adds them and exports nothing."""


@dataclass(frozen=True)
class RunResult:
    """How a run ended. `stopped` is the reason it ended early, or None; `shut` the gate that stopped the exports."""

    session: str
    progress: Progress
    gateway: Gateway
    exports: tuple[Exported, ...]
    stopped: StopError | None
    shut: GateError | None = None

    def failed_share(self) -> float:
        """Share of the finished episodes that failed."""
        return self.progress.failed / max(1, self.progress.finished)


async def run_session(resolved: Resolved, options: RunOptions) -> RunResult:
    """Run every stage over every prompt, select, and export.

    Raises `UsageError` before anything is written if the scenario cannot work (missing keys included), or differs
    from the one the session was begun with; `StoreError` if the store fails. A `StopError` (budget, time, interruption)
    ends the run early: what is done is kept, selected and returned with the reason.
    """
    _refuse_missing_keys(resolved)
    intake = survey(resolved)
    stop = options.stop or asyncio.Event()
    with Store.open(options.db) as store, store.lock(resolved.session):
        async with open_gateway(
            store, resolved.scenario, resolved.session, stop=stop, batching=options.batching
        ) as gateway:
            kit = Kit(Cast(resolved, gateway), resolved.prompts, resolved.scenario.seed, resolved.scenario.sandbox)
            flow = _Flow.over(store, resolved, running_stages(resolved.scenario, kit))
            await _begin(flow, intake, options)
            if options.watch is not None:
                options.watch(flow.episodes.progress, gateway)
            with WallTime(resolved.scenario.budget, stop) as wall:
                stopped = wall.reason(await flow.run(stop, options.only))
            exports, shut = await _finish(flow, options, whole=stopped is None and options.only is None)
            return RunResult(resolved.session, flow.episodes.progress, gateway, exports, stopped, shut)


def _refuse_missing_keys(resolved: Resolved) -> None:
    missing = validate(resolved).missing_keys
    if missing:
        lines = ", ".join(f"{name} needs {key}" for name, key in missing.items())
        raise UsageError(
            f"API keys are missing: {lines}. Set them in the environment or in `.env`, or try `--rehearse`."
        )


async def _begin(flow: _Flow, intake: Intake, options: RunOptions) -> None:
    """Write what the session is made of, unless it differs from what it was begun with."""
    store, resolved = flow.store, flow.resolved
    row = session_row(resolved, flow.stages, store.get(Session, resolved.session))
    _refuse_unjudged_exports(resolved, row)
    if not options.accept_changes:
        _refuse_changed(store, resolved, row, edited(resolved, intake, store))
    if options.only is not None:
        intake = part_of(intake, options.only, store, resolved.session)
    await store.write(row)
    await take_in(resolved, intake, store)


async def _finish(flow: _Flow, options: RunOptions, *, whole: bool) -> tuple[tuple[Exported, ...], GateError | None]:
    """Select anew, and write the exports that the gates let pass; `whole` says that all stages came to their end."""
    store, resolved = flow.store, flow.resolved
    if whole:
        row = session_row(resolved, flow.stages, store.get(Session, resolved.session))
        await store.write(row.model_copy(update={"complete": True}))
    await select_all(store, resolved.session, resolved.scenario)
    exports, shut = [], None
    for spec in resolved.scenario.export if options.only is None else ():
        try:
            exports.append(export(store, resolved.session, spec.selection, spec.format, Path(spec.to)))
        except GateError as error:
            shut = error
    return tuple(exports), shut


def _refuse_unjudged_exports(resolved: Resolved, session: Session) -> None:
    for spec in resolved.scenario.export:
        refuse_unjudged(session, resolved.scenario, spec.selection)


def _refuse_changed(store: Store, resolved: Resolved, new: Session, edited_prompts: list[str]) -> None:
    old = store.get(Session, resolved.session)
    if old is None:
        return
    lines = changes(old, new)
    if edited_prompts:
        lines.append(f"{len(edited_prompts)} prompts were edited: {', '.join(edited_prompts[:5])}")
    refuse_changes(store, old, new, lines)


@dataclass(frozen=True)
class _Flow:
    """Follows every instruction through the stages; one is never held up by another."""

    store: Store
    episodes: Episodes
    stages: list[RunningStage]
    resolved: Resolved
    live: asyncio.Semaphore
    """Places for live episodes; those that wait for a batch need none."""

    @classmethod
    def over(cls, store: Store, resolved: Resolved, stages: list[RunningStage]) -> _Flow:
        places = asyncio.Semaphore(resolved.scenario.episodes_at_once)
        return cls(store, Episodes(store, Progress()), stages, resolved, places)

    async def run(self, stop: asyncio.Event, only: frozenset[str] | None) -> StopError | None:
        ids = sampled(self.store, self.resolved.session)
        if only is not None:
            wanted = {row_id("instruction", self.resolved.session, source) for source in only}
            ids = [id_ for id_ in ids if id_ in wanted]
        self.episodes.progress.expected = len(ids) * len(self.stages)
        try:
            await run_all(ids, self._follow, at_once=self._at_once(len(ids)), stop=stop)
        except StopError as stopped:
            return stopped
        return None

    def _at_once(self, items: int) -> int:
        """Items to follow at once: more than there are places for live episodes where some wait for batches."""
        places = self.resolved.scenario.episodes_at_once
        batched = any(stage.spec.mode == "batch" for stage in self.stages)
        return max(places, min(items, BATCHED_AT_ONCE)) if batched else places

    async def _follow(self, id_: str) -> None:
        instruction = self.store.get(Instruction, id_)
        assert instruction is not None, id_
        item = Item.begin(self.store, instruction)
        for stage in self.stages:
            spec = stage.spec
            place = Place.of(self.resolved.session, spec.name, instruction.id)
            left_out = not takes(spec.where, self.resolved.scenario.seed, spec.name, instruction)
            reason = "left out by `where`" if left_out else stage.missing(item)
            if reason is not None:
                await self.episodes.skip(place, reason)
                continue
            fingerprint = content_hash([stage.fingerprint, item.digest])
            async with self.live if spec.mode == "live" else nullcontext():
                item.add(await self.episodes.run(place, fingerprint, partial(stage.run, item, place)))
