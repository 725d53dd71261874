"""The running stages, and what they are made with, by name: a module loads when a scenario has its stage."""

from typing import TYPE_CHECKING

from aaa.late import late

if TYPE_CHECKING:
    from aaa.session.embedder import Embedder
    from aaa.session.skill_gaps import GapSource
    from aaa.session.stages.answer import RunningAnswer
    from aaa.session.stages.battle import RunningBattle
    from aaa.session.stages.chat import RunningChat
    from aaa.session.stages.choose import RunningChoose
    from aaa.session.stages.converse import RunningConverse, RunningReplay
    from aaa.session.stages.critique import RunningCritique
    from aaa.session.stages.decontaminate import RunningDecontaminate
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
else:
    __getattr__ = late(__name__, __file__)

__all__ = [
    "Embedder",
    "GapSource",
    "RunningAnswer",
    "RunningBattle",
    "RunningChat",
    "RunningChoose",
    "RunningConverse",
    "RunningCritique",
    "RunningDecontaminate",
    "RunningDedup",
    "RunningEvolve",
    "RunningEvolveAnswer",
    "RunningFilter",
    "RunningGaps",
    "RunningGrade",
    "RunningLesson",
    "RunningMatch",
    "RunningReplay",
    "RunningSample",
    "RunningSelfTeach",
    "RunningSlice",
    "RunningSteps",
    "RunningTag",
    "RunningTeam",
    "RunningTrain",
    "Teaching",
]
