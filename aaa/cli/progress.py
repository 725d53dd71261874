"""Progress of a run while it runs: bars that move on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from aaa.cli.output import count, plain

if TYPE_CHECKING:
    from aaa.llm import Fate, Gateway, Outage, Tally
    from aaa.runner import Progress

MOVING_SECONDS = 0.25
"""Between two pictures on a terminal (ours)."""
LINE_SECONDS = 10.0
"""Between two lines elsewhere (ours): a night's log stays readable."""
BAR_WIDTH = 36


class Display:
    """Shows the counters of a run on `console`, as a context manager around the run. `watch` begins it."""

    def __init__(
        self, console: Console, heading: str, stages: Sequence[str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._console, self._heading, self._stages, self._clock = console, heading, stages, clock
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self._begun = clock()
        self._counters: tuple[Progress, Gateway] | None = None
        self._task: asyncio.Task[None] | None = None

    def __enter__(self) -> Display:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._task is not None:
            self._task.cancel()
            self._show()
        if self._live is not None:
            self._live.stop()

    def watch(self, progress: Progress, gateway: Gateway) -> None:
        """Begin to show these counters; called by the run, in its event loop."""
        self._counters, self._begun = (progress, gateway), self._clock()
        if self._live is not None:
            self._live.start()
        else:
            self._console.print(plain(self._heading), soft_wrap=True)
        self._task = asyncio.get_running_loop().create_task(self._follow())

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(LINE_SECONDS if self._live is None else MOVING_SECONDS)
            self._show()

    def _show(self) -> None:
        if self._counters is None:
            return
        progress, gateway = self._counters
        seconds, outages = self._clock() - self._begun, gateway.outages.now()
        if self._live is None:
            self._console.print(plain(line(progress, gateway.tally, seconds, outages)), soft_wrap=True)
        else:
            picture = frame(self._heading, self._stages, progress, gateway.tally, seconds, outages)
            self._live.update(picture, refresh=True)


def frame(
    heading: str,
    stages: Sequence[str],
    progress: Progress,
    tally: Tally,
    seconds: float,
    outages: Sequence[Outage] = (),
) -> Group:
    """One picture: a bar for each stage, then calls, cost, failures, time, and whoever is down."""
    bars = Table.grid(padding=(0, 2))
    items = (progress.expected + progress.skipped) // max(1, len(stages))
    for stage in stages:
        done, expected = progress.stage[stage], items - progress.passed_over[stage]
        bar = ProgressBar(total=max(1, expected), completed=done if expected else 1, width=BAR_WIDTH)
        bars.add_row(Text(stage, style="cyan"), bar, Text(f"{done:,}/{expected:,}"))
    facts = Text(f"{calls(tally)} · {cost(tally)}\n")
    facts.append(failures(progress), style="red" if progress.failures else "")
    facts.append(f" · {times(progress, seconds)}")
    return Group(plain(heading, "bold"), bars, facts, *(plain(down(outage), "red") for outage in outages))


def line(progress: Progress, tally: Tally, seconds: float, outages: Sequence[Outage] = ()) -> str:
    """The same in one line."""
    episodes = f"{progress.finished:,}/{progress.expected:,} episodes"
    facts = (episodes, calls(tally), cost(tally), failures(progress), times(progress, seconds))
    return " · ".join((*facts, *map(down, outages)))


def calls(tally: Tally) -> str:
    """Calls of this run; repeated attempts too, or a server that is down would look like a slow one."""
    again = f", {count(tally.retried, 'attempt')} repeated (last {tally.trouble})" if tally.retried else ""
    return f"{count(tally.made, 'call')} made, {tally.replayed:,} replayed, {tally.failed:,} failed{again}"


FATES: Mapping[Fate, str] = {
    "wait": "calls wait",
    "go_elsewhere": "others are asked instead",
    "fail": "calls fail at once, but for one now and then",
}


def down(outage: Outage) -> str:
    """A model that gives no service, or all of a chain, and what becomes of calls."""
    return f"{outage.model} down for {duration(outage.seconds)} ({outage.kind}): {FATES[outage.fate]}"


def cost(tally: Tally) -> str:
    """Tokens and dollars of this run; a price that nobody knows is said, not guessed."""
    unknown = f" and {count(tally.unpriced, 'call')} of unknown price" if tally.unpriced else ""
    return f"{count(tally.tokens, 'token')} · ${tally.usd:.4f}{unknown}"


def failures(progress: Progress) -> str:
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in sorted(progress.failures.items()))
    return f"failures: {kinds or 'none'}"


def times(progress: Progress, seconds: float) -> str:
    """Time passed, and time left at the pace of the episodes that this run really worked on."""
    worked, left = progress.finished - progress.replayed, progress.expected - progress.finished
    ahead = f", about {duration(left * seconds / worked)} left" if worked and left > 0 else ""
    return f"{duration(seconds)} passed{ahead}"


def duration(seconds: float) -> str:
    """`0:07`, `12:30`, `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
