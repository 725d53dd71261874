"""Stages in which models teach each other and themselves."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from aaa.scenario.one_or_more import OneOrMore
from aaa.scenario.stages.base import ComparingStage, RewritingStage, StageBase, ToolUse


class CritiqueStage(RewritingStage):
    """Critics suggest improvements, the author or another model revises, and the panel compares revision and draft."""

    kind: Literal["critique"] = "critique"
    by: str = "critics"
    """A group of the cast; critics are drawn for each answer by seed, never its author where there are others."""
    critics: Annotated[int, Field(ge=1, le=8)] = 1
    """How many of them criticise an answer, at most; what several suggest becomes one list."""
    reviser: str = "author"
    """`author`, or a group of the cast, of which one is drawn for each answer by seed, never the author where there is
    another."""
    revise: Annotated[int, Field(ge=1, le=5)] = 1
    """Rounds; each revises the winner so far, and a round that does not win is the last."""
    of: Literal["all", "target", "losers"] = "all"
    """Which plain answers: all, the target's, or those that won no battle."""
    mode: Literal["live"] = "live"
    """Critic, author and judges wait for each other: no batch can hold them."""


class LessonStage(RewritingStage):
    """A student tries, a teacher hints and at last corrects, and the panel compares what came of it."""

    kind: Literal["lesson"] = "lesson"
    student: str = "students"
    teacher: str = "teachers"
    """Groups of the cast; without gaps to follow, the pair is drawn for each item by seed."""
    turns: Annotated[int, Field(ge=1, le=10)] = 3
    """Times at most that the teacher speaks and the student tries again; of several, the last time it corrects."""
    gaps: Literal["auto", "off"] = "auto"
    """`auto`: where a `gaps` stage came before, its leaders teach and its budget says which items are taught."""
    mode: Literal["live"] = "live"
    """Teacher, student and judges wait for each other: no batch can hold them."""


ChooseBy = Literal["loss_rate", "margin", "panel_disagreement", "draws"]


class ChooseStage(StageBase):
    """Chooses the prompts that promise to teach most; a later stage takes them by `where: {chosen: NAME}`."""

    kind: Literal["choose"] = "choose"
    by: ChooseBy = "loss_rate"
    """`loss_rate`: matches that the target lost; `margin`: decided by few votes; `panel_disagreement`: jurors at odds;
    `draws`: answers of one model that come to different results. What jurors judged by the seat order is left out."""
    share: Annotated[float, Field(gt=0.0, le=1.0)] = 0.5
    """Share of the prompts that there are, at most."""
    size: Annotated[int, Field(ge=1)] | None = None
    """Number of prompts, at most."""
    mode: Literal["live"] = "live"
    """It makes no call."""


class SelfTeachStage(ComparingStage, ToolUse):
    """A model answers several times; where its answers differ, the best is found: on-policy pairs, and samples."""

    kind: Literal["self_teach"] = "self_teach"
    student: str = "students"
    """A group of the cast; each of its models teaches itself."""
    draws: Annotated[int, Field(ge=2, le=16)] = 4
    measure_jurors: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0
    """Share of the verified items on which the panel votes too, although the verifier decides."""
    mode: Literal["live"] = "live"
    """Each match waits for the one before: no batch can hold them."""


class TrainStage(StageBase):
    """Models learn from what the session selects so far; later stages meet their new revisions."""

    model_config = ConfigDict(populate_by_name=True)

    kind: Literal["train"] = "train"
    trainer: Annotated[Literal["sim"], Field(alias="with")] = "sim"
    """`sim`: simulated models learn by a declared rule (see docs/co-teaching.md)."""
    models: OneOrMore = ()
    """Who learns; default: the target, or without one all who answer."""
    selection: str = "main"
    """Whose SFT samples they learn from; nobody learns from its own words."""
    rate: Annotated[float, Field(ge=0.0, le=1.0)] = 0.05
    """Share of what is left to the ceiling that one right sample teaches; 0: nobody learns."""
    ceiling: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.97
    """Level beyond which nobody learns."""
    mode: Literal["live"] = "live"
