"""A student tries and asks, a teacher guides and closes with the result, and both come to an end."""

from __future__ import annotations

import pytest
from sim_desk import PARAMS, checkable, item, model, open_ended, prompt

from aaa.sim import respond
from aaa.types import Instruction, Model, assistant, system, user
from aaa.verify import check

TEACHER = system("You are a teacher who helps one student with one task.")
STUDENT = system("You are a student with a task before you and a teacher beside you.")


def talk(one: Instruction, teacher: Model, student: Model, *, turns: int = 5) -> list[str]:
    """Turns of both, the teacher's first, until the student is done."""
    class_room = [TEACHER, *one.messages]
    desk = [STUDENT, *prompt("chat_student", one), assistant(one.text)]
    said: list[str] = []
    while len(said) < turns and not (said and "[[DONE]]" in said[-1]):
        if len(said) % 2 == 0:
            said.append(respond(teacher, class_room, PARAMS).text)
            class_room.append(assistant(said[-1]))
            desk.append(user(said[-1]))
        else:
            said.append(respond(student, desk, PARAMS).text)
            desk.append(assistant(said[-1]))
            class_room.append(user(said[-1]))
    return said


@pytest.mark.parametrize("skill", [0.0, 1.0])
def test_the_teachers_last_words_are_the_full_result(skill: float) -> None:
    teacher, student = model("ash", default_skill=1.0, verbosity=0.6), model("elm", default_skill=skill)
    for one in checkable():
        said = talk(one, teacher, student)
        assert check(one, said[::2][-1]).passed, said


def test_the_first_message_keeps_the_result_back() -> None:
    teacher = model("ash", default_skill=1.0)
    for one in checkable():
        first = talk(one, teacher, model("elm"), turns=1)[0]
        assert "nswer:" not in first
        assert first != one.text


def test_a_good_student_is_done_sooner_than_a_poor_one() -> None:
    teacher = model("ash", default_skill=1.0)
    lengths = {}
    for skill in (0.0, 1.0):
        talks = [talk(one, teacher, model("elm", default_skill=skill, heed=0.5), turns=7) for one in checkable()]
        assert all(said[-1].rstrip().endswith("\n[[DONE]]") for said in talks)
        lengths[skill] = sum(map(len, talks)) / len(talks)
    assert lengths[1.0] + 1 < lengths[0.0]


def test_a_wrong_attempt_is_pointed_at() -> None:
    one = item("What is 84 × 37?")
    said = talk(one, model("ash", default_skill=1.0), model("elm", default_skill=0.0))
    assert "3108" not in said[1]
    assert said[2].startswith("Not quite yet.")
    assert "3108" not in said[2]
    assert "3108" in said[4]


def test_open_tasks_end_with_a_whole_piece() -> None:
    teacher, student = model("ash", default_skill=0.9), model("elm", default_skill=0.3)
    for one in open_ended():
        said = talk(one, teacher, student)
        assert len(said[::2][-1].split()) > 15
        assert len(set(said)) == len(said), "nobody repeats himself"


def test_a_student_speaks_the_language_of_the_task() -> None:
    one = item("Wie viel ist 17 mal 24?")
    said = talk(one, model("ash", default_skill=1.0), model("elm", default_skill=1.0))
    assert said[1].startswith("Ich versuche es.")
    assert "Antwort: 408" in said[2]
