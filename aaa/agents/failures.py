"""Work that failed, as a row."""

from __future__ import annotations

from typing import cast

from aaa.errors import CallError, ParseError, SeatError, WorkError
from aaa.types import Failure, FailureKind, Place


def failure_row(error: WorkError, place: Place, *, step: str, role: str, model: str | None) -> Failure:
    """The row that records an error; `step` is unique in the episode; `model` counts where the error names none."""
    known = error if isinstance(error, CallError | ParseError | SeatError) else None
    return Failure(
        id=place.row("failure", step),
        session=place.session,
        episode=place.episode,
        instruction=place.instruction,
        stage=place.stage,
        step=step,
        role=role,
        kind=_kind(error),
        model=(known and known.model) or model,
        message=str(error),
        raw=error.raw if isinstance(error, CallError | ParseError) else None,
        transient=isinstance(error, CallError) and error.transient,
        call=known and known.call,
    )


def _kind(error: WorkError) -> FailureKind:
    if isinstance(error, CallError):
        return cast(FailureKind, error.kind)  # the tree of errors imports no types; the row checks the value
    if isinstance(error, SeatError):
        return "own_family"
    return "parse_failed" if isinstance(error, ParseError) else "internal"
