"""Whether a teaching graph that the user gives fits the scenario."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aaa.scenario.problems import Problem, suggest
from aaa.scenario.schema import Scenario
from aaa.scenario.stages import GapsStage, LessonStage, Teaching


def teaching_problems(scenario: Scenario, index: int, given: Iterable[Teaching]) -> Iterator[Problem]:
    """What is wrong with who is to teach whom: each must exist, and have a part in every lesson that goes by it."""
    lessons = []
    for stage in scenario.stages[index + 1 :]:
        if isinstance(stage, GapsStage):
            break
        if isinstance(stage, LessonStage) and stage.gaps == "auto":
            lessons.append(stage)
    for at, edge in enumerate(given):
        for part, name in (("teacher", edge.teacher), ("student", edge.student)):
            path = ("stages", index, "gaps", "teaching", at, part)
            if name not in scenario.models:
                message = (
                    f"the teaching graph names the model {name!r}, which does not exist{suggest(name, scenario.models)}"
                )
                yield Problem(path, message)
                continue
            for lesson in lessons:
                group = scenario.cast.get(getattr(lesson, part))
                if group is not None and name not in group.models:
                    message = f"stage {lesson.name!r} goes by this graph, but {name!r} is no {part} there"
                    yield Problem(path, message)
