"""Simulated teachers hint without telling, and simulated students learn from hints within the episode."""

from __future__ import annotations

from sim_desk import PARAMS, answer, checkable, model, open_ended, prompt

from aaa.sim import respond
from aaa.teach.hints import RIGHT, gives_away
from aaa.types import Answer, TextStyle
from aaa.verify import check

POOR = model("oak", default_skill=0.0)
MASTER = model("elm", default_skill=1.0, heed=1.0)


def hinted(who, one, attempt, *, hints="", correct=False):
    shown = {"reference": None, "hints": hints, "correct": correct}
    return respond(who, prompt("lesson_hint", one, attempt=attempt, **shown), PARAMS).text


def retried(who, one, attempt, words):
    return respond(who, prompt("lesson_retry", one, attempt=attempt, hint=words), PARAMS).text


def as_answer(text):
    return Answer.model_construct(messages=(), text=text, style=TextStyle(words=1))


def test_a_master_finds_wrong_attempts_and_hints_without_telling():
    told = 0
    for one in checkable():
        attempt = answer(POOR, one)
        words = hinted(MASTER, one, attempt)
        assert words != RIGHT
        told += gives_away(words, one, Answer.model_construct(messages=()))
    assert told <= 0.02 * len(checkable())


def test_right_attempts_are_called_right():
    assert all(hinted(MASTER, one, answer(MASTER, one)) == RIGHT for one in checkable())


def test_a_hint_raises_the_chance_of_being_right_and_a_correction_more():
    student = model("oak", default_skill=0.0, heed=0.8)
    plain = after_hint = after_correction = 0
    for one in checkable():
        attempt = answer(student, one)
        plain += check(one, attempt).passed
        after_hint += check(one, retried(student, one, attempt, hinted(MASTER, one, attempt))).passed
        shown = hinted(MASTER, one, attempt, correct=True)
        after_correction += check(one, retried(student, one, attempt, shown)).passed
    number = len(checkable())
    assert plain == 0
    assert 0.35 * number < after_hint <= after_correction + 0.05 * number
    assert 0.65 * number < after_correction < 0.95 * number


def test_a_declared_rate_of_teachers_give_the_result_away():
    loose = model("elm", default_skill=1.0, gives_away=0.5)
    told = [
        gives_away(hinted(loose, one, answer(POOR, one)), one, Answer.model_construct(messages=()))
        for one in checkable()
    ]
    assert 0.3 < sum(told) / len(told) < 0.6, "a result that the task itself names is given away by nobody"


def test_open_attempts_get_better_or_stay():
    for one in open_ended()[:20]:
        attempt = answer(POOR, one)
        words = hinted(MASTER, one, attempt)
        assert words
        assert retried(MASTER, one, attempt, words)
