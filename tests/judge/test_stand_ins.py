"""Readings of fallbacks: they count where they leave the panel's balance as it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from scripted import PLACE, SEED, Troupe, answer_of, instruction, troupe

from aaa.errors import CallError
from aaa.judge import Panel, Rubric, compare, grade, may_stand_in
from aaa.llm import Fallback
from aaa.prompts import PromptSet
from aaa.types import Failure, Judgment

PROMPTS = PromptSet.load()
DOWN = CallError("server", "it is down", transient=True)
L, R = frozenset({"l"}), frozenset({"r"})


@pytest.mark.parametrize(
    ("family", "declared", "rule", "may"),
    [
        ("x", "y", "balanced", True),
        ("l", "l", "balanced", True),
        ("l", "x", "balanced", False),
        ("x", "l", "balanced", False),
        ("r", "l", "balanced", False),
        ("x", "y", "exclude", True),
        ("l", "x", "exclude", False),
        ("l", "x", "allow", True),
    ],
)
def test_the_rule_between_two_sides(family: str, declared: str, rule: str, may: bool) -> None:
    assert may_stand_in(family, declared, L, R, rule) is may  # type: ignore[arg-type]
    assert may_stand_in(family, declared, R, L, rule) is may  # type: ignore[arg-type]


def test_the_rule_for_a_single_text() -> None:
    assert may_stand_in("x", "l", L, frozenset(), "balanced")
    assert not may_stand_in("l", "x", L, frozenset(), "balanced")


def test_who_is_kin_to_both_sides_is_partial_to_none() -> None:
    assert may_stand_in("l", "x", L, L | R, "balanced")
    assert not may_stand_in("r", "x", L, L | R, "balanced")


def panel(cast: Troupe, family: str, own_family: str = "balanced") -> Panel:
    """Two jurors of whom the first is down, and a model of `family` answers for it."""
    down, well = (cast.agent(name, role="judge", persona="You judge.") for name in ("down", "well"))
    other = cast.agent("other", family=family)
    down = replace(down, fallbacks=(Fallback(other.model, other.params),))
    return Panel("judges-1", (down, well), 1, own_family)  # type: ignore[arg-type]


def families(rows: tuple[Judgment, ...]) -> set[tuple[str, str, str]]:
    return {(row.judge, row.answered_by, row.family) for row in rows}


async def test_an_impartial_fallback_judges_in_the_jurors_place(tmp_path: Path) -> None:
    async with troupe(tmp_path, down=DOWN, well="[[1]]", other="[[1]]") as cast:
        one, other = answer_of("gpt", "It is 42."), answer_of("qwen", "It is 41.")
        found = await compare(instruction(), one, other, panel(cast, "other"), PROMPTS, seed=SEED, place=PLACE)
    assert not found.failures
    assert families(found.judgments) == {("down", "other", "other"), ("well", "well", "well")}


@pytest.mark.parametrize("own_family", ["balanced", "exclude"])
async def test_a_partial_fallback_does_not_count(tmp_path: Path, own_family: str) -> None:
    async with troupe(tmp_path, down=DOWN, well="[[1]]", other="[[1]]") as cast:
        one, other = answer_of("gpt", "It is 42."), answer_of("qwen", "It is 41.")
        jury = panel(cast, "gpt", own_family)
        found = await compare(instruction(), one, other, jury, PROMPTS, seed=SEED, place=PLACE)
    assert {row.judge for row in found.judgments} == {"well"}
    assert [(row.kind, row.model, row.transient) for row in found.failures] == [("own_family", "other", False)] * 2
    assert all("set `own_family: allow`" in row.message and row.call for row in found.failures)
    assert {vote.judge: vote.choice for vote in found.verdict.votes}["down"] == "failed"


async def test_everybody_counts_where_families_do_not_matter(tmp_path: Path) -> None:
    async with troupe(tmp_path, down=DOWN, well="[[1]]", other="[[1]]") as cast:
        one, other = answer_of("gpt", "It is 42."), answer_of("qwen", "It is 41.")
        jury = panel(cast, "gpt", "allow")
        found = await compare(instruction(), one, other, jury, PROMPTS, seed=SEED, place=PLACE)
    assert ("down", "other", "gpt") in families(found.judgments)


@pytest.mark.parametrize(("family", "counts"), [("x", True), ("gpt", False)])
async def test_grades_of_a_fallback(tmp_path: Path, family: str, counts: bool) -> None:
    async with troupe(tmp_path, down=DOWN, well="[[7]]", other="[[7]]") as cast:
        answer = answer_of("gpt", "It is 42.")
        jury = panel(cast, family)
        found = await grade(instruction(), answer, jury, PROMPTS, rubric=Rubric(), seed=SEED, place=PLACE)
    assert {row.judge for row in found.judgments} == ({"down", "well"} if counts else {"well"})
    rows: list[Failure] = list(found.failures)
    assert [row.kind for row in rows] == ([] if counts else ["own_family"])
