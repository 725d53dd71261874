"""Worked answers read step by step: where single jurors find the first mistake, and what a panel makes of it."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from aaa.types.base import SessionRecord, Value

StepOutcome = Literal["decided", "split", "contradicted", "no_quorum", "too_few_steps", "too_many_steps"]
"""`contradicted`: too few jurors found a step wrong in an answer whose result a verifier failed."""


def _in_order(spans: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    places = [place for span in spans for place in span]
    if any(before > after for before, after in pairwise([0, *places])) or any(start == end for start, end in spans):
        raise ValueError(f"steps {list(spans)} are empty, overlap or are out of order")
    return spans


Steps = Annotated[tuple[tuple[int, int], ...], AfterValidator(_in_order)]
"""Where each step begins and ends in the text of an answer, in characters, the end excluded."""


class StepReading(Value):
    """A stepwise reading: the index, from 0, of the first step that is wrong; None where all are right."""

    kind: Literal["stepwise"] = "stepwise"
    answer: str
    steps: Annotated[Steps, Field(min_length=1)]
    first_wrong: Annotated[int, Field(ge=0)] | None

    @model_validator(mode="after")
    def _among_them(self) -> StepReading:
        if self.first_wrong is not None and self.first_wrong >= len(self.steps):
            raise ValueError(f"step {self.first_wrong} is not one of {len(self.steps)}, counted from 0")
        return self


class StepVote(Value):
    """What one juror said of an answer's steps."""

    judge: str
    first_wrong: int | None
    weight: Annotated[float, Field(gt=0.0)] = 1.0
    """What it counts: 1, but where the panel weighs its jurors by their reliability."""


class StepVerdict(SessionRecord):
    """What a panel's readings of a worked answer come to."""

    episode: str
    instruction: str
    answer: str
    panel: str
    steps: Steps
    outcome: StepOutcome
    first_wrong: int | None = None
    """Where it is decided: the index of the first wrong step, from 0; None where all are right."""
    agreement: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    """Weight of the votes for what most said over that of all votes that count; None where too few count."""
    votes: tuple[StepVote, ...] = ()
    quorum: int
    passed: bool | None = None
    """What a verifier says of the final answer; None where it does not say whether a result is right."""
    stepped_out: tuple[str, ...] = ()
    """Jurors who did not sit because of their family."""
    escalated: str | None = None
    """The panel that decided, where `panel` left it open."""
    first_votes: tuple[StepVote, ...] = ()
    """The votes of `panel`, where another decided."""

    @model_validator(mode="after")
    def _consistent(self) -> StepVerdict:
        if self.first_wrong is not None and not (self.outcome == "decided" and self.first_wrong < len(self.steps)):
            raise ValueError(f"outcome {self.outcome!r} of {len(self.steps)} steps with step {self.first_wrong} wrong")
        if self.outcome == "decided" and self.first_wrong is None and self.passed is False:
            raise ValueError("all steps are said to be right, and the verifier failed the result")
        return self
