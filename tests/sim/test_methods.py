"""A simulated evolver does what a method says; its faults follow from what the method omits or takes back."""

from __future__ import annotations

from collections import Counter

import pytest
from sim_desk import PARAMS, model, prompt, seeds

from aaa.evolve.auto import read_issues, reply_fault, text_fault, under_mark
from aaa.prompts import PromptSet
from aaa.sim import respond
from aaa.sim.methods import DEMANDS, bewildered, demanded
from aaa.sim.requests import Task
from aaa.types import Model, user

GOOD = PromptSet.load().render("evolve_method").text
READ = under_mark("instruction")


def faults(method: str, who: Model, *, answered: bool = True) -> Counter[str | None]:
    """What AAA's own checks find on the seeds."""
    found = Counter[str | None]()
    for one in seeds():
        after = READ(respond(who, prompt("evolve_by_method", one, fault=None, method=method), PARAMS).text)
        assert after is not None
        fault = text_fault(one.text, after)
        if fault is None and answered:
            fault = reply_fault(respond(who, [user(after)], PARAMS).text)
        found[fault] += 1
    return found


def test_a_heeding_evolver_with_a_good_method_never_fails() -> None:
    assert faults(GOOD, model(heed=1.0)) == {None: len(seeds())}


@pytest.mark.parametrize("heed", [0.6, 0.9])
def test_the_less_it_heeds_the_more_fails(heed: float) -> None:
    """Five demands, each missed in half of the cases in which it does not heed, and lost input only where there is."""
    failed = 1 - faults(GOOD, model(heed=heed))[None] / len(seeds())
    miss = 0.5 * (1 - heed)
    assert failed == pytest.approx(1 - (1 - miss) ** 4.4, abs=0.08)


@pytest.mark.parametrize(
    ("said", "unsaid", "seen"),
    [
        ("Add 10 to 20 words.", "", {"too_long"}),
        ("Do not answer it.", "", {"too_easy", "lost_input", "stagnant", "chatter"}),
        ("Do not answer it.", "Then answer it.", {"too_easy", "lost_input", "stagnant", "chatter"}),
        ("Give only the instruction, without remarks.", "", {"chatter"}),
        ("a little harder", "as simple as possible and keep it easy", {"too_easy", "lost_input", "unchanged"}),
    ],
)
def test_what_a_method_omits_goes_wrong(said: str, unsaid: str, seen: set[str]) -> None:
    who, flawed = model(heed=1.0), GOOD.replace(said, unsaid)
    assert flawed != GOOD
    assert len(demanded(flawed)) == len(DEMANDS) - 1
    found = faults(flawed, who)
    assert sum(found[fault] for fault in seen) > 0.3 * len(seeds())
    assert set(found) - {None} <= seen


def test_input_is_lost_where_there_is_any() -> None:
    flawed = GOOD.replace("Keep the given input", "Use the facts")
    found = faults(flawed, model(heed=1.0))
    assert set(found) - {None} <= {"lost_input", "asks_back", "too_easy"}
    assert found["lost_input"] > 20


def test_luck_falls_anew_for_every_method() -> None:
    who = model(heed=0.8)
    other = f"Work calmly. {GOOD}"
    replies = [
        [respond(who, prompt("evolve_by_method", one, fault=None, method=m), PARAMS).text for one in seeds()]
        for m in (GOOD, other)
    ]
    assert demanded(GOOD) == demanded(other)
    assert sum(a != b for a, b in zip(*replies, strict=True)) > 0.5 * len(seeds())


def case(made: str, fault: str) -> str:
    return f"Instruction: x\n\nMade of it: {made}\n\nAnswer to that: y\n\nFound by a program: {fault}"


def analysed(who: Model, *cases: str) -> list[str] | None:
    asked = PromptSet.load().render("auto_analyse", method=GOOD, cases=cases, fence="0f1e2d3c4b5a")
    read = read_issues(respond(who, [user(asked.text)], PARAMS).text)
    return None if read is None else [one.issue for one in read]


def test_an_optimiser_names_what_happens_twice() -> None:
    sharp = model(judge={"accuracy": 1.0})
    assert analysed(sharp, case("z", "too_long"), case("z", "too_long"), case("z", "chatter")) == ["too_long"]
    assert analysed(sharp, case("z", "nothing"), case("z", "chatter")) == []
    assert analysed(sharp, *[case("Answer: 4", "too_easy")] * 2) == ["answered"]
    assert analysed(model(judge={"accuracy": 0.0}), *[case("z", "chatter")] * 3) == []


def proposed(who: Model, method: str, issues: str, draw: int = 0) -> str:
    asked = PromptSet.load().render("auto_propose", method=method, issues=issues, words=400, fence="0f1e2d3c4b5a")
    read = under_mark("method")(respond(who, [user(asked.text)], PARAMS, draw=draw).text)
    assert read is not None
    return read


def test_an_optimiser_cures_what_was_named_and_takes_back_what_contradicts_it() -> None:
    flawed = GOOD.replace("Do not answer it.", "Then answer it.")
    made = proposed(model(heed=1.0), flawed, "- [answered] it answers")
    assert demanded(made) == list(DEMANDS)
    assert "Then answer it" not in made
    assert proposed(model(heed=1.0), flawed, "- [chatter] remarks") != flawed


def test_a_careless_optimiser_makes_worse_methods_too() -> None:
    who = model(heed=0.3)
    counts = [len(demanded(proposed(who, GOOD, "- [padding] words", draw))) for draw in range(20)]
    assert min(counts) < len(DEMANDS) == max(counts)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Answer: it depends.", "stagnant"),
        ("Sort these words.", "asks_back"),
        ("Sort these words: plum, fig and apple", None),
        ("What does this program print?\n```\nprint(1)\n```", None),
        ("Give me three tips for sleeping better.", None),
    ],
)
def test_models_are_bewildered_by_what_is_no_task(text: str, fault: str | None) -> None:
    assert reply_fault(respond(model(), [user(text)], PARAMS).text) == fault


def test_no_seed_bewilders_anybody() -> None:
    assert not [one.id for one in seeds() if bewildered(Task((one.text,)))]
