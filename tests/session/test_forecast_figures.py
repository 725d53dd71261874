"""The arithmetic of forecasts: ranges, samples of a population, lengths, anatomy of a request, bounds, duration."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.scenario import Scenario
from aaa.session.planning.anatomy import dissect, replies_of
from aaa.session.planning.bounds import bounds
from aaa.session.planning.forecast import Line, duration, price_of, total
from aaa.session.planning.lengths import PRIORS, Expected, measure
from aaa.session.planning.ranges import Range, spread, total_of
from aaa.types import Call, Deployment, Instruction, Model, Price, Reply, Usage, user

FIGURES = st.floats(0, 1e6)


def exactly(value: float) -> Range:
    return Range.exactly(value)


@given(st.lists(FIGURES, min_size=2, max_size=30), st.integers(0, 10_000))
def test_a_sample_gives_an_interval_around_its_own_extrapolation(sample: list[float], more: int) -> None:
    population = len(sample) + more
    found = total_of(sample, population)
    assert found.low <= found.likely + 1e-6
    assert found.likely <= found.high + 1e-6
    assert found.likely == pytest.approx(population * sum(sample) / len(sample))
    assert found.low >= sum(sample) - 1e-6, "what was seen is there already"


def test_the_whole_population_leaves_nothing_to_guess() -> None:
    assert total_of([1.0, 2.0, 3.0], 3) == exactly(6.0)
    assert total_of([5.0], 1) == exactly(5.0)


def test_nineteen_of_twenty_intervals_hold_the_truth() -> None:
    lots, held = random.Random(1), 0
    for _ in range(1000):
        population = [lots.lognormvariate(5, 0.4) for _ in range(200)]
        held += total_of(lots.sample(population, 8), 200).holds(sum(population))
    assert held >= 930


def test_equal_items_still_leave_room_for_what_was_not_seen() -> None:
    found = total_of([10.0] * 5, 100)
    assert (found.low, found.high) == (pytest.approx(900), pytest.approx(1100))


@given(st.lists(FIGURES, min_size=2))
def test_a_spread_is_in_order(values: list[float]) -> None:
    found = spread(values)
    assert found.low <= found.likely <= found.high


def call(
    text: str, *messages: str, prompt: int = 10, completion: int = 5, reasoning: int = 0, seconds: float = 1.0
) -> Call:
    request = {"messages": [{"role": "user", "content": m} for m in messages], "params": {"max_tokens": 100}}
    usage = Usage(prompt_tokens=prompt, completion_tokens=completion, reasoning_tokens=reasoning)
    reply = Reply(text=text, answered_by="m", usage=usage)
    return Call(id=text, model="m", request=request, reply=reply, seconds=seconds)


def test_lengths_are_measured_from_five_calls_on_and_declared_before() -> None:
    calls = [call(str(n), "x" * 176, prompt=50, completion=100 * n, reasoning=50 * n, seconds=n) for n in range(1, 6)]
    few = Expected((measure("journal", (("m", "judge", c) for c in calls[:4])),))
    assert few.reply("m", "judge").source == "prior"
    assert few.reply("m", "judge").completion == PRIORS["judge"]
    enough = Expected((measure("journal", (("m", "judge", c) for c in calls)),))
    found = enough.reply("m", "judge")
    assert found.source == "journal"
    assert found.completion.likely == 300
    assert found.completion.low < 200
    assert found.completion.high > 400
    assert found.heard.likely == 150, "others do not get to read its reasoning"
    assert found.seconds == 3
    assert found.at_most(120).completion.high == 120
    assert enough.density("m") == exactly((176 + 24) / 50)
    assert enough.reply("m", "critic").source == enough.reply("n", "judge").source == "prior"


def test_replies_whose_tokens_nobody_counted_measure_nothing() -> None:
    silent = [call(str(n), "x") for n in range(9)]
    silent = [c.model_copy(update={"reply": c.reply.model_copy(update={"usage": None})}) for c in silent if c.reply]
    assert Expected((measure("journal", (("m", "judge", c) for c in silent)),)).reply("m", "judge").source == "prior"


def test_the_first_source_that_knows_is_believed() -> None:
    short, long = ([call(str(n), "x", completion=size) for n in range(5)] for size in (7, 900))
    both = Expected(tuple(measure("journal", (("m", "judge", c) for c in calls)) for calls in (short, long)))
    assert both.reply("m", "judge").completion.likely == 7


def instruction(text: str) -> Instruction:
    return Instruction(id="i", session="s", source_id="p", messages=(user(text),))


def test_a_request_is_taken_apart_into_frame_instruction_and_replies() -> None:
    long, short = "Let me see.\nAnswer: 42", "Answer: 42"
    replies = replies_of([(("ant", "member"), call(long, "?")), (("bee", "member"), call(short, "?"))])
    judged = f"Which is better?\n<<<1>>>\n{long}\n<<<end>>>\n<<<2>>>\n{short}\n<<<end>>>\nWhat is 40 + 2?"
    found = dissect(call("[[1]]", judged), instruction("What is 40 + 2?"), replies)
    assert sorted(found.quoted) == [("ant", "member"), ("bee", "member")], "the short one is no line of the long one"
    assert found.copies == 1
    assert found.fixed == len(judged) - len(long) - len(short) + 24
    assert found.frame == found.fixed - len("What is 40 + 2?")


def test_a_reply_inside_other_words_is_no_quotation_and_a_turn_is_one() -> None:
    replies = replies_of([(("ant", "teacher"), call("forty", "?"))])
    assert dissect(call("r", "forty-two, or\nforty two"), instruction("?"), replies).quoted == ()
    assert dissect(call("r", "Assistant: forty\n\nUser: forty"), instruction("?"), replies).quoted == (
        ("ant", "teacher"),
        ("ant", "teacher"),
    )


@given(st.text(max_size=50), st.lists(st.text(min_size=1, max_size=8), max_size=5))
def test_taking_apart_never_loses_count(text: str, said: list[str]) -> None:
    replies = replies_of([(("ant", "member"), call(reply, "?")) for reply in said])
    found = dissect(call("r", "\n".join([text, *said])), instruction(text), replies)
    assert found.fixed >= 24
    assert 0 <= found.frame <= found.fixed
    assert found.copies >= 1


def scenario(**fields: object) -> Scenario:
    models = {name: {"model": f"sim/{name}", "family": name} for name in ("ant", "bee", "cat")}
    cast = {
        "members": {"models": ["ant", "bee", "cat"]},
        "students": {"models": ["ant"]},
        "teachers": {"models": ["bee", "cat"]},
        "critics": {"models": ["bee", "cat"]},
        "judges": {"models": ["ant", "bee", "cat"]},
    }
    given = {"name": "s", "models": models, "cast": cast, "prompts": {"from": "x.jsonl"}, **fields}
    return Scenario.model_validate(given)


def most(found: Scenario, stage: str) -> dict[str, int]:
    """The most calls by role."""
    calls: dict[str, int] = {}
    for bound in bounds(found)[stage]:
        calls[bound.role] = calls.get(bound.role, 0) + bound.calls
    return calls


def test_bounds_count_every_call_a_stage_can_make() -> None:
    stages = ["answer", {"chat": {"turns": 7}}, {"critique": {"revise": 2}}, "grade", "battle"]
    found = scenario(stages=stages)
    assert most(found, "answer") == {"member": 3}
    assert most(found, "chat") == {"teacher": 3, "student": 3}
    # 3 drafts x 2 rounds; critics, judges and readers asked twice, each revision written twice and read twice, by two
    # readers where the first gives no verdict; 3 jurors x 2 games.
    assert most(found, "critique") == {"critic": 12, "member": 12, "reader": 48, "judge": 72}
    assert most(found, "grade") == {"judge": (3 + 6 + 1) * 3 * 2}
    assert most(found, "battle") == {"judge": 3 * 3 * 2 * 2}
    assert max(bound.quoted for bound in bounds(found)["grade"]) == 7, "a dialogue of six replies, and its own"


def test_bounds_follow_the_target() -> None:
    found = scenario(stages=["answer", {"battle": {"against": "target"}}, {"critique": {"of": "target"}}], target="ant")
    assert most(found, "battle") == {"judge": 2 * 3 * 2 * 2}
    assert most(found, "critique") == {"critic": 2, "member": 2, "reader": 8, "judge": 12}


def line(stage: str, model: str, role: str, calls: float, seconds: float = 1.0, tokens: float = 0.0) -> Line:
    return Line(
        stage=stage,
        model=model,
        role=role,
        calls=exactly(calls),
        prompt_tokens=exactly(tokens),
        completion_tokens=exactly(0),
        usd=None,
        seconds=seconds,
        too_long=exactly(0),
        source="prior",
    )


def test_time_is_what_takes_longest() -> None:
    free = Model(name="ant", model="sim/ant", family="a")
    lines = [line("answer", "ant", "member", 100, 2.0), line("battle", "ant", "judge", 600, 3.0)]
    taken = {"answer": 100, "battle": 100}
    found = duration(lines, [free], taken, prompts=100, at_once=10)
    assert (found.seconds, found.limited_by) == (50, "episodes_at_once: 10"), "games go side by side, stages do not"
    slow = free.model_copy(update={"rpm": 70})
    found = duration(lines, [slow], taken, prompts=100, at_once=10)
    assert (found.seconds, found.limited_by) == (9 * 60 + 5, "models.ant.rpm: 70")
    narrow = free.model_copy(update={"concurrency": 2})
    assert duration(lines, [narrow], taken, prompts=100, at_once=10).seconds == (200 + 1800) / 2 + 5
    talk = [line("chat", "ant", "teacher", 30), line("chat", "ant", "student", 20)]
    assert duration(talk, [free], {"chat": 10}, prompts=10, at_once=10).seconds == 5, "turns wait for each other"


@pytest.mark.parametrize("name", ["tpm", "input_tpm"])
def test_tokens_a_minute_take_their_time(name: str) -> None:
    model = Model.model_validate({"name": "ant", "model": "sim/ant", "family": "a", name: 1000})
    found = duration([line("answer", "ant", "member", 1, 1.0, 5000)], [model], {"answer": 1}, prompts=1, at_once=1)
    assert found.seconds == 4 * 60 + 1


def test_places_of_one_model_add_up() -> None:
    model = Model(name="ant", model="openai/ant", family="a", deployments=(Deployment(rpm=10), Deployment(rpm=30)))
    lines = [line("answer", "ant", "member", 120)]
    found = duration(lines, [model], {"answer": 120}, prompts=120, at_once=120)
    assert (found.seconds, found.limited_by) == (2 * 60 + 1, "models.ant.rpm: 40")


def test_an_unknown_price_is_counted_apart_and_never_as_nothing() -> None:
    known = line("answer", "bee", "member", 10).model_copy(update={"usd": exactly(0.5)})
    found = total([line("answer", "ant", "member", 3), known])
    assert found.usd == exactly(0.5)
    assert found.unpriced_calls == 3
    assert found.calls == exactly(13)
    assert price_of(None, exactly(1), exactly(1), longest=1) is None
    assert price_of(Price(input=1, output=2), exactly(1e6), exactly(1e6), longest=1) == exactly(3.0)
