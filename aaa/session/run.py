"""A session from its scenario to its exported files; run again, it goes on where it stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from aaa.errors import GateError, StopError
from aaa.llm import BatchPolicy, Gateway
from aaa.runner import Progress, open_gateway
from aaa.session.cast import Cast
from aaa.session.changes import refuse_changes, session_row
from aaa.session.flow import Flow
from aaa.session.intake import Intake, edited, part_of, survey, take_in
from aaa.session.ready import refuse_unready
from aaa.session.resolved import Resolved
from aaa.session.selections import refuse_unjudged
from aaa.session.stages import Kit, RunningBarrier, RunningStage, running_stages
from aaa.session.wall_time import WallTime
from aaa.store import Store
from aaa.types import Session

if TYPE_CHECKING:
    from aaa.session.exporting import Exported

Watch = Callable[[Progress, Gateway], None]


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

    Raises `UsageError` before anything is written if the scenario cannot work (missing keys and prices included), or
    differs from the one the session was begun with; `StoreError` if the store fails. A `StopError` (budget, time,
    interruption) ends the run early: what is done is kept, selected and returned with the reason.
    """
    refuse_unready(resolved)
    intake = survey(resolved)
    stop = options.stop or asyncio.Event()
    with Store.open(options.db) as store, store.lock(resolved.session):
        async with open_gateway(
            store, resolved.scenario, resolved.session, stop=stop, batching=options.batching
        ) as gateway:
            flow = Flow.over(store, resolved, partial(_plan, gateway))
            await _begin(flow, intake, options)
            if options.watch is not None:
                options.watch(flow.episodes.progress, gateway)
            with WallTime(resolved.scenario.budget, stop) as wall:
                stopped = wall.reason(await flow.run(stop, options.only))
            exports, shut = await _finish(flow, options, whole=stopped is None and options.only is None)
            return RunResult(resolved.session, flow.episodes.progress, gateway, exports, stopped, shut)


def _plan(gateway: Gateway, resolved: Resolved) -> list[RunningStage | RunningBarrier]:
    kit = Kit(Cast(resolved, gateway), resolved.prompts, resolved.scenario.seed, resolved.scenario.sandbox)
    return running_stages(resolved.scenario, kit)


async def _begin(flow: Flow, intake: Intake, options: RunOptions) -> None:
    """Write what the session is made of, unless it differs from what it was begun with."""
    store, resolved = flow.store, flow.resolved
    row = session_row(resolved, flow.plan, store.get(Session, resolved.session))
    _refuse_unjudged_exports(resolved, row)
    if not options.accept_changes:
        refuse_changes(store, row, resolved.prompts, edited(resolved, intake, store))
    if options.only is not None:
        intake = part_of(intake, options.only, store, resolved.session)
    await store.write(row)
    await take_in(resolved, intake, store)


async def _finish(flow: Flow, options: RunOptions, *, whole: bool) -> tuple[tuple[Exported, ...], GateError | None]:
    """Select anew, and write the exports that the gates let pass; `whole` says that all stages came to their end."""
    from aaa.session.chosen import select_all  # heavy

    store, resolved = flow.store, flow.resolved
    if whole:
        row = session_row(resolved, flow.plan, store.get(Session, resolved.session))
        await store.write(row.model_copy(update={"complete": True}))
    await select_all(store, resolved.session, resolved.scenario)
    return ((), None) if options.only is not None else _export_all(store, resolved)


def _export_all(store: Store, resolved: Resolved) -> tuple[tuple[Exported, ...], GateError | None]:
    """The scenario's exports; the judging behind them is audited once."""
    from aaa.session.audit import Audits  # heavy
    from aaa.session.exporting import ExportOptions, export  # heavy

    session = store.get(Session, resolved.session)
    assert session is not None, resolved.session
    exports, shut, audits = [], None, Audits(store, session)
    for spec in resolved.scenario.export:
        names = ("reasoning", "redact", "slice", "test_share", "terms", "card")
        options = ExportOptions(**{name: getattr(spec, name) for name in names})
        try:
            exports.append(export(store, session.id, spec.selection, spec.format, Path(spec.to), options, audits))
        except GateError as error:
            shut = error
    return tuple(exports), shut


def _refuse_unjudged_exports(resolved: Resolved, session: Session) -> None:
    for spec in resolved.scenario.export:
        refuse_unjudged(session, resolved.scenario, spec.selection)
