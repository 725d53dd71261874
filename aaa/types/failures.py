"""What does not go on: instructions set aside, and failed episodes."""

from __future__ import annotations

from aaa.types.base import SessionRecord
from aaa.types.calls import FailureKind


class SetAside(SessionRecord):
    """An instruction that a stage took out of the session; later stages and selections do not see it."""

    episode: str
    instruction: str
    stage: str
    reason: str
    """One word, such as `near_duplicate`; each stage documents its own."""
    detail: str = ""


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
