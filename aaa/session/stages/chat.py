"""Stage `chat`: a student asks and tries, a teacher corrects and guides."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.scenario import ChatStage
from aaa.session.cast import draw
from aaa.session.item import Item
from aaa.session.stages.base import Kit, RunningStage, fingerprint
from aaa.teach import chat
from aaa.types import Place, SessionRecord


@dataclass(frozen=True)
class RunningChat(RunningStage):
    """See `ChatStage`."""

    spec: ChatStage
    kit: Kit

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.kit, self.spec, [self.spec.student, self.spec.teacher], ["chat_student"])

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        cast, instruction, params = self.kit.cast, item.instruction, self.spec.params
        students = cast.agents(self.spec.student, "student", place, instruction, params)
        teachers = cast.agents(self.spec.teacher, "teacher", place, instruction, params)
        student = draw(students, self.kit.seed, "student", place.episode)
        others = [teacher for teacher in teachers if teacher.name != student.name]
        teacher = draw(others or teachers, self.kit.seed, "teacher", place.episode)
        kit, turns = self.kit, self.spec.turns
        return [await chat(instruction, student, teacher, kit.prompts, turns=turns, seed=kit.seed, sandbox=kit.sandbox)]
