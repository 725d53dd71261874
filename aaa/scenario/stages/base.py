"""What stages share: which instructions they take, who judges, and how."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from aaa.scenario.one_or_more import OneOrMore
from aaa.types import Params, Value


class Where(Value):
    """Which instructions a stage takes: all that meet every condition."""

    skill: OneOrMore = ()
    language: OneOrMore = ()
    slice: OneOrMore = ()
    """Parts of a progressive schedule, such as `D1`."""
    min_difficulty: float | None = None
    max_difficulty: float | None = None
    chosen: str | None = None
    """Only what this `choose` stage chose, and what was made of it since."""
    share: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0
    """This share of them, chosen by hash priority: a larger share keeps the smaller one's."""

    @model_validator(mode="after")
    def _not_empty(self) -> Where:
        low, high = self.min_difficulty, self.max_difficulty
        if low is not None and high is not None and low > high:
            raise ValueError(f"min_difficulty {low} is above max_difficulty {high}")
        return self


class StageBase(Value):
    """What all stages share."""

    branches: ClassVar[bool] = False
    """Whether it may make instructions, or set the one it works on aside."""
    labels: ClassVar[bool] = False
    """Whether it says what kind of instruction each is, for later stages and selections."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    where: Where = Where()
    params: Params = Field(default_factory=Params)
    """Parameters of the models that speak in this stage (not of the judges)."""
    mode: Literal["live", "batch"] = "live"
    """`batch`: calls wait for the provider's batch API, at half the price and up to a day for each step."""


class ToolUse(Value):
    """How the calls of tools are answered which prompts offer."""

    tool_rounds: Annotated[int, Field(ge=0, le=20)] = 0
    """Times at most that an answer's calls of tools are answered, and its author goes on; with 0 they are its end."""
    tools_by: str | None = None
    """A group of the cast whose first model plays the tools that AAA does not bring."""


class JudgedStage(StageBase):
    """A stage in which a panel judges."""

    judges: str = "judges"
    """A group of the cast."""
    reference: Literal["show", "hide"] = "hide"
    """Whether judges see the reference of an item that has one."""
    escalate: str | None = None
    """A group of the cast that decides where the judges leave it open: no winner, or one by a single vote; grades that
    lie apart."""


class Procedure(Value):
    """How a panel compares two answers."""

    verdict: Literal["choice", "scores"] = "choice"
    """A juror names the better answer, or grades both in one prompt and the better grade wins."""
    tie_within: Annotated[float, Field(ge=0.0, le=9.0)] = 0.0
    """scores: grades that differ by no more than this (on a scale from 1 to 10) are a tie."""
    orders: Literal["both", "adaptive", "one"] = "both"
    """Seat orders for each juror; `adaptive` plays the second unless all jurors chose the same answer in the first, and
    some of them saw it first and others second."""
    waves: bool = False
    """Ask the jurors a few at a time, in an order drawn by seed, until further votes could not change the outcome."""

    @model_validator(mode="after")
    def _fitting(self) -> Procedure:
        if self.waves and self.orders == "adaptive":
            raise ValueError("`waves` and `orders: adaptive` each decide by the first votes whether to go on: take one")
        if self.tie_within and self.verdict != "scores":
            raise ValueError("`tie_within` compares grades: it needs `verdict: scores`")
        return self


class ComparingStage(JudgedStage, Procedure):
    """A stage in which a panel compares answers."""

    measure_jurors: Annotated[float, Field(ge=0.0, le=1.0)] = 1.0
    """Share of the verified items on which the panel votes too, although the verifier decides."""


class StandAlone(Value):
    """How texts are checked that must make sense without what their writer was told."""

    judges: str = "judges"
    """A group of the cast."""
    stand_alone: Literal["judge", "rules"] = "judge"
    """Who looks for thanks, excuses, and mentions of hints or drafts: known phrases alone (`rules`), or where these
    find nothing also one of the `judges`, of another family than the writer's where there is one."""


class RewritingStage(ComparingStage, StandAlone):
    """A stage in which texts are written that their readers must understand without what the writer was told."""
