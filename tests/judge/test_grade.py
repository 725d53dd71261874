"""Grades of single answers."""

from pathlib import Path

import pytest
from scripted import PLACE, SEED, Troupe, answer_of, instruction, troupe

from aaa.errors import CallError
from aaa.judge import Grading, Panel, Rubric, grade
from aaa.prompts import PromptSet
from aaa.types import Answer, Message, Score, assistant, user

PROMPTS = PromptSet.load()


async def graded(
    cast: Troupe, *names: str, answer: Answer | None = None, rule: str = "balanced", quorum: int = 2, **more: object
) -> Grading:
    jurors = tuple(cast.agent(name, role="judge", persona="You judge.") for name in names)
    return await grade(
        instruction(**more),
        answer or answer_of("gpt", "It is 42."),
        Panel("judges-1", jurors, quorum, rule),  # type: ignore[arg-type]
        PROMPTS,
        rubric=Rubric(),
        seed=SEED,
        place=PLACE,
    )


async def test_each_juror_scores_for_itself(tmp_path: Path) -> None:
    async with troupe(tmp_path, a="Fine. [[8]]", b="[[6.5]]", c="[[3]] or rather [[4]]") as cast:
        grading = await graded(cast, "a", "b", "c")
        readings = [judgment.reading for judgment in grading.judgments]
        assert [reading.score for reading in readings if isinstance(reading, Score)] == [8, 6.5, 4]
        assert grading.judgments[0].words == "Fine. [[8]]"
        assert len({judgment.id for judgment in grading.judgments}) == 3
        assert not grading.failures
        prompt = cast.models.asked("a")[0]
        assert prompt[0].text == "You judge."
        assert "from 1 (useless or wrong) to 10" in prompt[1].text
        assert "gpt" not in prompt[1].text


async def test_a_score_off_the_scale_is_asked_for_again_and_never_bent(tmp_path: Path) -> None:
    async with troupe(tmp_path, a=["[[11]]", "[[10]]"], b="[[0]]") as cast:
        grading = await graded(cast, "a", "b")
        assert [(j.judge, j.asked) for j in grading.judgments] == [("a", 2)]
        assert "from 1 to 10" in cast.models.asked("a")[1][-1].text
    assert [(failure.kind, failure.model) for failure in grading.failures] == [("parse_failed", "b")]


async def test_a_failed_juror_does_not_cost_the_others(tmp_path: Path) -> None:
    async with troupe(tmp_path, a="[[8]]", b=CallError("auth", "no key", transient=False)) as cast:
        grading = await graded(cast, "a", "b")
    assert [judgment.judge for judgment in grading.judgments] == ["a"]
    assert [failure.kind for failure in grading.failures] == ["auth"]


@pytest.mark.parametrize(
    ("rule", "quorum", "seated"),
    [
        ("allow", 2, ["gpt", "a", "b"]),
        ("balanced", 2, ["a", "b"]),
        ("balanced", 3, ["gpt", "a", "b"]),
        ("exclude", 3, ["a", "b"]),
    ],
)
async def test_jurors_of_the_own_family_step_out(tmp_path: Path, rule: str, quorum: int, seated: list[str]) -> None:
    async with troupe(tmp_path, gpt="[[9]]", a="[[5]]", b="[[5]]") as cast:
        grading = await graded(cast, "gpt", "a", "b", rule=rule, quorum=quorum)
    assert [judgment.judge for judgment in grading.judgments] == seated
    assert grading.stepped_out == (() if "gpt" in seated else ("gpt",))


async def test_a_dialogue_is_graded_as_a_whole(tmp_path: Path) -> None:
    turns = [("assistant", "Try it."), ("user", "Is it 42?"), ("assistant", "Yes.")]
    dialogue = answer_of(
        "gpt", "Yes.", context="dialogue", messages=tuple(Message(role=r, content=t) for r, t in turns)
    )
    async with troupe(tmp_path, a="[[8]]") as cast:
        await graded(cast, "a", answer=dialogue, quorum=1)
        assert "Assistant: Try it.\n\nUser: Is it 42?\n\nAssistant: Yes." in cast.models.asked("a")[0][1].text


@pytest.mark.parametrize(
    ("b", "strong", "counted"),
    [
        ("[[7]]", "[[3]]", ["a", "b"]),
        ("[[2]]", "[[3]]", ["strong"]),
        ("[[2]]", CallError("auth", "no key", transient=False), ["a", "b"]),
    ],
)
async def test_grades_that_lie_apart_give_way_to_those_of_the_strong_panel(
    tmp_path: Path, b: str, strong: str | CallError, counted: list[str]
) -> None:
    async with troupe(tmp_path, a="[[8]]", b=b, strong=strong) as cast:
        jurors = [cast.agent(name, role="judge", persona="You judge.") for name in ("a", "b", "strong")]
        grading = await grade(
            instruction(),
            answer_of("gpt", "It is 42."),
            Panel("small", tuple(jurors[:2]), 2),
            PROMPTS,
            rubric=Rubric(),
            seed=SEED,
            place=PLACE,
            escalate=Panel("strong", tuple(jurors[2:]), 1),
            escalate_over=2,
        )
        assert len(cast.models.asked("strong")) == (b == "[[2]]")
    assert [judgment.judge for judgment in grading.judgments if not judgment.measured_only] == counted
    assert {judgment.judge for judgment in grading.judgments} == {"a", "b", *counted}
    assert len({judgment.id for judgment in grading.judgments}) == len(grading.judgments)


@pytest.mark.parametrize("turn", [None, 2])
async def test_of_a_conversation_the_jurors_see_how_it_was_opened(tmp_path: Path, turn: int | None) -> None:
    said = (assistant("For how many?"), user("Four."), assistant("Take 400 g."))
    dialogue = answer_of("gpt", "", messages=said, prompt=(user("How much rice?"),), context="dialogue")
    async with troupe(tmp_path, a="Fine. [[7]]") as cast:
        jury = Panel("judges-1", (cast.agent("a", role="judge"),), 1)
        await grade(instruction(), dialogue, jury, PROMPTS, rubric=Rubric(turn=turn), seed=SEED, place=PLACE)
        (shown,) = cast.models.asked("a")[0]
    for text in ("How much rice?", "For how many?", "Four.", "Take 400 g."):
        assert text in shown.text
    assert instruction().text not in shown.text
