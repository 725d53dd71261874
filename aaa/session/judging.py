"""A panel at work on matches that stand already: what judging a session again and judging a file have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from aaa.agents import together
from aaa.errors import StopError, UsageError
from aaa.judge import compare
from aaa.llm import Gateway, missing_key
from aaa.runner import Episodes, Progress, open_gateway, run_all
from aaa.scenario import BattleStage, Budget, PanelFile, Where
from aaa.session.audit import SessionAudit
from aaa.session.cast import Cast
from aaa.session.resolve import Resolved
from aaa.session.run import Watch
from aaa.session.stages import Kit
from aaa.session.stages.base import comparing_prompts, fingerprint
from aaa.session.wall_time import WallTime
from aaa.store import Store
from aaa.types import Answer, Instruction, Place, SessionRecord, Verdict

T = TypeVar("T")
STAGE = "pairs"
"""Name of the one stage of a file of pairs."""


@dataclass(frozen=True)
class JudgeOptions:
    """How to let a panel judge."""

    db: Path | str
    where: Where = field(default_factory=Where)
    """Which instructions of a session."""
    session: str | None = None
    """Name of the session that a file of pairs becomes; else that of the file and the panel."""
    stop: asyncio.Event | None = None
    watch: Watch | None = None


@dataclass(frozen=True)
class Work:
    """What a panel did in one run. `stopped` is the reason it ended early, or None."""

    progress: Progress
    gateway: Gateway
    stopped: StopError | None


@dataclass(frozen=True)
class Judged:
    """What a panel found, in this run and those before."""

    session: str
    panel: str
    work: Work
    verdicts: tuple[Verdict, ...]
    audit: SessionAudit


async def work_through(
    store: Store,
    resolved: Resolved,
    items: Iterable[T],
    follow: Callable[[Kit, Episodes, T], Awaitable[None]],
    options: JudgeOptions,
) -> Work:
    """Let `follow` work on each item, many at once, with journal and budget."""
    scenario, stop = resolved.scenario, options.stop or asyncio.Event()
    async with open_gateway(store, scenario, resolved.session, stop=stop) as gateway:
        kit = Kit(Cast(resolved, gateway), resolved.prompts, scenario.seed, scenario.sandbox)
        episodes = Episodes(store, Progress())
        if options.watch is not None:
            options.watch(episodes.progress, gateway)
        stopped: StopError | None = None
        with WallTime(scenario.budget, stop) as wall:
            try:
                flow = partial(follow, kit, episodes)
                await run_all(items, flow, at_once=scenario.episodes_at_once, stop=stop)
            except StopError as error:
                stopped = wall.reason(error)
        return Work(episodes.progress, gateway, stopped)


@dataclass(frozen=True)
class Sitting:
    """A panel as it sits: the group of the cast, and a stage that says how it compares."""

    spec: BattleStage

    @classmethod
    def of(cls, group: str, panel: PanelFile, *, shown: bool) -> Sitting:
        """The sitting that a panel file asks for; `shown` says whether references are, where the file does not."""
        reference = panel.reference or ("show" if shown else "hide")
        return cls(BattleStage(name=STAGE, judges=group, reference=reference, **panel.procedure.model_dump()))

    def fingerprint(self, kit: Kit) -> str:
        """Hash of all that its verdicts depend on beside the texts."""
        return fingerprint(kit, self.spec, [self.spec.judges], comparing_prompts(self.spec))

    async def compare(
        self, kit: Kit, instruction: Instruction, pairs: Iterable[tuple[Answer, Answer]], place: Place
    ) -> list[SessionRecord]:
        """The rows of all matches; where a verifier decides, the panel votes too, as a measurement of its jurors."""
        panel = kit.cast.panel(self.spec.judges, place, instruction)
        found = await together(
            compare(
                instruction,
                left,
                right,
                panel,
                kit.prompts,
                seed=kit.seed,
                place=place,
                procedure=self.spec,
                poll_verified=True,
                show_reference=self.spec.reference == "show",
            )
            for left, right in pairs
        )
        return [row for one in found for row in (one.verdict, *one.judgments, *one.failures)]


def within_budget(resolved: Resolved, panel: PanelFile, store: Store) -> Resolved:
    """The panel's own budget on top of what the session has spent already; without one, the session's stays."""
    own = panel.budget
    if own == Budget():
        return resolved
    spent = store.spent(resolved.session)
    already = {"usd": spent.usd, "calls": spent.calls, "tokens": spent.tokens}
    limits = {name: getattr(own, name) for name in already}
    raised = {name: None if limit is None else limit + already[name] for name, limit in limits.items()}
    scenario = resolved.scenario.model_copy(update={"budget": own.model_copy(update=raised)})
    return replace(resolved, scenario=scenario)


def refuse_missing_keys(resolved: Resolved, panel: str) -> None:
    """Raise `UsageError` where a juror has no key."""
    missing = {model.name: key for model in resolved.group(panel) if (key := missing_key(model)) is not None}
    if missing:
        lines = ", ".join(f"{name} needs {key}" for name, key in missing.items())
        raise UsageError(f"API keys are missing: {lines}. Set them in the environment or in `.env`.")
