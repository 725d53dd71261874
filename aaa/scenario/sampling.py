"""How a sample is drawn, as a scenario writes it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from aaa.types import Value


class Sampling(Value):
    """How many prompts to take, and which: without replacement, by seed, whatever their order in the files."""

    size: Annotated[int, Field(ge=1)]
    by: tuple[Literal["skill", "difficulty", "language"], ...] = ()
    """Respects that span the cells; a difficulty's cell is its whole number."""
    method: Literal["quota", "weighted", "similar", "diverse"] = "quota"
    """`quota`: each cell gets its share to within one row. `weighted`: rows are drawn by their cell's target over its
    natural share. `similar`: by likeness to the prompts of `like` (DSIR). `diverse`: rows that add tags (InsTag)."""
    target: Literal["even", "natural"] = "even"
    """Shares of cells before their weights: the same for all, or as they are."""
    temperature: Annotated[float, Field(gt=0.0)] = 1.0
    """natural: shares are taken to the power of 1/temperature, so higher is more even."""
    weights: dict[Literal["skill", "difficulty", "language"], dict[str, Annotated[float, Field(ge=0.0)]]] = Field(
        default_factory=dict
    )
    """What shares are multiplied by, such as `{skill: {coding: 3, "*": 1}}`; `*` stands for all that is not named."""
    cap: Annotated[float, Field(ge=1.0)] = 10.0
    """weighted: what a row may weigh at most (5 to 10 is usual)."""
    weights_from: str | None = None
    """Where the weights of skills come from: the gaps of a `session:NAME`, a file that `aaa gaps --json` wrote or that
    holds a weight for each skill, or `gaps`, the `gaps` stage before a `sample` stage."""
    like: str | None = None
    """similar: prompt files that show what is wanted."""

    @model_validator(mode="after")
    def _fitting(self) -> Sampling:
        if stray := sorted(set(self.weights) - set(self.by)):
            raise ValueError(f"`weights` speaks of {', '.join(stray)}, which `by` does not name")
        if self.weights_from is not None and ("skill" not in self.by or "skill" in self.weights):
            raise ValueError("`weights_from` weighs skills: `by` must name `skill`, and `weights` must not")
        if self.weights_from is not None and self.method not in ("quota", "weighted"):
            raise ValueError(f"`weights_from` has no part in `method: {self.method}`")
        if (self.method == "similar") != (self.like is not None):
            raise ValueError("`method: similar` and `like`, the prompts that show what is wanted, go together")
        return self
