"""Simulated rewriters better an answer in the respect they are asked for, err as their nature declares, and leak."""

from __future__ import annotations

import pytest
from sim_desk import PARAMS, answer, checkable, holds_leak, item, model, open_ended, prompt

from aaa.evolve import read_rewriting
from aaa.scenario.stages import AIMS
from aaa.sim import respond
from aaa.sim.prose import impression
from aaa.text import style
from aaa.types import Instruction, Model
from aaa.verify import check

POOR = model("oak", default_skill=0.0, verbosity=0.4)
MASTER = model("elm", default_skill=1.0, heed=1.0, verbosity=0.9)


def rewritten(who: Model, one: Instruction, text: str, aim: str) -> str:
    """The new answer, or the old one where nothing was found."""
    words = respond(who, prompt("evolve_answer", one, answer=text, aim=aim, words=400), PARAMS).text
    read = read_rewriting(words)
    assert read is not None, words
    return read or text


def test_a_master_puts_wrong_results_right_and_a_poor_rewriter_makes_right_ones_wrong() -> None:
    for one in checkable():
        assert check(one, rewritten(MASTER, one, answer(POOR, one), "correctness")).passed
    poor = model("oak", default_skill=0.0, heed=1.0)
    assert not any(
        check(one, rewritten(poor, one, answer(MASTER, one), "correctness")).passed for one in checkable()[:40]
    )


@pytest.mark.parametrize("heed", [0.3, 0.9])
def test_something_is_changed_at_the_rate_of_heed(heed: float) -> None:
    who = model("elm", default_skill=1.0, heed=heed)
    mended = [check(one, rewritten(who, one, answer(POOR, one), "logic")).passed for one in checkable()]
    assert sum(mended) / len(mended) == pytest.approx(heed, abs=0.1)


def test_each_respect_moves_what_it_names() -> None:
    longer = shorter = 0
    for one in checkable():
        terse = answer(model("ash", default_skill=1.0, verbosity=0.0), one)
        wordy = answer(MASTER, one)
        longer += style(rewritten(MASTER, one, terse, "depth")).words > style(terse).words
        brief = rewritten(MASTER, one, wordy, "brevity")
        shorter += style(brief).words < style(wordy).words
        assert check(one, brief).passed
    assert longer > 0.8 * len(checkable())
    assert shorter > 0.8 * len(checkable())


def test_open_answers_get_better_in_logic_by_a_good_writer() -> None:
    gains = [
        impression(one.text, rewritten(MASTER, one, draft, "logic")).quality - impression(one.text, draft).quality
        for one in open_ended()
        for draft in [answer(model("oak", default_skill=0.3), one)]
    ]
    assert min(gains) > -0.1
    assert sum(gain > 0.05 for gain in gains) > 0.7 * len(gains)


@pytest.mark.parametrize("aim", AIMS)
def test_a_text_that_cannot_be_bettered_is_left_alone(aim: str) -> None:
    one = item("What is 84 × 37?")
    best = answer(MASTER, one)
    for _ in range(3):
        best = rewritten(MASTER, one, best, aim)
    assert rewritten(MASTER, one, best, aim) == best


def test_leaks_occur_at_their_rate() -> None:
    who = model("elm", default_skill=1.0, heed=1.0, leak=0.4)
    leaking = [holds_leak(rewritten(who, one, answer(POOR, one), "logic")) for one in checkable()]
    assert sum(leaking) / len(leaking) == pytest.approx(0.4, abs=0.1)
