"""The stages a scenario can name, with their parameters. In YAML a stage is `- kind` or `- kind: {parameters}`."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from pydantic import Field

from aaa.scenario.stages.base import (
    ComparingStage,
    JudgedStage,
    Procedure,
    StageBase,
    StandAlone,
    ToolUse,
    Where,
)
from aaa.scenario.stages.curating import (
    DecontaminateStage,
    DedupMethod,
    DedupStage,
    FilterStage,
    NgramRule,
    SampleStage,
    SliceStage,
)
from aaa.scenario.stages.evolving import AIMS, EvolveAnswerStage, EvolveStage
from aaa.scenario.stages.judging import BattleStage, GradeStage, StepsStage
from aaa.scenario.stages.labelling import OPEN, TagStage
from aaa.scenario.stages.speaking import AnswerStage, ChatStage, ConverseStage, ReplayStage, TeamStage
from aaa.scenario.stages.standing import GapsStage, MatchStage, Teaching
from aaa.scenario.stages.teaching import ChooseBy, ChooseStage, CritiqueStage, LessonStage, SelfTeachStage, TrainStage

Stage = Annotated[
    AnswerStage
    | TagStage
    | ChatStage
    | GradeStage
    | StepsStage
    | BattleStage
    | CritiqueStage
    | EvolveStage
    | EvolveAnswerStage
    | ConverseStage
    | ReplayStage
    | TeamStage
    | LessonStage
    | ChooseStage
    | SelfTeachStage
    | FilterStage
    | SampleStage
    | SliceStage
    | DedupStage
    | DecontaminateStage
    | MatchStage
    | GapsStage
    | TrainStage,
    Field(discriminator="kind"),
]
STAGE_KINDS: tuple[str, ...] = tuple(stage.model_fields["kind"].default for stage in get_args(get_args(Stage)[0]))


def parse_stage(raw: Any) -> Any:
    """The inner form `{"kind": ..., ...}` of a stage as YAML writes it; anything else is returned as it is."""
    if isinstance(raw, str):
        return {"kind": raw}
    if isinstance(raw, dict) and len(raw) == 1:
        kind, parameters = next(iter(raw.items()))
        if kind != "kind" and (parameters is None or isinstance(parameters, dict)):
            return {**(parameters or {}), "kind": kind}
    return raw


__all__ = [
    "AIMS",
    "OPEN",
    "STAGE_KINDS",
    "AnswerStage",
    "BattleStage",
    "ChatStage",
    "ChooseBy",
    "ChooseStage",
    "ComparingStage",
    "ConverseStage",
    "CritiqueStage",
    "DecontaminateStage",
    "DedupMethod",
    "DedupStage",
    "EvolveAnswerStage",
    "EvolveStage",
    "FilterStage",
    "GapsStage",
    "GradeStage",
    "JudgedStage",
    "LessonStage",
    "MatchStage",
    "NgramRule",
    "Procedure",
    "ReplayStage",
    "SampleStage",
    "SelfTeachStage",
    "SliceStage",
    "Stage",
    "StageBase",
    "StandAlone",
    "StepsStage",
    "TagStage",
    "Teaching",
    "TeamStage",
    "ToolUse",
    "TrainStage",
    "Where",
    "parse_stage",
]
