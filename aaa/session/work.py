"""Work beside the stages of a scenario, with journal and budget: panels that judge again, files, methods."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from aaa.errors import StopError
from aaa.llm import Gateway
from aaa.runner import Episodes, Progress, open_gateway, run_all
from aaa.scenario import Where
from aaa.session.cast import Cast
from aaa.session.resolved import Resolved
from aaa.session.run import Watch
from aaa.session.stages import Kit
from aaa.session.wall_time import WallTime
from aaa.store import Store

T = TypeVar("T")


@dataclass(frozen=True)
class WorkOptions:
    """Where work is kept, on what it is done, and who watches it."""

    db: Path | str
    where: Where = field(default_factory=Where)
    """Which instructions, where those of a session are worked on."""
    session: str | None = None
    """Name of the session that a file becomes; else one made of the file's name."""
    stop: asyncio.Event | None = None
    watch: Watch | None = None


@dataclass(frozen=True)
class Work:
    """What was done in one run. `stopped` is the reason it ended early, or None."""

    progress: Progress
    gateway: Gateway
    stopped: StopError | None


async def work_through(
    store: Store,
    resolved: Resolved,
    items: Iterable[T],
    follow: Callable[[Kit, Episodes, T], Awaitable[None]],
    options: WorkOptions,
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
