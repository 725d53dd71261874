"""Waves, seat orders, escalation: fewer games for the same verdict, or a second opinion."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scripted import PLACE, SEED, Script, Troupe, answer_of, instruction, troupe

from aaa.errors import CallError
from aaa.judge import Comparison, Panel, compare, decide, settled
from aaa.prompts import PromptSet
from aaa.scenario import Procedure
from aaa.types import Check, Message, Vote

PROMPTS = PromptSet.load()
GOOD, BAD = answer_of("gpt", "It is 42."), answer_of("qwen", "It is 41.")
CHOICES = (GOOD.id, BAD.id, "tie", "inconsistent", "failed")
DOWN = CallError("server", "down", transient=True)


def prefers(words: str) -> Script:
    def judge(heard: tuple[Message, ...]) -> str:
        found = [
            words in text for text in re.findall(r"<<<answer [12] \w+>>>\n(.*?)\n<<<end", heard[0].text, re.DOTALL)
        ]
        return f"[[{found.index(True) + 1}]]"

    return judge


RIGHT, WRONG = prefers("42"), prefers("41")
SAYS: dict[str, Script | CallError] = {
    GOOD.id: RIGHT,
    BAD.id: WRONG,
    "tie": "[[tie]]",
    "inconsistent": "[[1]]",
    "failed": DOWN,
}


def panel(cast: Troupe, *names: str, quorum: int = 2, name: str = "judges-1") -> Panel:
    return Panel(name, tuple(cast.agent(juror, role="judge") for juror in names), quorum, "allow")


async def judged(cast: Troupe, jury: Panel, escalate: Panel | None = None, **procedure: Any) -> Comparison:
    return await compare(
        instruction(),
        GOOD,
        BAD,
        jury,
        PROMPTS,
        seed=SEED,
        place=PLACE,
        procedure=Procedure(**procedure),
        escalate=escalate,
    )


async def test_jurors_that_agree_are_asked_until_they_are_enough(tmp_path: Path) -> None:
    names = [f"j{number}" for number in range(5)]
    async with troupe(tmp_path, **dict.fromkeys(names, RIGHT)) as cast:
        found = await judged(cast, panel(cast, *names), waves=True)
        assert len(cast.models.asks) == 6
    assert (found.verdict.winner, found.verdict.margin) == (GOOD.id, 3)
    asked = {vote.judge for vote in found.verdict.votes}
    assert len(asked) == 3
    assert asked | set(found.verdict.unasked) == set(names)


@pytest.mark.parametrize("quorum", [1, 3])
async def test_waves_find_what_the_whole_panel_would(tmp_path: Path, quorum: int) -> None:
    spared = 0
    for number, choices in enumerate(product(CHOICES, repeat=4)):
        if number % 9:
            continue
        scripts = {f"j{at}": SAYS[choice] for at, choice in enumerate(choices)}
        async with troupe(tmp_path / str(number), **scripts) as cast:  # type: ignore[arg-type]
            jury = panel(cast, *scripts, quorum=quorum)
            waves, whole = await judged(cast, jury, waves=True), await judged(cast, jury)
        assert (waves.verdict.outcome, waves.verdict.winner) == (whole.verdict.outcome, whole.verdict.winner), choices
        spared += len(waves.verdict.unasked)
    assert spared >= 10


WEIGHTS = st.sampled_from((0.25, 1.0, 1.5, 3.0))


@given(
    st.lists(st.tuples(st.sampled_from(CHOICES), WEIGHTS), max_size=5),
    st.lists(WEIGHTS, min_size=1, max_size=3),
    st.integers(1, 5),
)
def test_settled_means_that_no_votes_could_change_it(
    heard: list[tuple[str, float]], further: list[float], quorum: int
) -> None:
    def outcome(more: tuple[str, ...]) -> tuple[str, str | None]:
        added = zip(more, further, strict=True)
        tally = decide([*votes, *(Vote(judge="j", choice=c, weight=w) for c, w in added)], quorum)
        return tally.outcome, tally.winner

    votes = [Vote(judge="j", choice=choice, weight=weight) for choice, weight in heard]
    possible = {outcome(more) for more in product(CHOICES, repeat=len(further))}
    assert settled(votes, further, quorum, (GOOD.id, BAD.id)) == (len(possible) == 1)


async def test_one_order_is_one_game_and_said_to_be(tmp_path: Path) -> None:
    async with troupe(tmp_path, a=RIGHT, b=RIGHT) as cast:
        found = await judged(cast, panel(cast, "a", "b"), orders="one")
        assert len(cast.models.asks) == 2
    assert (found.verdict.winner, found.verdict.orders) == (GOOD.id, 1)


async def test_the_second_order_is_spent_only_where_the_first_is_close(tmp_path: Path) -> None:
    names = [f"j{number}" for number in range(6)]
    doubtful = {**dict.fromkeys(names[1:], RIGHT), "j0": WRONG}
    async with troupe(tmp_path / "1", **dict.fromkeys(names, RIGHT)) as cast:
        clear = await judged(cast, panel(cast, *names), orders="adaptive")
        assert len(cast.models.asks) == 6
    async with troupe(tmp_path / "2", **doubtful) as cast:
        close = await judged(cast, panel(cast, *names), orders="adaptive")
        assert len(cast.models.asks) == 12
    async with troupe(tmp_path / "3", **dict.fromkeys(names, RIGHT)) as cast:
        both = await judged(cast, panel(cast, *names))
    assert (clear.verdict.orders, close.verdict.orders, both.verdict.orders) == (1, 2, 2)
    assert clear.verdict.winner == close.verdict.winner == both.verdict.winner == GOOD.id
    assert clear.verdict.votes == both.verdict.votes


@pytest.mark.parametrize("script", ["[[1]]", "[[2]]", "[[tie]]"])
async def test_what_a_seat_may_explain_is_close(tmp_path: Path, script: str) -> None:
    names = [f"j{number}" for number in range(6)]
    async with troupe(tmp_path, **dict.fromkeys(names, script)) as cast:
        found = await judged(cast, panel(cast, *names), orders="adaptive")
        alone = await judged(cast, panel(cast, "j0", quorum=1), orders="adaptive")
    assert found.verdict.winner is alone.verdict.winner is None
    assert found.verdict.orders == alone.verdict.orders == 2


@pytest.mark.parametrize(
    ("first", "escalated"),
    [
        ((GOOD.id, GOOD.id, GOOD.id), False),
        ((GOOD.id, GOOD.id, "inconsistent"), False),
        ((GOOD.id, GOOD.id, BAD.id), True),
        ((GOOD.id, BAD.id, "tie"), True),
        (("inconsistent", "inconsistent", GOOD.id), True),
        (("failed", "failed", GOOD.id), True),
        ((GOOD.id,), False),
    ],
)
async def test_the_strong_panel_decides_where_the_first_one_is_not_clear(
    tmp_path: Path, first: tuple[str, ...], escalated: bool
) -> None:
    scripts = {f"j{at}": SAYS[choice] for at, choice in enumerate(first)}
    async with troupe(tmp_path, **scripts, strong=WRONG) as cast:  # type: ignore[arg-type]
        jury = panel(cast, *scripts, quorum=min(2, len(first)))
        found = await judged(cast, jury, panel(cast, "strong", quorum=1, name="strong-1"))
        assert len(cast.models.asked("strong")) == (2 if escalated else 0)
    verdict = found.verdict
    assert verdict.panel == "judges-1"
    assert verdict.escalated == ("strong-1" if escalated else None)
    assert verdict.winner == (BAD.id if escalated else GOOD.id)
    assert [vote.choice for vote in (verdict.first_votes if escalated else verdict.votes)] == list(first)
    assert {row.panel for row in found.judgments} <= {"judges-1", "strong-1"}
    assert len({row.id for row in found.judgments}) == len(found.judgments)


async def test_who_fails_in_both_panels_fails_twice(tmp_path: Path) -> None:
    async with troupe(tmp_path, a="who knows", b=RIGHT, strong=WRONG) as cast:
        strong = panel(cast, "a", "strong", quorum=1, name="strong-1")
        found = await judged(cast, panel(cast, "a", "b", quorum=1), strong, orders="one")
        assert len([step for step in cast.uses() if "/a/" in step]) == 4, "each was asked, and asked again, twice"
    assert found.verdict.escalated == "strong-1"
    assert [failure.model for failure in found.failures] == ["a", "a"]
    assert len({failure.id for failure in found.failures}) == 2


async def test_a_verifier_needs_no_second_opinion(tmp_path: Path) -> None:
    right = GOOD.model_copy(update={"check": Check(passed=True, extracted="42")})
    wrong = BAD.model_copy(update={"check": Check(passed=False, extracted="41")})
    async with troupe(tmp_path, a=WRONG, strong=WRONG) as cast:
        found = await compare(
            instruction(),
            right,
            wrong,
            panel(cast, "a", quorum=1),
            PROMPTS,
            seed=SEED,
            place=PLACE,
            procedure=Procedure(waves=True),
            escalate=panel(cast, "strong", quorum=1, name="strong-1"),
            poll_verified=True,
        )
        assert not cast.models.asked("strong")
    assert (found.verdict.decided_by, found.verdict.winner, found.verdict.escalated) == ("verifier", right.id, None)


@pytest.mark.parametrize(
    ("procedure", "words"),
    [
        ({"waves": True, "orders": "adaptive"}, "waves"),
        ({"tie_within": 1}, "scores"),
        ({"verdict": "scores", "tie_within": 10}, "9"),
        ({"orders": "two"}, "both"),
    ],
)
def test_what_does_not_fit_is_refused(procedure: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Procedure.model_validate(procedure)
