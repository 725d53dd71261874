"""What does not go on: instructions set aside, and failed episodes."""

from __future__ import annotations

from aaa.types.base import SessionRecord
from aaa.types.calls import FailureKind


class SetAside(SessionRecord):
    """An instruction that a stage took out of the session: later stages and selections do not see it. Or an answer:
    selections do not take it."""

    episode: str
    instruction: str
    stage: str
    reason: str
    """One word, such as `near_duplicate`; each stage documents its own."""
    detail: str = ""
    answer: str = ""
    """The answer, by id; empty where it is the instruction."""
    against: str = ""
    """What it was held against: what was kept in its place, or the row of a benchmark, by id."""
    score: float | None = None
    """How like the two are, in 0..1, where that was measured."""


class Failure(SessionRecord):
    """An episode or a call in it that did not work."""

    episode: str
    instruction: str
    stage: str
    step: str
    role: str
    kind: FailureKind
    model: str | None = None
    message: str
    raw: str | None = None
    """The raw reply, where there was one."""
    transient: bool
    """Whether the next run tries again."""
    call: str | None = None
