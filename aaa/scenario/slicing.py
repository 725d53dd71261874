"""How prompts are divided into slices and splits, as a scenario writes it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from aaa.types import Value

Share = Annotated[float, Field(ge=0.0, lt=1.0)]


class Slicing(Value):
    """How prompts are divided. Slices are named D0, D1, ...; only `train` rows are in one."""

    slices: Annotated[int, Field(ge=1, le=100)] = 4
    schedule: Literal["random", "easy_to_hard", "gap", "round"] = "random"
    """`random`: alike in skills; `easy_to_hard`: by difficulty within each skill; `gap`: skills with the widest gap
    first; `round`: prompts of evolution round N in slice N."""
    validation: Share = 0.0
    test: Share = 0.0
    """Shares of the rows of each skill, as near as whole clusters come."""

    @model_validator(mode="after")
    def _leaves_some(self) -> Slicing:
        if self.validation + self.test >= 1.0:
            raise ValueError("validation and test leave nothing to train on")
        return self
