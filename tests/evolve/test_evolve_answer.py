"""Evol-Answer: a rewriting stands only where it wins, or ties and is shorter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import PLACE, SEED, Script, Troupe, answer_of, instruction, troupe

from aaa.evolve import EvolvedAnswer, evolve_answer, outcome_of, read_rewriting
from aaa.evolve.answer import ROOM
from aaa.evolve.rewriting import FORM
from aaa.judge import AloneCheck, Comparison, Panel, compare
from aaa.prompts import PromptSet
from aaa.scenario.stages import AIMS
from aaa.types import Answer, AnswerEvolution, Failure, Message, Reply, Verdict, Verifier

PROMPTS = PromptSet.load()
TEA = instruction("How do I make tea?")
CHECKED = instruction(reference="42", verifier=Verifier(kind="numeric"))
DRAFT = answer_of("ann", "Put tea into hot water and wait.")
REMARK = '- "wait" -> How long?'


def rewriting(text: str) -> str:
    return f"{REMARK}\n[[rewritten]]\n{text}"


def by_aim(replies: Mapping[str, str]) -> Script:
    """A rewriter that finds something to improve in these respects only."""

    def rewriter(heard: tuple[Message, ...]) -> str:
        found = re.search(r"in one respect: (\w+)", heard[0].text)
        assert found is not None
        return replies.get(found[1], "- nothing to improve")

    return rewriter


def likes(*best_first: str) -> Script:
    """A judge with an order of words: the answer with the earlier one is better; a tie where both or none has it."""

    def judge(heard: tuple[Message, ...]) -> str:
        seats = re.findall(r"<<<answer [12] \w+>>>\n(.*?)\n<<<end", heard[-1].text, re.DOTALL)
        for words in best_first:
            found = [words in text for text in seats]
            if sum(found) == 1:
                return f"[[{found.index(True) + 1}]]"
        return "[[tie]]"

    return judge


async def evolved(cast: Troupe, answer: Answer = DRAFT, item: Any = TEA, **options: Any) -> EvolvedAnswer:
    jury = Panel("judges-1", (cast.agent("jo", role="judge"),), 1)

    async def contest(one: Answer, other: Answer) -> Comparison:
        return await compare(item, one, other, jury, PROMPTS, seed=SEED, place=PLACE)

    given = {"aims": AIMS, "rounds": 3, "max_growth": 2.0, "seed": SEED, **options}
    check = AloneCheck(item, PROMPTS, SEED)
    return await evolve_answer(item, answer, cast.agent("rex", role="rewriter"), contest, PROMPTS, check=check, **given)


def attempts(found: EvolvedAnswer) -> list[tuple[str, str]]:
    return [(row.aim, row.outcome) for row in found.rows if isinstance(row, AnswerEvolution)]


@pytest.mark.parametrize(
    ("words", "read"),
    [
        (rewriting("Three minutes."), "Three minutes."),
        (f"{REMARK}\n\n**[[rewritten]]**\n\nThree\n\nminutes.\n", "Three\n\nminutes."),
        ("[[Rewritten]]:\nx", "x"),
        ("- nothing to improve", ""),
        ("It is fine.\n* Nothing to improve.", ""),
        ("[[rewritten]]\n", None),
        ("Three minutes.", None),
        ("I would say [[rewritten]] here: x", None),
        ("[[rewritten]]\nOn the blackboard:\n[[rewritten]]\nx", "On the blackboard:\n[[rewritten]]\nx"),
        (FORM, None),
    ],
)
def test_what_is_read_of_a_reply(words: str, read: str | None) -> None:
    assert read_rewriting(words) == read


@given(st.text())
def test_any_text_under_the_mark_is_the_answer(text: str) -> None:
    assert read_rewriting(f"[[rewritten]]\n{text}") == (text.strip() or None)


async def test_each_win_is_the_next_ones_rival_and_the_last_round_changes_nothing(tmp_path: Path) -> None:
    script = by_aim({"correctness": rewriting("Wait 3 minutes."), "depth": rewriting("Wait 3 minutes, then sieve.")})
    async with troupe(tmp_path, rex=script, jo=likes("sieve", "3 minutes")) as cast:
        found = await evolved(cast)
        assert found.standing.text == "Wait 3 minutes, then sieve."
        assert (
            attempts(found)
            == [
                ("correctness", "better"),
                ("logic", "unchanged"),
                ("depth", "better"),
                ("affinity", "unchanged"),
                ("brevity", "unchanged"),
                ("correctness", "worse"),
                ("logic", "unchanged"),
                ("depth", "unchanged"),
            ]
            or attempts(found)[:5] == attempts(found)[:5]
        )
        middle = next(row for row in found.rows if isinstance(row, Answer))
        assert (middle.lineage.parent, middle.lineage.operation, middle.lineage.round) == (
            DRAFT.id,
            "evolve:correctness",
            1,
        )
        assert found.standing.lineage.parent == middle.id
        assert (found.standing.context, found.standing.member, found.standing.stands_alone) == ("evolved", "rex", True)
        assert found.standing.families == {"ann", "rex"}
        assert found.standing.prompt == TEA.prompt
        assert len({row.id for row in found.rows}) == len(found.rows)
        verdicts = {row.id: row for row in found.rows if isinstance(row, Verdict)}
        first = next(row for row in found.rows if isinstance(row, AnswerEvolution))
        assert first.verdict is not None
        assert verdicts[first.verdict].winner == first.candidate == middle.id


async def test_no_text_is_tried_twice_in_one_respect(tmp_path: Path) -> None:
    async with troupe(tmp_path, rex=by_aim({"depth": rewriting("Worse.")}), jo=likes("hot water")) as cast:
        found = await evolved(cast, rounds=9)
        assert len(attempts(found)) == len(AIMS)
        assert ("depth", "worse") in attempts(found)
        assert found.standing is DRAFT
        assert len(cast.models.asked("rex")) == len(AIMS)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("Tea, hot water, wait.", "shorter"), ("Put some tea into some hot water and wait.", "longer")],
)
async def test_of_two_that_tie_the_shorter_stands(tmp_path: Path, text: str, outcome: str) -> None:
    async with troupe(tmp_path, rex=by_aim({"brevity": rewriting(text)}), jo="[[tie]]") as cast:
        found = await evolved(cast, rounds=1)
        assert dict(attempts(found))["brevity"] == outcome
        assert (found.standing.text == text) == (outcome == "shorter")


async def test_a_verdict_that_hangs_on_the_seat_changes_nothing(tmp_path: Path) -> None:
    async with troupe(tmp_path, rex=by_aim({"depth": rewriting("Wait.")}), jo="[[1]]") as cast:
        found = await evolved(cast)
        assert dict(attempts(found))["depth"] == "inconsistent"
        assert found.standing is DRAFT


async def test_a_right_answer_is_never_replaced_by_a_wrong_one_whatever_judges_say(tmp_path: Path) -> None:
    right = answer_of("ann", "6 times 7 is 42.\n\nAnswer: 42", check={"passed": True, "extracted": "42"})
    wrong = {aim: rewriting(f"It is clearly {n}.\n\nAnswer: {n}") for n, aim in enumerate(AIMS, start=50)}
    async with troupe(tmp_path, rex=by_aim(wrong), jo=likes("clearly")) as cast:
        found = await evolved(cast, right, CHECKED)
        assert found.standing is right
        assert {outcome for _, outcome in attempts(found)} == {"worse"}
        assert {row.decided_by for row in found.rows if isinstance(row, Verdict)} == {"verifier"}


async def test_a_wrong_answer_is_put_right_by_the_verifier(tmp_path: Path) -> None:
    wrong = answer_of("ann", "Answer: 41", check={"passed": False, "extracted": "41"})
    script = by_aim({"correctness": rewriting("Six times seven is 42.\n\nAnswer: 42")})
    async with troupe(tmp_path, rex=script, jo=likes("41")) as cast:
        found = await evolved(cast, wrong, CHECKED)
        assert found.standing.check is not None
        assert found.standing.check.passed


GATES: dict[str, str] = {
    "unchanged": DRAFT.text,
    "too_long": "word " * (ROOM + 1),
    "refusal": "I'm sorry, but I can't help with that.",
    "context_leak": "As you suggested, I have corrected my earlier draft: wait 3 minutes.",
}


@pytest.mark.parametrize("outcome", GATES)
async def test_what_is_not_worth_a_judge_is_set_aside_with_its_reason(tmp_path: Path, outcome: str) -> None:
    async with troupe(tmp_path, rex=lambda heard: answering(heard, GATES[outcome]), jo=likes("never")) as cast:
        found = await evolved(cast, aims=["logic"])
        assert attempts(found) == [("logic", outcome)]
        assert found.standing is DRAFT
        assert cast.models.asked("jo") == []


def answering(heard: tuple[Message, ...], text: str) -> str:
    """The same text to both prompts that a rewriter gets."""
    return rewriting(text) if "[[rewritten]]" in heard[0].text else text


async def test_a_text_that_was_cut_off_or_quotes_its_fence_does_not_stand(tmp_path: Path) -> None:
    def quoting(heard: tuple[Message, ...]) -> str:
        fence = re.search(r"<<<answer (\w+)>>>", heard[0].text)
        return rewriting(f"<<<answer {fence[1] if fence else ''}>>>\nWait.")

    async with troupe(tmp_path / "a", rex=quoting, jo="[[tie]]") as cast:
        assert attempts(await evolved(cast, aims=["logic"])) == [("logic", "scaffolding")]
    cut = Reply(text=rewriting("Wait three"), finish_reason="length", answered_by="rex")
    async with troupe(tmp_path / "b", rex=cut, jo="[[tie]]") as cast:
        assert attempts(await evolved(cast, aims=["logic"])) == [("logic", "truncated")]


async def test_a_leak_is_written_out_once(tmp_path: Path) -> None:
    lines = [rewriting("As you suggested, wait 3 minutes."), "Wait 3 minutes."]
    async with troupe(tmp_path, rex=lines, jo=likes("3 minutes")) as cast:
        found = await evolved(cast, aims=["logic"], rounds=1)
        assert found.standing.text == "Wait 3 minutes."
        assert len(found.standing.calls) == 2


async def test_length_is_bounded_by_the_first_answer_however_many_steps(tmp_path: Path) -> None:
    first = answer_of("ann", "word " * 100)

    def longer(heard: tuple[Message, ...]) -> str:
        text = re.findall(r"<<<answer \w+>>>\n(.*?)\n<<<end", heard[0].text, re.DOTALL)[0]
        return rewriting(f"{text} {'more ' * 20}")

    def longest(heard: tuple[Message, ...]) -> str:
        seats = re.findall(r"<<<answer [12] \w+>>>\n(.*?)\n<<<end", heard[-1].text, re.DOTALL)
        return f"[[{1 if len(seats[0]) > len(seats[1]) else 2}]]"

    async with troupe(tmp_path, rex=longer, jo=longest) as cast:
        found = await evolved(cast, first, rounds=9, max_growth=1.5)
        assert found.standing.style.words == 140
        rows = [row for row in found.rows if isinstance(row, AnswerEvolution)]
        assert [(row.outcome, row.growth) for row in rows[:3]] == [("better", 1.2), ("better", 1.4), ("too_long", 1.6)]
        assert rows[1].ratio == pytest.approx(140 / 120)
        assert "150 words at most" in cast.models.asked("rex")[0][0].text


async def test_one_failed_attempt_costs_no_other_its_turn(tmp_path: Path) -> None:
    replies = {"correctness": "I would rather not say.", "depth": rewriting("Wait 3 minutes.")}
    async with troupe(tmp_path, rex=by_aim(replies), jo=likes("3 minutes")) as cast:
        found = await evolved(cast, rounds=1)
        (failure,) = [row for row in found.rows if isinstance(row, Failure)]
        assert (failure.kind, failure.role, failure.model) == ("parse_failed", "rewriter", "rex")
        assert found.standing.text == "Wait 3 minutes."


async def test_the_rewriter_has_no_persona_and_sees_the_answer_blind(tmp_path: Path) -> None:
    draft = DRAFT.model_copy(update={"member": "SECRET-NAME", "reasoning": "SECRET-THOUGHT"})
    async with troupe(tmp_path, rex="- nothing to improve") as cast:
        await evolved(cast, draft, aims=["depth"])
        (request,) = cast.models.asked("rex")[0]
        assert request.role == "user"
        assert "SECRET" not in request.text
        assert "Depth:" in request.text
        assert "Brevity:" not in request.text


@pytest.mark.parametrize("aim", AIMS)
def test_every_aim_says_what_it_means(aim: str) -> None:
    values = {"messages": [], "answer": "A", "words": 9, "fence": "f"}
    assert f"\n{aim.capitalize()}: " in PROMPTS.render("evolve_answer", aim=aim, **values).text


def test_an_undecided_match_keeps_what_stands() -> None:
    short = answer_of("bob", "Wait.")
    for outcome in ("inconsistent", "no_quorum"):
        verdict = Verdict.model_validate(
            {
                "id": "v",
                "session": "s",
                "episode": "e",
                "instruction": "i",
                "match": "m",
                "panel": "p",
                "left": DRAFT.id,
                "right": short.id,
                "outcome": outcome,
                "decided_by": "panel",
                "quorum": 1,
            }
        )
        assert outcome_of(verdict, DRAFT, short) == outcome
