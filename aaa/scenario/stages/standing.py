"""Stages that look at who won what: which comparisons to play next, who leads and who trails."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from aaa.scenario.one_or_more import OneOrMore
from aaa.scenario.stages.base import StageBase
from aaa.types import Value


class MatchStage(StageBase):
    """Designs a round of comparisons for the `battle` that follows: waits for all prompts, calls no model.

    The pairs are those expected to tell most, skills share them evenly, and no models are left unconnected.
    """

    kind: Literal["match"] = "match"
    budget: Annotated[int, Field(ge=1)]
    """Comparisons in this round, over all prompts."""
    mode: Literal["live"] = "live"


class Teaching(Value):
    """Who teaches whom what, as the user knows it."""

    teacher: str
    student: str
    skill: OneOrMore
    points: Annotated[float, Field(gt=0.0)] = 100.0
    """How wide the gap is taken to be; a budget is spent in proportion."""

    @model_validator(mode="after")
    def _of_two(self) -> Teaching:
        if self.teacher == self.student:
            raise ValueError(f"{self.teacher!r} cannot be its own teacher")
        if not self.skill:
            raise ValueError("name at least one `skill`")
        return self


class GapsStage(StageBase):
    """Finds who provably leads and trails on which skill: waits for all prompts, calls no model.

    Later stages find its decision: ratings by skill, gaps, who teaches whom, and each skill's share of a budget.
    """

    kind: Literal["gaps"] = "gaps"
    teaching: Literal["auto"] | Annotated[tuple[Teaching, ...], Field(min_length=1)] = "auto"
    """Who teaches whom: who provably leads teaches who trails, or as given here, which needs no battles before."""
    intervals: Literal["all", "each"] = "all"
    """Whether 95 % hold for all gaps together, so that hardly a session names one that is not there, or for each."""
    min_points: Annotated[float, Field(ge=0.0)] = 0.0
    """Points of rating (400 stand for ten wins to one loss) below which a gap is not acted on."""
    bootstrap: Annotated[int, Field(ge=50)] = 200
    """Resamples of prompts behind the intervals."""
    floor: Annotated[float, Field(ge=0.0, le=1.0)] = 0.25
    """What each skill gets of a budget at least, as a part of an even share."""
    cap: Annotated[float, Field(gt=0.0, le=1.0)] = 0.5
    """What a skill gets at most, as a part of the whole."""
    keep: Annotated[int, Field(ge=1)] | None = None
    """Prompts that go on to later stages and into selections, at most; the others are set aside."""
    by: Literal["gaps", "random"] = "gaps"
    """Whether `keep` spends on skills by their gaps, or draws prompts at random (to compare with)."""
    mode: Literal["live"] = "live"
