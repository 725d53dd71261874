"""Lessons: hints that keep the result, corrections, new attempts, and what is written down of them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import SEED, Troupe, answer_of, instruction, troupe

from aaa.errors import ParseError
from aaa.judge import AloneCheck
from aaa.prompts import PromptSet
from aaa.teach import Lesson, lesson
from aaa.teach.hints import gives_away
from aaa.types import Answer, Check, Verifier

PROMPTS = PromptSet.load()
TASK = instruction(reference="42", verifier=Verifier(kind="numeric"))
OPEN = instruction("Give me a tip for sleeping better.")
WRONG = answer_of("s", "It is 41.", check=Check(passed=False, extracted="41"))
RIGHT = answer_of("s", "It is 42.", check=Check(passed=True, extracted="42"))
HINT = "Count the sevens once more."


async def taught(cast: Troupe, attempt: Answer = WRONG, task=TASK, turns: int = 3) -> Lesson:
    student = cast.agent("s", role="student", persona="STUDENT-PERSONA")
    teacher = cast.agent("t", role="teacher", persona="TEACHER-PERSONA")
    check = AloneCheck(task, PROMPTS, SEED)
    return await lesson(task, attempt, student, teacher, PROMPTS, turns=turns, seed=SEED, check=check)


async def test_a_hint_leads_to_a_new_attempt_that_knows_where_it_comes_from(tmp_path: Path) -> None:
    async with troupe(tmp_path, t=HINT, s="Answer: 42") as cast:
        found = await taught(cast)
        final, dialogue = found.final, found.dialogue
        assert final is not None
        assert dialogue is not None
        assert (final.context, final.text, final.stop_reason) == ("hinted", "Answer: 42", "right")
        assert (final.lineage.parent, final.lineage.operation, final.lineage.round) == (WRONG.id, "lesson", 1)
        assert [p.model for p in final.producers] == ["s"]
        assert [p.model for p in final.influences] == ["t"]
        assert final.check is not None
        assert final.check.passed
        assert final.prompt == TASK.prompt
        assert [m.role for m in dialogue.messages] == ["assistant", "user", "assistant"]
        assert [m.text for m in dialogue.messages] == ["It is 41.", HINT, "Answer: 42"]
        assert {p.model for p in dialogue.producers} == {"s", "t"}
        assert set(final.calls) < set(dialogue.calls)


async def test_who_sees_what(tmp_path: Path) -> None:
    async with troupe(tmp_path, t=HINT, s="Answer: 42") as cast:
        await taught(cast)
        persona, asked = cast.models.asked("t")[0]
        assert persona.text == "TEACHER-PERSONA"
        assert "<<<reference" in asked.text
        assert "It is 41." in asked.text
        (retried,) = cast.models.asked("s")[0]
        assert "<<<reference" not in retried.text, "the student must not see the reference"
        assert HINT in retried.text
        assert "PERSONA" not in retried.text


async def test_the_last_of_several_turns_is_a_correction_which_may_tell(tmp_path: Path) -> None:
    async with troupe(tmp_path, t=[HINT, "Look: 6 times 7 is 42."], s=["Answer: 40", "Answer: 42"]) as cast:
        found = await taught(cast, turns=2)
        assert found.final is not None
        assert found.final.lineage.round == 2
        first, second = (messages[-1].text for messages in cast.models.asked("t"))
        assert "one hint" in first
        assert "one hint" not in second
        assert "<<<earlier hints" in second


async def test_a_hint_that_gives_the_result_away_is_refused_once(tmp_path: Path) -> None:
    async with troupe(tmp_path, t=["It is 42, you see.", HINT], s="Answer: 42") as cast:
        found = await taught(cast)
        assert found.dialogue is not None
        assert found.dialogue.messages[1].text == HINT
        assert "does not give the result away" in cast.models.asked("t")[1][-1].text


async def test_a_teacher_who_keeps_telling_fails_typed(tmp_path: Path) -> None:
    async with troupe(tmp_path, t="It is 42, you see.", s="Answer: 42") as cast:
        with pytest.raises(ParseError, match="asked twice as teacher"):
            await taught(cast)


async def test_what_a_program_found_wrong_cannot_be_called_right(tmp_path: Path) -> None:
    async with troupe(tmp_path, t=["[[RIGHT]]", HINT], s="Answer: 42") as cast:
        found = await taught(cast)
        assert found.final is not None
        assert "A program has checked" in cast.models.asked("t")[1][-1].text


async def test_nothing_is_taught_where_a_program_or_the_teacher_is_content(tmp_path: Path) -> None:
    async with troupe(tmp_path, t="[[RIGHT]]", s="unused") as cast:
        assert await taught(cast, RIGHT) == Lesson()
        assert not cast.models.asks, "a right answer needs no teacher"
        assert await taught(cast, answer_of("s", "Go to bed early."), OPEN) == Lesson()
        assert len(cast.models.asks) == 1


async def test_an_attempt_that_thanks_for_the_hint_is_written_again(tmp_path: Path) -> None:
    async with troupe(tmp_path, t=HINT, s=["Thank you for the hint! Answer: 42", "Answer: 42"]) as cast:
        found = await taught(cast, turns=1)
        assert found.final is not None
        assert (found.final.text, found.final.stands_alone) == ("Answer: 42", True)


@given(st.integers(10, 10_000), st.sampled_from(["It is {}.", "so you get **{}**", "{}", "x = {}!"]))
def test_any_statement_of_the_result_gives_it_away(result: int, form: str) -> None:
    task = instruction("Work it out.", reference=str(result), verifier=Verifier(kind="numeric"))
    assert gives_away(form.format(result), task, answer_of("s", "I do not know."))
    assert not gives_away(form.format(f"{result}7"), task, answer_of("s", "I do not know."))
    assert not gives_away(form.format(result), task, answer_of("s", f"Is it {result}?")), "the student said it first"
