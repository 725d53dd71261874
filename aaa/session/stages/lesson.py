"""Stage `lesson`: a student tries, a teacher hints and corrects, the panel compares what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue

from aaa.agents import Agent, together
from aaa.scenario import LessonStage
from aaa.session.cast import draw
from aaa.session.item import Item
from aaa.session.stages.base import (
    Kit,
    RunningStage,
    alone_check,
    alone_prompts,
    comparing_prompts,
    contests,
    fingerprint,
    panels,
    rows_of,
)
from aaa.session.stages.gaps import Teaching
from aaa.teach import answer, lesson
from aaa.types import Answer, Place, SessionRecord

PROMPTS = ["lesson_hint", "lesson_retry", "ask_again"]


@dataclass(frozen=True)
class RunningLesson(RunningStage):
    """See `LessonStage`. `teaching` is what the last stage before it that found gaps decided, if it follows one."""

    spec: LessonStage
    kit: Kit
    teaching: Teaching | None = None

    @property
    def fingerprint(self) -> str:
        groups = [self.spec.student, self.spec.teacher, *panels(self.spec)]
        prompts = [*PROMPTS, *alone_prompts(self.spec), *comparing_prompts(self.spec)]
        return fingerprint(self.kit, self.spec, groups, prompts)

    def reads(self, item: Item) -> JsonValue:
        """Teachers and students of the item's skill, the widest gap first."""
        return None if self.teaching is None else self.teaching.of(item)

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        kit, instruction = self.kit, item.instruction
        student, teacher = self._pair(item, place)
        attempt, own = await together([self._answer(item, student), self._answer(item, teacher)])
        new = [one for one in (attempt, own) if one.episode == place.episode]
        taught = await lesson(
            instruction,
            attempt,
            student,
            teacher,
            kit.prompts,
            turns=self.spec.turns,
            seed=kit.seed,
            check=alone_check(kit, self.spec, instruction, place),
            sandbox=kit.sandbox,
        )
        if taught.final is None or taught.dialogue is None:
            return [*new]
        final, contest = taught.final, contests(kit, self.spec, instruction, place)
        rivals = [rival for rival in (attempt, own) if rival.text.strip() != final.text.strip()]
        return [*new, final, taught.dialogue, *rows_of(await together(contest(final, rival) for rival in rivals))]

    def _pair(self, item: Item, place: Place) -> tuple[Agent, Agent]:
        """The pair with the widest gap on the item's skill; else drawn by seed, two models where there are two."""
        cast, params = self.kit.cast, self.spec.params
        students = cast.agents(self.spec.student, "student", place, item.instruction, params)
        teachers = cast.agents(self.spec.teacher, "teacher", place, item.instruction, params)
        learning, leading = ({agent.name: agent for agent in group} for group in (students, teachers))
        edges = self.reads(item)
        for edge in edges if isinstance(edges, list) else ():
            assert isinstance(edge, list)
            leader, trailer = map(str, edge)
            if leader in leading and trailer in learning:
                return learning[trailer], leading[leader]
        student = draw(students, self.kit.seed, "student", place.episode)
        others = [teacher for teacher in teachers if teacher.name != student.name]
        return student, draw(others or teachers, self.kit.seed, "teacher", place.episode)

    async def _answer(self, item: Item, member: Agent) -> Answer:
        """The member's plain answer: the one it gave before, or one that it gives now."""
        given = [one for one in item.own_answers() if one.member == member.name]
        return given[0] if given else await answer(item.instruction, member, sandbox=self.kit.sandbox)
