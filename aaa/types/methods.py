"""The history of an evolving method that is itself optimised (Auto Evol-Instruct)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aaa.types.base import SessionRecord, Value

MethodFault = Literal[
    "unchanged",
    "chatter",
    "lost_input",
    "too_long",
    "too_easy",
    "stagnant",
    "unqualified",
    "asks_back",
    "refusal",
]
"""What is wrong with an evolved instruction (the first five), or shows in an answer to it."""
MethodIssue = Literal[
    "uneven",
    "unrealistic",
    "changed_task",
    "contradiction",
    "unclear",
    "padding",
    "easier",
    "lost_input",
    "answered",
    "chatter",
    "too_long",
    "unchanged",
]
"""Weaknesses of a method, by what they do to instructions: the taxonomy of Auto Evol-Instruct (arXiv 2406.00770) in our
words, and what AAA's own checks see."""


class MethodTally(Value):
    """How a method fared on the instructions of a set."""

    method: str
    """Content hash of its text."""
    tried: int
    failed: int
    faults: dict[MethodFault, int] = Field(default_factory=dict)
    missing: dict[str, int] = Field(default_factory=dict)
    """Instructions that could not be tried, by kind of failure; they are compared with nothing."""

    @property
    def rate(self) -> float:
        """Share of the tried that failed."""
        return self.failed / max(1, self.tried)


class MethodCandidate(MethodTally):
    """A method that might take the place of the current one, compared with it on the same instructions."""

    text: str
    better: int
    """Instructions on which it did not fail, and the current method did."""
    worse: int
    """The other way round."""
    p_value: float
    """One-sided exact test that it fails no less often than the current method."""


class NamedIssue(Value):
    """A weakness that the optimiser named."""

    issue: MethodIssue
    words: str


class MethodStep(SessionRecord):
    """One step of the optimisation: how the current method fared, what it lacks, and what was tried in its place."""

    episode: str
    number: int
    current: MethodTally
    """On the dev set."""
    text: str
    """Of the current method."""
    issues: tuple[NamedIssue, ...] = ()
    """Named from a minibatch of the optimisation set."""
    candidates: tuple[MethodCandidate, ...] = ()
    level: float
    """The p-value that a candidate had to reach: the level of the whole run over its steps and candidates."""
    accepted: int | None = None
    """Index of the candidate that took the current method's place."""
    ended: str | None = None
    """Why this was the last step, where it was."""
