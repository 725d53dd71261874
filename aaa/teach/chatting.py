"""A student works on a task with a teacher's help; what the teacher says becomes the answer."""

from __future__ import annotations

from collections.abc import Sequence

from aaa.agents import OFF, Agent, Stop, Turn, converse, shown_messages, written
from aaa.errors import ParseError
from aaa.graphs import conversation_graph, speaking_order
from aaa.prompts import PromptSet
from aaa.teach.quality import quality_of
from aaa.text import fence
from aaa.types import Answer, Instruction, Lineage, Message, Sandbox, assistant, user

STUDENT, TEACHER = "student", "teacher"
DONE = "[[DONE]]"  # named in chat_student.jinja


async def chat(
    instruction: Instruction,
    student: Agent,
    teacher: Agent,
    prompts: PromptSet,
    *,
    turns: int,
    seed: int,
    sandbox: Sandbox = OFF,
) -> Answer:
    """A dialogue of at most `turns` messages (2 or more), of which the instruction's own turn is the first.

    It ends when the student says that it is done, or at `turns`, and always with the teacher's words. Raises
    `ParseError` where the teacher never said anything but the marker, `CallError` or `StopError`.
    """
    mark = fence(seed, "chat", instruction.id)
    brief = prompts.render("chat_student", messages=shown_messages(instruction.prompt, mark), fence=mark)
    # The student has asked already: the instruction is its own first turn, so that turns alternate for it too, as the
    # chat templates of several open models demand.
    asked = (user(brief.text), assistant(instruction.text))
    speakers = (
        teacher.speaker(TEACHER, instruction.prompt, step="chat/teacher"),
        student.speaker(STUDENT, asked, step="chat/student"),
    )
    plan = conversation_graph([(TEACHER, STUDENT), (STUDENT, TEACHER)])
    limit = turns // 2 * 2 - 1  # without the opening turn; the teacher's is the last, a student's would be dropped
    transcript = await converse(
        speaking_order(plan, TEACHER, limit=limit), speakers, Stop(turns=limit, done=DONE, by=STUDENT)
    )
    kept = _up_to_the_teacher(transcript.turns)
    if not kept:
        raise ParseError("the teacher said nothing", raw="", call=transcript.turns[-1].call.id, model=teacher.name)
    said = tuple(_message(turn) for turn in kept)
    found = await written(
        instruction,
        teacher,
        said,
        row=teacher.place.row("answer", student.name, teacher.name),
        calls=tuple(turn.call for turn in kept),
        sandbox=sandbox,
        context="dialogue",
        lineage=Lineage(operation="chat", model=teacher.name, prompt=brief.hash),
        producers=(
            *student.producers(*(turn.call for turn in kept if turn.speaker == STUDENT)),
            *teacher.producers(*(turn.call for turn in kept if turn.speaker == TEACHER)),
        ),
        stop_reason=transcript.stop_reason,
    )
    return found.model_copy(update={"transcript": quality_of((*instruction.messages, *said), instruction.language)})


def _up_to_the_teacher(turns: Sequence[Turn]) -> list[Turn]:
    """The turns without those at the end that are the student's, or hold the marker only."""
    kept = list(turns)
    while kept and (kept[-1].speaker == STUDENT or not _words(kept[-1])):
        kept.pop()
    return kept


def _message(turn: Turn) -> Message:
    return assistant(_words(turn)) if turn.speaker == TEACHER else user(_words(turn))


def _words(turn: Turn) -> str:
    return turn.text.replace(DONE, "").strip()
