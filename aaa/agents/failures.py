"""Work that failed, as a row."""

from __future__ import annotations

from aaa.errors import CallError, ParseError, WorkError
from aaa.types import Failure, FailureKind, Place


def failure_row(error: WorkError, place: Place, *, step: str, role: str, model: str | None) -> Failure:
    """The row that records an error; `step` is unique in the episode, and `model` whom it concerns."""
    return Failure(
        id=place.row("failure", step),
        session=place.session,
        episode=place.episode,
        instruction=place.instruction,
        stage=place.stage,
        step=step,
        role=role,
        kind=_kind(error),
        model=getattr(error, "model", None) or model,
        message=str(error),
        raw=getattr(error, "raw", None),
        transient=isinstance(error, CallError) and error.transient,
        call=getattr(error, "call", None),
    )


def _kind(error: WorkError) -> FailureKind:
    if isinstance(error, CallError):
        return error.kind
    return "parse_failed" if isinstance(error, ParseError) else "internal"
