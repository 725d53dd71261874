"""The stages of a scenario as they run: each joins methods of the layers below for one item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
from aaa.session.embedder import Embedder
from aaa.session.skill_gaps import GapSource
from aaa.session.stages.answer import RunningAnswer
from aaa.session.stages.base import Crowd, Kit, RunningBarrier, RunningStage, takes
from aaa.session.stages.battle import RunningBattle
from aaa.session.stages.chat import RunningChat
from aaa.session.stages.choose import RunningChoose
from aaa.session.stages.converse import RunningConverse, RunningReplay
from aaa.session.stages.critique import RunningCritique
from aaa.session.stages.decontaminate import RunningDecontaminate, kept_out
from aaa.session.stages.dedup import RunningDedup
from aaa.session.stages.evolve import RunningEvolve
from aaa.session.stages.evolve_answer import RunningEvolveAnswer
from aaa.session.stages.filter import RunningFilter
from aaa.session.stages.gaps import RunningGaps, Teaching
from aaa.session.stages.grade import RunningGrade
from aaa.session.stages.lesson import RunningLesson
from aaa.session.stages.match import RunningMatch
from aaa.session.stages.sample import RunningSample
from aaa.session.stages.self_teach import RunningSelfTeach
from aaa.session.stages.slice import RunningSlice
from aaa.session.stages.steps import RunningSteps
from aaa.session.stages.tag import RunningTag
from aaa.session.stages.team import RunningTeam
from aaa.session.stages.train import RunningTrain

__all__ = ["Crowd", "Kit", "RunningBarrier", "RunningStage", "running_stages", "takes"]


def running_stages(scenario: Scenario, kit: Kit) -> list[RunningStage | RunningBarrier]:
    """The stages of the scenario, in order, and those that keep its evaluation prompts out."""
    members = next((stage.models for stage in scenario.stages if isinstance(stage, AnswerStage)), "members")
    make: dict[type[StageBase], Callable[[Any], RunningStage | RunningBarrier]] = {
        AnswerStage: lambda spec: RunningAnswer(spec, kit),
        ChatStage: lambda spec: RunningChat(spec, kit),
        GradeStage: lambda spec: RunningGrade(spec, kit),
        StepsStage: lambda spec: RunningSteps(spec, kit),
        BattleStage: lambda spec: RunningBattle(spec, kit, scenario.target, matches_before(scenario, spec)),
        CritiqueStage: lambda spec: RunningCritique(spec, kit, members, scenario.target),
        EvolveStage: lambda spec: RunningEvolve(spec, kit, scenario.target, teaching_before(scenario, spec)),
        EvolveAnswerStage: lambda spec: RunningEvolveAnswer(spec, kit, scenario.target),
        ConverseStage: lambda spec: RunningConverse(spec, kit),
        ReplayStage: lambda spec: RunningReplay(spec, kit),
        TeamStage: lambda spec: RunningTeam(spec, kit),
        LessonStage: lambda spec: RunningLesson(spec, kit, teaching_before(scenario, spec)),
        ChooseStage: lambda spec: RunningChoose(spec, kit, scenario.target),
        SelfTeachStage: lambda spec: RunningSelfTeach(spec, kit),
        FilterStage: lambda spec: RunningFilter(spec),
        SampleStage: lambda spec: RunningSample(spec, kit, _gaps(scenario, spec, spec.weights_from, kit)),
        SliceStage: lambda spec: RunningSlice(spec, kit, _gaps(scenario, spec, spec.gap_source, kit)),
        TagStage: lambda spec: RunningTag(spec, kit),
        DedupStage: lambda spec: RunningDedup(spec, Embedder(kit.cast, spec.embedding)),
        DecontaminateStage: lambda spec: RunningDecontaminate(spec, kit, Embedder(kit.cast, spec.embedding)),
        MatchStage: lambda spec: RunningMatch(spec, kit),
        GapsStage: lambda spec: RunningGaps(spec, kit, scenario.target),
        TrainStage: lambda spec: RunningTrain(spec, kit, scenario),
    }
    return [make[type(spec)](spec) for spec in kept_out(scenario)]


def matches_before(scenario: Scenario, battle: BattleStage) -> str | None:
    """The `match` stage whose pairs a battle plays."""
    return _last_before(scenario, battle, MatchStage) if battle.against == "designed" else None


def teaching_before(scenario: Scenario, stage: LessonStage | EvolveStage) -> Teaching | None:
    """What the `gaps` stage that a stage follows decides."""
    follows = stage.gaps == "auto" if isinstance(stage, LessonStage) else stage.direction == "auto"
    name = _last_before(scenario, stage, GapsStage) if follows else None
    return None if name is None else Teaching(name)


def _gaps(scenario: Scenario, stage: StageBase, source: str | None, kit: Kit) -> GapSource:
    """Where a stage takes gaps from."""
    name = _last_before(scenario, stage, GapsStage)
    before = next((one for one in scenario.stages if isinstance(one, GapsStage) and one.name == name), None)
    return GapSource(source, before, scenario.prompts.db, kit.cast.resolved.folder)


def _last_before(scenario: Scenario, stage: StageBase, kind: type[StageBase]) -> str | None:
    names = [one.name for one in scenario.stages]
    earlier = scenario.stages[: names.index(stage.name)]
    return next((one.name for one in reversed(earlier) if isinstance(one, kind)), None)
