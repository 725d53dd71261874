"""The bundled seed instructions: rich, varied, and their references worked out again."""

import re
from collections import Counter

import pytest
from sim_desk import checkable, open_ended, seeds

from aaa.sim import resolve, respond, solve
from aaa.text import wrong_language
from aaa.types import Model, Params, SimProfile
from aaa.verify import check


def solution_of(item):
    turns = [message.text for message in item.messages if message.role == "user"]
    return solve(turns[-1]) or solve("\n".join(turns))


def test_there_are_enough_of_many_kinds() -> None:
    assert len(seeds()) >= 160
    assert len(checkable()) >= 100
    skills = Counter(item.skill for item in seeds())
    assert len(skills) >= 10
    assert min(skills.values()) >= 10
    assert {item.language for item in seeds()} >= {"en", "de", "es", "fr", "it"}
    kinds = {item.verifier.kind for item in checkable()}
    assert kinds >= {"exact", "text", "numeric", "regex", "list", "set"}
    assert any(item.system for item in seeds())
    assert any(len(item.messages) > 1 for item in seeds())


def test_ids_are_unique_and_no_two_differ_in_their_figures_only() -> None:
    assert len({item.source_id for item in seeds()}) == len(seeds())
    shapes = Counter(re.sub(r"\d[\d.,/:-]*", "#", " ".join(m.text for m in item.messages)) for item in seeds())
    assert [shape for shape, count in shapes.items() if count > 1] == []


@pytest.mark.parametrize("item", checkable(), ids=lambda item: item.source_id)
def test_a_reference_is_what_the_solvers_find_and_no_slip_passes(item) -> None:
    solution = solution_of(item)
    assert solution is not None
    assert (solution.skill, solution.language) == (item.skill, item.language)
    assert check(item, f"Answer: {solution.answer}").passed
    assert solution.slips
    assert not [slip.answer for slip in solution.slips if check(item, f"Answer: {slip.answer}").passed]


def test_difficulties_span_the_scale() -> None:
    levels = [item.difficulty for item in seeds()]
    assert all(1 <= level <= 10 for level in levels)
    assert min(levels) <= 3
    assert max(levels) >= 8


@pytest.mark.parametrize("item", open_ended(), ids=lambda item: item.source_id)
def test_open_tasks_have_no_solution(item) -> None:
    assert solution_of(item) is None
    assert item.reference is None


def in_its_language(item, said: str) -> str | None:
    asked = [message.text for message in item.prompt if message.role in ("system", "user")]
    return wrong_language(asked, said, language=item.language, reference=item.reference)


def test_a_masters_answers_are_in_the_language_of_their_prompts() -> None:
    knowing = Model(name="m", model="sim/master", family="f", license="mit", sim=SimProfile(default_skill=1.0))
    masters = [resolve(knowing.model_copy(update={"family": family})) for family in "abcdef"]
    answers = [(item, respond(master, item.prompt, Params()).text) for item in seeds() for master in masters]
    right = [(item, said) for item, said in answers if (found := check(item, said)) is None or found.passed]
    assert len(right) > 0.9 * len(answers)
    assert [(item.source_id, said) for item, said in right if in_its_language(item, said) is not None] == []


def test_a_long_answer_in_english_to_a_prompt_that_is_not_is_told() -> None:
    foreign = [item for item in checkable() if item.language != "en"]
    said = "The answer to this is what you see from the steps that I give, and it is the last of them."
    found = [item.source_id for item in foreign if in_its_language(item, said) == "en"]
    assert len(found) == len(foreign) >= 10
