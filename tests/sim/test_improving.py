"""Critics name flaws they see, authors heed them at their rate, and leaks occur and are mended as declared."""

from __future__ import annotations

import pytest
from sim_desk import PARAMS, answer, checkable, holds_leak, item, model, open_ended, prompt

from aaa.sim import respond
from aaa.sim.prose import impression
from aaa.types import Instruction, Model
from aaa.verify import check

DRAFTER = model("oak", default_skill=0.0, verbosity=0.4)


def criticised(critic: Model, one: Instruction, text: str) -> str:
    return respond(critic, prompt("critique", one, answer=text), PARAMS).text


def revised(author: Model, one: Instruction, text: str, suggestions: str) -> str:
    return respond(
        author, prompt("revise", one, answer=text, suggestions=suggestions, own=True, several=False), PARAMS
    ).text


def test_a_good_critic_finds_each_wrong_result_and_leaves_right_ones_alone() -> None:
    critic, master = model("ash", default_skill=1.0), model("elm", default_skill=1.0, verbosity=0.9)
    for one in checkable():
        assert criticised(critic, one, answer(DRAFTER, one)).startswith("- [correctness] ")
        assert "[correctness]" not in criticised(critic, one, answer(master, one))


def test_a_poor_critic_calls_right_results_wrong() -> None:
    critic, master = model("ash", default_skill=0.0), model("elm", default_skill=1.0)
    assert all("[correctness]" in criticised(critic, one, answer(master, one)) for one in checkable())


def test_suggestions_have_the_form_that_the_prompt_wants() -> None:
    critic = model("ash", default_skill=0.5)
    for one in (*checkable(), *open_ended()):
        lines = criticised(critic, one, answer(DRAFTER, one)).splitlines()
        assert 1 <= len(lines) <= 3
        for line in lines:
            assert line == "- nothing to improve" or line.startswith("- [")
            assert line.count('" -> ') == (line != "- nothing to improve")


@pytest.mark.parametrize("heed", [0.3, 0.9])
def test_an_author_mends_what_a_right_critic_names_at_the_rate_of_its_heed(heed: float) -> None:
    critic, author = model("ash", default_skill=1.0), model("elm", heed=heed)
    mended = [
        check(one, revised(author, one, draft := answer(DRAFTER, one), criticised(critic, one, draft))).passed
        for one in checkable()
    ]
    assert sum(mended) / len(mended) == pytest.approx(heed, abs=0.1)


def test_a_wrong_critic_misleads_the_weak_and_seldom_the_strong() -> None:
    critic, master = model("ash", default_skill=0.0), model("fir", default_skill=1.0)
    misled = {}
    for skill in (0.2, 0.95):
        author = model("elm", default_skill=skill, heed=1.0)
        texts = [
            revised(author, one, draft := answer(master, one), criticised(critic, one, draft)) for one in checkable()
        ]
        misled[skill] = sum(not check(one, text).passed for one, text in zip(checkable(), texts, strict=True)) / len(
            texts
        )
    assert misled[0.2] == pytest.approx(0.8, abs=0.1)
    assert misled[0.95] < 0.15


def test_open_answers_get_better_when_suggestions_are_heeded() -> None:
    critic, author = model("ash", judge={"accuracy": 1.0}), model("elm", heed=1.0)
    gains = []
    for one in open_ended():
        draft = answer(model("oak", default_skill=0.3), one)
        new = revised(author, one, draft, criticised(critic, one, draft))
        gains.append(impression(one.text, new).quality - impression(one.text, draft).quality)
    assert sum(gain > 0.05 for gain in gains) > 0.8 * len(gains)
    assert min(gains) > -0.1


def test_nothing_to_improve_leaves_the_answer_as_it_was() -> None:
    one = item("What is 84 × 37?")
    draft = answer(DRAFTER, one)
    assert revised(model("elm", heed=1.0), one, draft, "- nothing to improve") == draft


def test_leaks_occur_at_their_rate_and_can_be_rewritten() -> None:
    critic, author = model("ash", default_skill=1.0), model("elm", leak=0.4, heed=1.0)
    leaking = 0
    for one in checkable():
        draft = answer(DRAFTER, one)
        new = revised(author, one, draft, criticised(critic, one, draft))
        if holds_leak(new):
            leaking += 1
            clean = respond(author, prompt("rewrite_alone", one, answer=new), PARAMS).text
            assert not holds_leak(clean)
            assert check(one, clean).passed == check(one, new).passed
    assert leaking / len(checkable()) == pytest.approx(0.4, abs=0.1)
    never = model("elm", leak=0.0, heed=1.0)
    for one in checkable():
        draft = answer(DRAFTER, one)
        assert not holds_leak(revised(never, one, draft, criticised(critic, one, draft)))
