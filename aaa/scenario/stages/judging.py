"""Stages in which a panel grades, compares and reads step by step what stands."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from aaa.scenario.stages.base import ComparingStage, JudgedStage


class GradeStage(JudgedStage):
    """A panel scores each answer by itself."""

    kind: Literal["grade"] = "grade"
    scale: tuple[int, int] = (1, 10)
    aspects: dict[Annotated[str, Field(pattern=r"^[a-z][a-z _-]{0,39}$")], Annotated[float, Field(gt=0.0)]] = Field(
        default_factory=dict
    )
    """Respects in which an answer is graded in one prompt, with their weights; the grade is the weighted mean."""
    turn: Annotated[int, Field(ge=1)] | None = None
    """Grade this assistant turn of a conversation by itself, those before it as its context; default: all of it."""
    escalate_over: Annotated[float, Field(ge=0.0)] = 2.0
    """With `escalate`: grades of one answer that lie further apart than this give way to those of that group."""
    contexts: tuple[Literal["plain", "hinted", "revised", "evolved", "dialogue"], ...] = (
        "plain",
        "hinted",
        "revised",
        "evolved",
        "dialogue",
    )

    @model_validator(mode="after")
    def _rising(self) -> GradeStage:
        if self.scale[0] >= self.scale[1]:
            raise ValueError(f"scale {list(self.scale)} must rise")
        return self


class StepsStage(JudgedStage):
    """A panel reads each worked answer step by step and says which step is the first wrong one."""

    kind: Literal["steps"] = "steps"
    split: Literal["lines", "paragraphs"] = "lines"
    """What a step is: a line that says something, or a paragraph; fenced code, displayed mathematics and tables stay
    whole."""
    min_steps: Annotated[int, Field(ge=1)] = 2
    """Answers of fewer steps are not read."""
    max_steps: Annotated[int, Field(ge=1)] = 40
    """Nor are those of more: a juror loses count."""
    contexts: tuple[Literal["plain", "hinted", "revised", "evolved"], ...] = ("plain", "hinted", "revised", "evolved")

    @model_validator(mode="after")
    def _some(self) -> StepsStage:
        if self.min_steps > self.max_steps:
            raise ValueError(f"min_steps {self.min_steps} is above max_steps {self.max_steps}")
        return self


class BattleStage(ComparingStage):
    """A panel compares the members' plain answers in pairs, blind, in both orders."""

    kind: Literal["battle"] = "battle"
    against: Literal["target", "all", "designed"] = "all"
    """Pairs of the target with every other member, all pairs, or those that the `match` stage before it designed."""
