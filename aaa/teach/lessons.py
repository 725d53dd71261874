"""A student tries, a teacher hints and at last corrects, the student tries again: a lesson on one instruction.

Our design; WizardLM-2 speaks only of co-teaching that closes skill gaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aaa.agents import OFF, Agent, answer_text, reply_of, shown_messages, spoken, written
from aaa.judge import AloneCheck
from aaa.prompts import PromptSet
from aaa.teach.hints import hint
from aaa.text import fence, neutralise
from aaa.types import Answer, Call, Instruction, Lineage, Message, Sandbox, assistant, user


@dataclass(frozen=True)
class Lesson:
    """What came of a lesson; both are None where there was nothing to teach."""

    final: Answer | None = None
    """The student's last answer, written under hints; `stop_reason` is `right` (a program says so), `teacher_content`
    or `turns`."""
    dialogue: Answer | None = None
    """Attempts and the teacher's words in turn, up to the same answer: the student is its assistant."""


async def lesson(
    instruction: Instruction,
    attempt: Answer,
    student: Agent,
    teacher: Agent,
    prompts: PromptSet,
    *,
    turns: int,
    seed: int,
    check: AloneCheck,
    sandbox: Sandbox = OFF,
) -> Lesson:
    """Up to `turns` times the teacher looks at the attempt and the student tries again; of several, the last time the
    teacher corrects instead of hinting.

    It ends as soon as a program finds an attempt right, or, without one, the teacher does. A new attempt that does not
    pass `check` is written once more. Raises `ParseError`, `CallError` or `StopError`.
    """
    room = _Classroom(instruction, attempt, student, teacher, prompts, seed, sandbox, check)
    current, taken, stop_reason = attempt, list[_Turn](), "turns"
    for number in range(1, turns + 1):
        if current.check is not None and current.check.passed:
            break
        turn = await room.turn(current, taken, correct=1 < turns == number)
        if turn is None:
            stop_reason = "teacher_content"
            break
        taken.append(turn)
        current = turn.answer
    if not taken:
        return Lesson()
    if current.check is not None and current.check.passed:
        stop_reason = "right"
    return Lesson(current.model_copy(update={"stop_reason": stop_reason}), room.dialogue(taken, stop_reason))


@dataclass(frozen=True)
class _Turn:
    """The teacher's words, and the answer that followed."""

    words: str
    call: Call
    answer: Answer


@dataclass(frozen=True)
class _Classroom:
    """All that the turns of one lesson share."""

    instruction: Instruction
    attempt: Answer
    student: Agent
    teacher: Agent
    prompts: PromptSet
    seed: int
    sandbox: Sandbox
    check: AloneCheck

    async def turn(self, current: Answer, taken: Sequence[_Turn], *, correct: bool) -> _Turn | None:
        """The next turn; None where the teacher finds nothing to say."""
        earlier = tuple(turn.words for turn in taken)
        said = await hint(
            self.instruction, current, earlier, self.teacher, self.prompts, seed=self.seed, correct=correct
        )
        if not said.words:
            return None
        return _Turn(said.words, said.reading.call, await self._retry(current, taken, said.words, said.reading.call))

    async def _retry(self, current: Answer, taken: Sequence[_Turn], words: str, said: Call) -> Answer:
        """The student's new answer, without a persona; written once more if it would not stand alone."""
        number, instruction, student = len(taken) + 1, self.instruction, self.student
        mark = fence(self.seed, "retry", current.id, number)
        prompt = self.prompts.render(
            "lesson_retry",
            messages=shown_messages(instruction.prompt, mark),
            attempt=answer_text(current, mark),
            hint=neutralise(words, mark),
            fence=mark,
        )
        step = f"{self.attempt.id}/retry-{number}"
        call = await student.ask([user(prompt.text)], step=step)
        alone = await self.check.passed(reply_of(call).text, student, call, step=step)
        heard = self.teacher.producers(*(turn.call for turn in taken), said)
        return await written(
            instruction,
            student,
            (spoken(reply_of(alone.calls[-1])),),
            row=student.place.row("answer", self.attempt.id, "lesson", number),
            calls=alone.calls,
            sandbox=self.sandbox,
            context="hinted",
            lineage=Lineage(
                parent=self.attempt.id, operation="lesson", round=number, model=student.name, prompt=prompt.hash
            ),
            producers=(*self.attempt.producers, *student.producers(*alone.calls)),
            influences=(*self.attempt.influences, *heard),
            stands_alone=alone.stands,
            leak=alone.leak,
        )

    def dialogue(self, taken: Sequence[_Turn], stop_reason: str) -> Answer:
        """The lesson as a conversation: the attempt, then the teacher's words and what the student made of them. Only
        the last turn is to be learnt: the teacher found all before it wrong."""
        messages: list[Message] = [assistant(self.attempt.text)]
        for turn in taken:
            messages += [user(turn.words), assistant(turn.answer.text)]
        final = taken[-1].answer
        return final.model_copy(
            update={
                "id": self.student.place.row("answer", self.attempt.id, "dialogue"),
                "messages": tuple(messages),
                "unlearnt": len(messages) - 1,
                "context": "dialogue",
                "lineage": final.lineage.model_copy(update={"parent": None}),
                "producers": (*final.producers, *self.teacher.producers(*(turn.call for turn in taken))),
                "influences": (),
                "stands_alone": None,
                "leak": None,
                "stop_reason": stop_reason,
                "calls": tuple(
                    dict.fromkeys(
                        (
                            *self.attempt.calls,
                            *(key for turn in taken for key in (turn.call.id, *turn.answer.calls)),
                        )
                    )
                ),
            }
        )
