"""One juror's reading, whatever comes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aaa.agents import Agent, failure_row
from aaa.errors import WorkError
from aaa.types import Failure, Judgment, Place


async def judged(
    juror: Agent, place: Place, step: str, reading: Callable[[], Awaitable[Judgment]]
) -> Judgment | Failure:
    """The judgment, or the row that says why this juror gave none: one juror must not cost the panel its verdict."""
    try:
        return await reading()
    except WorkError as error:
        return failure_row(error, place, step=step, role=juror.role, model=juror.name)
