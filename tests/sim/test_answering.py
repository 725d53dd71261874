"""Plain answers: as often right as declared, wrong in a plausible and consistent way, in one's own voice."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sim_desk import PARAMS, answer, checkable, item, model, open_ended, seeds

from aaa.sim import respond
from aaa.sim.prose import impression, limits_of
from aaa.types import Message, Params, assistant, system, user
from aaa.verify import check


def passed(who, *, draws: int = 1) -> float:
    checks = [check(one, answer(who, one, draw=draw)).passed for one in checkable() for draw in range(draws)]
    return sum(checks) / len(checks)


def test_it_is_given_nothing_but_the_request() -> None:
    assert list(inspect.signature(respond).parameters) == ["model", "messages", "params", "tools", "draw", "attempt"]


def test_a_reference_plays_no_part() -> None:
    honest = item("What is 17 + 25?", reference="42", verifier={"kind": "numeric"})
    misled = item("What is 17 + 25?", reference="99", verifier={"kind": "numeric"})
    who = model(default_skill=1.0)
    assert answer(who, honest) == answer(who, misled)
    assert "42" in answer(who, misled)


def test_the_perfect_are_always_right_and_the_hopeless_always_wrong() -> None:
    assert passed(model(default_skill=1.0, verbosity=0.9)) == 1.0
    assert passed(model(default_skill=0.0, verbosity=0.9)) == 0.0


@pytest.mark.parametrize("skill", [0.3, 0.6, 0.9])
def test_accuracy_follows_the_declared_skill(skill: float) -> None:
    # 760 answers, some correlated between draws: three standard errors are about 0.06.
    assert passed(model(default_skill=skill), draws=4) == pytest.approx(skill, abs=0.06)


def test_skills_differ_by_name() -> None:
    who = model(default_skill=1.0, skills={"units": 0.0})
    failed = {one.skill for one in checkable() if not check(one, answer(who, one)).passed}
    assert failed == {"units"}


def test_hard_tasks_are_missed_more_often() -> None:
    easy = [one for one in checkable() if one.difficulty < 3.5]
    hard = [one for one in checkable() if one.difficulty > 5.5]
    who = model(default_skill=0.7)
    rates = [
        sum(check(one, answer(who, one, draw=draw)).passed for one in group for draw in range(8)) / len(group) / 8
        for group in (easy, hard)
    ]
    assert rates[0] > rates[1] + 0.05


def test_replies_are_deterministic_and_draws_differ() -> None:
    who = model(default_skill=0.5, verbosity=0.6)
    for one in seeds():
        assert answer(who, one) == answer(who, one)
    changed = sum(answer(who, one) != answer(who, one, draw=1) for one in seeds())
    assert changed > len(seeds()) / 2


def test_two_models_of_the_same_nature_and_family_are_the_same() -> None:
    one = seeds()[5]
    a, b = model("oak", verbosity=0.5), model("oak", verbosity=0.5).model_copy(update={"name": "another"})
    assert a.identity == b.identity
    assert answer(a, one) == answer(b, one)
    assert model("elm", verbosity=0.5).identity != a.identity


def test_a_wrong_answer_is_told_as_confidently_as_a_right_one() -> None:
    one = item("What is 347 + 589 - 120?")
    wrong = answer(model(default_skill=0.0, verbosity=0.6), one)
    assert "816" not in wrong
    said = wrong.split("nswer:")[1].split("\n")[0].strip(" *")
    assert f"= {said}" in wrong


def test_verbosity_shows_in_length() -> None:
    lengths = []
    for verbosity in (0.0, 0.4, 0.9):
        who = model(default_skill=1.0, verbosity=verbosity)
        lengths.append(sum(len(answer(who, one).split()) for one in seeds()))
    assert lengths[0] < lengths[1] < lengths[2]
    assert all("\n" not in answer(model(default_skill=1.0, verbosity=0.0), one) for one in checkable())


def test_families_have_voices_of_their_own() -> None:
    one = item("What is 84 × 37?")
    texts = {answer(model(family, default_skill=1.0, verbosity=0.8), one) for family in ("oak", "elm", "ash", "fir")}
    assert len(texts) == 4


def test_open_answers_show_the_level_of_their_writer() -> None:
    means = []
    for skill in (0.1, 0.5, 0.95):
        who = model(default_skill=skill)
        means.append(sum(impression(one.text, answer(who, one)).quality for one in open_ended()) / len(open_ended()))
    assert means[0] + 0.1 < means[1] < means[2] - 0.1


def test_good_writers_keep_to_stated_limits_and_poor_ones_often_do_not() -> None:
    bound = [one for one in open_ended() if limits_of(one.text).any]
    assert len(bound) >= 10

    def breaking(skill: float) -> int:
        who = model(default_skill=skill, verbosity=0.9)
        return sum(bool(impression(one.text, answer(who, one)).broken) for one in bound)

    assert breaking(1.0) == 0
    assert breaking(0.1) > len(bound) / 2


def test_several_limits_are_kept_at_once() -> None:
    one = item("Give me three tips for sleeping better, in at most 40 words.")
    text = answer(model(default_skill=1.0, verbosity=0.9), one)
    assert len(text.splitlines()) == 3
    assert len(text.split()) <= 44


def test_an_item_may_need_earlier_turns() -> None:
    who = model(default_skill=1.0)
    talk = [
        user("A box holds 12 eggs and costs little."),
        assistant("All right."),
        user("How many eggs are in 9 boxes?"),
    ]
    assert "108" in respond(who, talk, PARAMS).text


@pytest.mark.parametrize(
    "messages",
    [
        [user("")],
        [user("?!? ...")],
        [system("You are kind.")],
        [user("Hello"), assistant("Hello, how can I help?")],
        [],
        [user("Sum up these parts.\n\n<<<part 0a0a>>>\nsome text\n<<<end of part 0a0a>>>")],
        [user("Do it.\n\n<<<instruction 0a0a>>>\nWhat is 1 + 1?\n<<<end of instruction 0a0a>>>\n\nReply with YAML.")],
    ],
)
def test_what_cannot_be_read_is_not_understood(messages: list[Message]) -> None:
    assert respond(model(), messages, PARAMS).text.startswith("I did not understand")


@given(st.lists(st.tuples(st.sampled_from(["system", "user", "assistant", "tool"]), st.text(max_size=80)), max_size=5))
def test_any_conversation_gets_a_reply(turns: list[tuple[str, str]]) -> None:
    messages = [Message(role=role, content=text) for role, text in turns]
    assert respond(model(), messages, PARAMS).text


def test_a_short_limit_cuts_the_reply() -> None:
    one = item("What is 84 × 37?")
    whole = respond(model(verbosity=0.9), one.prompt, PARAMS)
    cut = respond(model(verbosity=0.9), one.prompt, Params(max_tokens=3))
    assert whole.finish_reason == "stop"
    assert cut.finish_reason == "length"
    assert len(cut.text) == 12
    assert cut.usage.completion_tokens == 3


def test_a_stop_sequence_ends_the_reply() -> None:
    text = respond(model(default_skill=1.0, verbosity=0.5), item("What is 2 + 2?").prompt, Params(stop=("=",))).text
    assert "=" not in text


def test_usage_is_about_four_characters_a_token() -> None:
    one = item("What is 84 × 37? " + "Please take your time. " * 20)
    reply = respond(model(), one.prompt, PARAMS)
    assert reply.usage.prompt_tokens == pytest.approx(len(one.text) / 4, abs=6)
    assert reply.usage.completion_tokens == pytest.approx(len(reply.text) / 4, abs=1)
    assert reply.answered_by == "oak-model"
