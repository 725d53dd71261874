"""Ctrl-C and SIGTERM: asked once, the session ends by itself; Ctrl-C again cuts it off; a third ends the process."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from aaa.cli import collector
from aaa.errors import InterruptedSessionError

T = TypeVar("T")


def run_interruptibly(work: Callable[[asyncio.Event], Coroutine[Any, Any, T]], say: Callable[[str], None]) -> T:
    """Run `work` with the event that a signal sets; `say` tells the user that it was heard.

    Raises `InterruptedSessionError` if it was cut off.
    """
    collector.take_up()
    with asyncio.Runner(loop_factory=quick_loop()) as runner:
        return runner.run(_interruptible(work, say))


def quick_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """How to make uvloop's event loop, which spares an eighth of the CPU of a call; Windows has none."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _interruptible(work: Callable[[asyncio.Event], Coroutine[Any, Any, T]], say: Callable[[str], None]) -> T:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    task = loop.create_task(work(stop))

    def end_soon() -> None:
        if not stop.is_set():
            stop.set()
            say("Stopping when the work in flight is done. Ctrl-C stops at once.")

    def on_ctrl_c() -> None:
        if stop.is_set():
            loop.remove_signal_handler(signal.SIGINT)  # from here on Ctrl-C does what it does to any process
            task.cancel()
        end_soon()

    loop.add_signal_handler(signal.SIGINT, on_ctrl_c)
    loop.add_signal_handler(signal.SIGTERM, end_soon)
    try:
        return await task
    except asyncio.CancelledError:
        raise InterruptedSessionError(
            "Stopped at once. All that was committed is kept; run the same command again to go on."
        ) from None
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        loop.remove_signal_handler(signal.SIGTERM)
