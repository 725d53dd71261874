"""Several answers of one model, and the matches that find the best of them."""

from pathlib import Path

from scripted import PLACE, answer_of, instruction, troupe

from aaa.judge import Comparison
from aaa.teach import draw_answers, find_best
from aaa.types import Answer, Check, Verdict


async def test_draws_are_calls_of_their_own_and_answers_of_their_own(tmp_path: Path) -> None:
    async with troupe(tmp_path, s=["one", "two", "one"]) as cast:
        answers = await draw_answers(instruction(), cast.agent("s"), draws=3)
        assert [answer.text for answer in answers] == ["one", "two", "one"]
        assert len({answer.id for answer in answers}) == 3
        assert sorted(ask.draw for ask in cast.models.asks) == [0, 1, 2]
        assert {answer.lineage.operation for answer in answers} == {"draw"}
        again = await draw_answers(instruction(), cast.agent("s"), draws=3)
        assert again == answers
        assert len(cast.models.asks) == 3, "the journal knows all draws"


def drawn(text: str, passed: bool | None = None) -> Answer:
    check = None if passed is None else Check(passed=passed, extracted=text)
    return answer_of("s", text, check=check, id=f"answer-{text}")


async def matches(answers: list[Answer], better: dict[str, int]) -> list[tuple[str, str, str | None]]:
    """The matches by text, won by the text of higher worth."""

    async def contest(one: Answer, other: Answer) -> Comparison:
        worth = [better.get(side.text, 0) for side in (one, other)]
        winner = None if worth[0] == worth[1] else (one, other)[worth[1] > worth[0]].id
        left, right = sorted((one.id, other.id))
        verdict = Verdict(
            id=f"v-{left}-{right}",
            session=PLACE.session,
            episode=PLACE.episode,
            instruction=PLACE.instruction,
            match="m",
            panel="p",
            left=left,
            right=right,
            outcome="win" if winner else "tie",
            winner=winner,
            margin=1.0 if winner else 0.0,
            decided_by="panel",
            quorum=1,
        )
        return Comparison(verdict, (), ())

    found = [one.verdict for one in await find_best(answers, contest)]
    return [(one.left[7:], one.right[7:], one.winner[7:] if one.winner else None) for one in found]


async def test_one_right_answer_meets_each_wrong_one() -> None:
    answers = [drawn("a", False), drawn("long right", True), drawn("b", False), drawn("right", True)]
    assert await matches(answers, {"right": 1}) == [("a", "right", "right"), ("b", "right", "right")]


async def test_nothing_is_judged_where_all_are_right_or_all_wrong() -> None:
    assert await matches([drawn("a", True), drawn("b", True)], {}) == []
    assert await matches([drawn("a", False), drawn("b", False)], {}) == []


async def test_without_a_program_the_winner_meets_the_next() -> None:
    answers = [drawn("a"), drawn("b"), drawn("c")]
    assert await matches(answers, {"b": 2, "c": 1}) == [("a", "b", "b"), ("b", "c", "b")]


async def test_a_tie_keeps_the_shorter() -> None:
    answers = [drawn("two words"), drawn("word"), drawn("c d e")]
    assert await matches(answers, {}) == [("two words", "word", None), ("c d e", "word", None)]


async def test_equal_texts_and_refusals_do_not_meet() -> None:
    refused = drawn("no").model_copy(update={"refused": True})
    assert await matches([drawn("a"), drawn("a"), refused], {"a": 1}) == []
