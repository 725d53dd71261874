"""One juror's reading, whatever comes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aaa.agents import Agent, failure_row
from aaa.errors import SeatError, WorkError
from aaa.types import Failure, Judgment, Place


async def judged(
    juror: Agent,
    place: Place,
    step: str,
    reading: Callable[[], Awaitable[Judgment]],
    admitted: Callable[[Judgment, Agent], bool],
) -> Judgment | Failure:
    """The judgment, or the row that says why this juror gave none: one juror must not cost the panel its verdict.

    `admitted` says whether a reading counts, now that it is known who gave it.
    """
    try:
        judgment = await reading()
        if not admitted(judgment, juror):
            raise SeatError(
                f"{juror.name!r} gave no service, and {judgment.answered_by!r} of family {judgment.family!r} judged in "
                f"its place, which would unbalance the panel: the reading does not count. Give {juror.name!r} a "
                "fallback of its own family or of none that competes, or set `own_family: allow`.",
                model=judgment.answered_by,
                call=judgment.call,
            )
        return judgment
    except WorkError as error:
        return failure_row(error, place, step=step, role=juror.role, model=juror.name)
