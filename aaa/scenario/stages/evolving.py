"""Stages that rewrite instructions and answers."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from aaa.scenario.stages.base import RewritingStage, StageBase
from aaa.types import AnswerAim, OperationName


class EvolveStage(StageBase):
    """A model makes each instruction harder, simpler or new, round by round (Evol-Instruct); what is kept flows on."""

    branches: ClassVar[bool] = True

    kind: Literal["evolve"] = "evolve"
    by: str = "members"
    """A group of the cast; one evolver is drawn for each round of an instruction by seed."""
    rounds: Annotated[int, Field(ge=1, le=10)] = 4
    """Rounds in each direction; a rewriting that is dropped leaves its parent for the next."""
    operations: Literal["equal"] | dict[OperationName, Annotated[float, Field(gt=0.0)]] = "equal"
    """How the operation of a round is drawn: all of the form alike, or only these by weight."""
    form: Literal["auto", "general", "code", "math"] = "auto"
    """The family of operations; `auto` goes by the instruction's skill."""
    direction: Literal["auto", "up", "down", "both", "near"] = "auto"
    """Harder, simpler, a chain of each, or `near`: others that call for the same, to practise what was failed.
    `auto` is both for math, and for weak students (of which the target counts, if there is one): those that provably
    trail on the skill where a `gaps` stage came before, else those declared `weak`. Otherwise it is up."""
    keep: Literal["all", "last"] = "all"
    """`all`: the instruction and every version flow on; `last`: only the last version of each direction, if any."""
    method: str | None = None
    """File with a method of your own, relative to the scenario, in place of the operations; it makes harder."""
    tries: Annotated[int, Field(ge=1, le=5)] = 2
    """Attempts of a round; each is told what was wrong with the one before."""
    checks: Literal[0, 1, 3, 5] = 3
    """Times that models of the group, others than the evolver where there are any, are asked whether something was
    gained, in both orders; most of them decide, and those that could not change it are not asked. 0: no check, as
    always for `near`, which is to ask for as much."""
    answers: bool = False
    """Whether a model of the group answers each version, and those are dropped that it declines or says nothing to."""
    rate: str | None = None
    """A group of the cast that grades difficulty and quality of all versions beside each other; not who evolved."""
    mode: Literal["live"] = "live"
    """Rounds wait for each other: no batch can hold them."""

    @model_validator(mode="after")
    def _fitting(self) -> EvolveStage:
        if self.method is not None and self.operations != "equal":
            raise ValueError("`method` takes the place of `operations`: give one of them")
        if self.method is not None and self.direction in ("down", "both", "near"):
            raise ValueError("a `method` makes instructions harder: leave `direction` at `up`")
        return self


AIMS: tuple[AnswerAim, ...] = ("correctness", "logic", "depth", "affinity", "brevity")


class EvolveAnswerStage(RewritingStage):
    """A model rewrites answers aim by aim; each rewriting has to win against the answer that stands (Evol-Answer)."""

    kind: Literal["evolve_answer"] = "evolve_answer"
    by: str = "members"
    """A group of the cast; one rewriter is drawn for each answer by seed, never the author where there is another."""
    aims: Annotated[tuple[AnswerAim, ...], Field(min_length=1)] = AIMS
    """What answers are bettered in, in this order."""
    rounds: Annotated[int, Field(ge=1, le=10)] = 2
    """Times that all aims have their turn at most; a round without change is the last."""
    max_growth: Annotated[float, Field(ge=0.1, le=10.0)] = 1.5
    """Words of a rewriting over those of the answer it began with, at most; 60 words are always allowed."""
    of: Literal["all", "target", "winners"] = "all"
    """Which answers: all that stand (a revision that won in place of its draft), the target's, or those that lost no
    battle."""
    mode: Literal["live"] = "live"
    """Rewriter and judges wait for each other: no batch can hold them."""

    @model_validator(mode="after")
    def _each_once(self) -> EvolveAnswerStage:
        if len(set(self.aims)) < len(self.aims):
            raise ValueError("`aims` names one twice; `rounds` says how often all of them have their turn")
        return self
