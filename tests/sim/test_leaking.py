"""Leaks of simulated writers, and simulated readers who tell at their declared rate."""

from __future__ import annotations

import pytest
from sim_desk import PARAMS, answer, checkable, model, prompt

from aaa.sim import respond
from aaa.sim.leaking import LEAKS
from aaa.sim.mind import fingerprint
from aaa.types import SimJudge, SimProfile

POOR = model("oak", default_skill=0.0)
SUBTLE = LEAKS["en"][-1]


def read(who, one, text):
    words = respond(who, prompt("stands_alone", one, answer=text), PARAMS).text
    return words.splitlines()[-1] == "[[refers]]"


@pytest.mark.parametrize("rate", [0.0, 0.2])
def test_a_reader_errs_at_its_rate_either_way(rate):
    reader = model("elm", judge={"alone_errors": rate})
    clean = [read(reader, one, answer(POOR, one)) for one in checkable()]
    leaks = [not read(reader, one, f"{SUBTLE}\n\n{answer(POOR, one)}") for one in checkable()]
    for errors in (clean, leaks):
        assert sum(errors) / len(errors) == pytest.approx(rate, abs=0.07)
        assert rate or not any(errors)


def test_leaks_are_in_the_language_of_the_task():
    student = model("oak", default_skill=0.0, leak=1.0)
    seen = set()
    for one in checkable():
        text = respond(student, prompt("lesson_retry", one, attempt="?", hint="Look again."), PARAMS).text
        (language,) = {name for name, known in LEAKS.items() for phrase in known if text.startswith(phrase)}
        seen.add(language)
    assert {"en", "de"} <= seen


def test_an_undeclared_rate_leaves_a_model_who_it_was():
    assert fingerprint("oak", SimProfile()) == fingerprint("oak", SimProfile(judge=SimJudge(alone_errors=0.02)))
    assert fingerprint("oak", SimProfile()) != fingerprint("oak", SimProfile(judge=SimJudge(alone_errors=0.0)))
