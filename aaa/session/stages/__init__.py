"""The stages of a scenario as they run: each joins methods of the layers below for one item."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aaa.scenario import (
    AnswerStage,
    BattleStage,
    ChatStage,
    ChooseStage,
    ConverseStage,
    CritiqueStage,
    DecontaminateStage,
    DedupStage,
    EvolveAnswerStage,
    EvolveStage,
    FilterStage,
    GapsStage,
    GradeStage,
    LessonStage,
    MatchStage,
    ReplayStage,
    SampleStage,
    Scenario,
    SelfTeachStage,
    SliceStage,
    StageBase,
    StepsStage,
    TagStage,
    TeamStage,
    TrainStage,
)
from aaa.session.stages import kinds
from aaa.session.stages.base import Crowd, Kit, RunningBarrier, RunningStage, takes
from aaa.session.stages.keeping_out import kept_out

if TYPE_CHECKING:
    from aaa.session.skill_gaps import GapSource
    from aaa.session.stages.gaps import Teaching

__all__ = ["Crowd", "Kit", "RunningBarrier", "RunningStage", "running_stages", "takes"]


def running_stages(scenario: Scenario, kit: Kit) -> list[RunningStage | RunningBarrier]:
    """The stages of the scenario, in order, and those that keep its evaluation prompts out."""
    members = next((stage.models for stage in scenario.stages if isinstance(stage, AnswerStage)), "members")
    make: dict[type[StageBase], Callable[[Any], RunningStage | RunningBarrier]] = {
        AnswerStage: lambda spec: kinds.RunningAnswer(spec, kit),
        ChatStage: lambda spec: kinds.RunningChat(spec, kit),
        GradeStage: lambda spec: kinds.RunningGrade(spec, kit),
        StepsStage: lambda spec: kinds.RunningSteps(spec, kit),
        BattleStage: lambda spec: kinds.RunningBattle(spec, kit, scenario.target, matches_before(scenario, spec)),
        CritiqueStage: lambda spec: kinds.RunningCritique(spec, kit, members, scenario.target),
        EvolveStage: lambda spec: kinds.RunningEvolve(spec, kit, scenario.target, teaching_before(scenario, spec)),
        EvolveAnswerStage: lambda spec: kinds.RunningEvolveAnswer(spec, kit, scenario.target),
        ConverseStage: lambda spec: kinds.RunningConverse(spec, kit),
        ReplayStage: lambda spec: kinds.RunningReplay(spec, kit),
        TeamStage: lambda spec: kinds.RunningTeam(spec, kit),
        LessonStage: lambda spec: kinds.RunningLesson(spec, kit, teaching_before(scenario, spec)),
        ChooseStage: lambda spec: kinds.RunningChoose(spec, kit, scenario.target),
        SelfTeachStage: lambda spec: kinds.RunningSelfTeach(spec, kit),
        FilterStage: lambda spec: kinds.RunningFilter(spec),
        SampleStage: lambda spec: kinds.RunningSample(spec, kit, _gaps(scenario, spec, spec.weights_from, kit)),
        SliceStage: lambda spec: kinds.RunningSlice(spec, kit, _gaps(scenario, spec, spec.gap_source, kit)),
        TagStage: lambda spec: kinds.RunningTag(spec, kit),
        DedupStage: lambda spec: kinds.RunningDedup(spec, kinds.Embedder(kit.cast, spec.embedding)),
        DecontaminateStage: lambda spec: kinds.RunningDecontaminate(
            spec, kit, kinds.Embedder(kit.cast, spec.embedding)
        ),
        MatchStage: lambda spec: kinds.RunningMatch(spec, kit),
        GapsStage: lambda spec: kinds.RunningGaps(spec, kit, scenario.target),
        TrainStage: lambda spec: kinds.RunningTrain(spec, kit, scenario),
    }
    return [make[type(spec)](spec) for spec in kept_out(scenario)]


def matches_before(scenario: Scenario, battle: BattleStage) -> str | None:
    """The `match` stage whose pairs a battle plays."""
    return _last_before(scenario, battle, MatchStage) if battle.against == "designed" else None


def teaching_before(scenario: Scenario, stage: LessonStage | EvolveStage) -> Teaching | None:
    """What the `gaps` stage that a stage follows decides."""
    follows = stage.gaps == "auto" if isinstance(stage, LessonStage) else stage.direction == "auto"
    name = _last_before(scenario, stage, GapsStage) if follows else None
    return None if name is None else kinds.Teaching(name)


def _gaps(scenario: Scenario, stage: StageBase, source: str | None, kit: Kit) -> GapSource:
    """Where a stage takes gaps from."""
    name = _last_before(scenario, stage, GapsStage)
    before = next((one for one in scenario.stages if isinstance(one, GapsStage) and one.name == name), None)
    return kinds.GapSource(source, before, scenario.prompts.db, kit.cast.resolved.folder)


def _last_before(scenario: Scenario, stage: StageBase, kind: type[StageBase]) -> str | None:
    names = [one.name for one in scenario.stages]
    earlier = scenario.stages[: names.index(stage.name)]
    return next((one.name for one in reversed(earlier) if isinstance(one, kind)), None)
