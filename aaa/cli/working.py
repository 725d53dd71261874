"""Work that a command does: keys from `.env`, progress on stderr, and a clean end on Ctrl-C."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from aaa.cli.interrupt import run_interruptibly
from aaa.cli.output import remarks, say
from aaa.cli.progress import Display

if TYPE_CHECKING:
    from aaa.session.run import Watch

T = TypeVar("T")


def worked(work: Callable[[asyncio.Event, Watch | None], Coroutine[Any, Any, T]], heading: str, *, quiet: bool) -> T:
    """Do it with progress on stderr (or `quiet`), stoppable by signals."""
    from aaa.llm import read_env

    read_env(Path(".env"))
    display = Display(remarks(), heading, [])

    async def shown(stop: asyncio.Event) -> T:
        if quiet:
            return await work(stop, None)
        with display:
            return await work(stop, display.watch)

    return run_interruptibly(shown, (lambda _: None) if quiet else say)
