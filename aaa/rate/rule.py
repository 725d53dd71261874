"""How votes are to be rated."""

from __future__ import annotations

from collections.abc import Set
from typing import Annotated, Literal

from pydantic import Field

from aaa.errors import UsageError
from aaa.rate.table import Ties
from aaa.types import Value

Method = Literal["bradley-terry", "elo", "win-rate"]


class RatingRule(Value):
    """A method and its options."""

    method: Method = "bradley-terry"
    ties: Ties = "half"
    """`half` a win for each side, or `drop`; what is `inconsistent` counts as a tie, as in FastChat."""
    scale: Annotated[float, Field(gt=0)] = 400.0
    """Points between two models of which one wins ten times as often as it loses."""
    mean: float = 1000.0
    """Mean of all ratings; Elo begins there."""
    anchor: tuple[str, float] | None = None
    """A model and the rating it is to have, in the place of `mean`."""
    by_category: bool = False
    shrink: bool = True
    """Draw Bradley-Terry ratings of a category towards the overall ones."""
    bootstrap: Annotated[int, Field(ge=0)] = 0
    """Resamples for the intervals; 0: no intervals."""
    style: bool = False
    """Control for length and markup."""
    seed: int = 0
    """Of the resamples; no estimate depends on it."""

    def check(self, models: Set[str]) -> None:
        """Raise `UsageError` for options that do not go together, or an anchor that is none of the models."""
        if self.style and self.method != "bradley-terry":
            raise UsageError(f"Style can be controlled in Bradley-Terry ratings only; the method is {self.method}.")
        if self.anchor is None:
            return
        if self.method == "win-rate":
            raise UsageError("A win rate is a share and has no anchor; leave it out, or choose another method.")
        if self.anchor[0] not in models:
            raise UsageError(
                f"The anchor {self.anchor[0]!r} has no votes; those who have: {', '.join(sorted(models))}."
            )
