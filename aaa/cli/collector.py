"""When Python looks for cycles of objects that nobody needs: set by the command line, never by the library.

Python looks whenever 700 more objects were made than freed, and now and then through all there are. Imports and types
make 250,000 that stay to the end, and a session makes few cycles: at Python's own numbers, looking takes a fifth of a
start up to its first call, and an eighth of a whole small session.
"""

from __future__ import annotations

import atexit
import gc

STARTING = (1_000_000, 10, 10)
"""Thresholds while a command is imported: none makes so many objects for that. Ours; a bound of some 100 MB."""
WORKING = (20_000, 10, 10)
"""Thresholds while it works: some MB of cycles may wait. Ours."""


def hold_back() -> None:
    """Begin a process that will import much; at its end, Python need not look through all of that a last time."""
    gc.set_threshold(*STARTING)
    atexit.register(gc.freeze)


def take_up() -> None:
    """Begin the work: what is there now stays, and is not looked through again."""
    gc.freeze()
    gc.set_threshold(*WORKING)
