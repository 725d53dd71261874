"""Dialogues of a student and a teacher."""

from pathlib import Path

import pytest
from scripted import PLACE, SEED, Script, Troupe, instruction, troupe

from aaa.errors import CallError, ParseError
from aaa.prompts import PromptSet
from aaa.teach import chat
from aaa.types import Answer, Instruction, Reply, Verifier, assistant, system, user

PROMPTS = PromptSet.load()
TASK = instruction(reference="42", verifier=Verifier(kind="numeric"))


async def dialogue(cast: Troupe, *, turns: int = 6, item: Instruction = TASK) -> Answer:
    student = cast.agent("s", role="student", persona="You are a student.")
    teacher = cast.agent("t", role="teacher", persona="You are a teacher.")
    return await chat(item, student, teacher, PROMPTS, turns=turns, seed=SEED)


def counted(role: str) -> Script:
    return lambda heard: f"{role} {sum(m.role == 'assistant' for m in heard)}"


async def test_it_ends_with_the_teacher_at_the_number_of_turns(tmp_path: Path) -> None:
    async with troupe(tmp_path, s=counted("try"), t=counted("hint")) as cast:
        made = await dialogue(cast)
        assert made.messages == (
            assistant("hint 0"),
            user("try 1"),
            assistant("hint 1"),
            user("try 2"),
            assistant("hint 2"),
        )
        assert made.prompt == TASK.prompt
        assert len(made.prompt) + len(made.messages) == 6
        assert (made.stop_reason, made.context, made.member) == ("max_turns", "dialogue", "t")
        assert made.id == PLACE.row("answer", "s", "t")
        assert [producer.model for producer in made.producers] == ["s", "t"]
        assert made.calls == tuple(cast.uses()[step] for step in STEPS)
        assert made.lineage.prompt == PROMPTS.hash_of("chat_student")


STEPS = ["chat/teacher", "chat/student", "chat/teacher/2", "chat/student/2", "chat/teacher/3"]


@pytest.mark.parametrize(("turns", "said"), [(2, 1), (3, 1), (4, 3), (5, 3), (40, 39)])
async def test_no_call_is_spent_on_a_turn_that_would_be_dropped(tmp_path: Path, turns: int, said: int) -> None:
    async with troupe(tmp_path, s=counted("try"), t=counted("hint")) as cast:
        made = await dialogue(cast, turns=turns)
        assert len(made.messages) == len(cast.models.asks) == said


async def test_personas_and_briefs_stay_with_their_speakers(tmp_path: Path) -> None:
    item = instruction(system="Answer in French.")
    async with troupe(tmp_path, s=counted("try"), t=counted("hint")) as cast:
        made = await dialogue(cast, item=item, turns=4)
        assert cast.models.asked("t")[-1] == (
            system("You are a teacher.\n\nAnswer in French."),
            *item.messages,
            assistant("hint 0"),
            user("try 1"),
        )
        persona, brief, asked, hint = cast.models.asked("s")[-1]
        assert persona == system("You are a student.")
        assert item.text in brief.text
        assert "Answer in French." in brief.text
        assert (asked, hint) == (assistant(item.text), user("hint 0"))
        texts = [message.text for message in (*made.prompt, *made.messages)]
        assert texts == ["Answer in French.", item.text, "hint 0", "try 1", "hint 1"]


async def test_the_student_ends_it_and_the_marker_goes(tmp_path: Path) -> None:
    teacher = ["Try.", "Right.\n\nAnswer: 42", "never said"]
    async with troupe(tmp_path, s=["Is it 42?", "I see why.\n[[DONE]]"], t=teacher) as cast:
        made = await dialogue(cast)
        assert [m.text for m in made.messages] == ["Try.", "Is it 42?", "Right.\n\nAnswer: 42"]
        assert made.stop_reason == "done"
        assert made.check is not None
        assert made.check.passed


async def test_a_marker_in_the_teachers_mouth_ends_nothing_and_goes_too(tmp_path: Path) -> None:
    async with troupe(tmp_path, s="Hm?", t=["Write [[DONE]] when done.", "[[DONE]]"]) as cast:
        made = await dialogue(cast, turns=4)
    assert [m.text for m in made.messages] == ["Write  when done."]
    assert [producer.model for producer in made.producers] == ["t"]


async def test_a_teacher_without_a_word_makes_no_answer(tmp_path: Path) -> None:
    async with troupe(tmp_path, s="[[DONE]]", t="[[DONE]]") as cast:
        with pytest.raises(ParseError, match="teacher said nothing") as error:
            await dialogue(cast)
        assert error.value.model == "t"


async def test_what_is_known_of_the_last_reply_is_the_answers(tmp_path: Path) -> None:
    last = Reply(text="It is 42", reasoning="6*7", finish_reason="length", answered_by="t")
    async with troupe(tmp_path, s="Hm?", t=["Try.", last]) as cast:
        made = await dialogue(cast, turns=4)
    assert (made.reasoning, made.finish_reason, made.text) == ("6*7", "length", "It is 42")


async def test_a_failed_call_ends_it(tmp_path: Path) -> None:
    async with troupe(tmp_path, s=CallError("policy", "no", transient=False), t="Try.") as cast:
        with pytest.raises(CallError, match="no"):
            await dialogue(cast)


async def test_it_is_measured_from_the_task_to_the_teachers_last_words(tmp_path: Path) -> None:
    item = instruction("What is six times seven?")
    async with troupe(tmp_path, s=["Is it 41?", "It is 42."], t=["Try.", "Not quite.", "Right, 42."]) as cast:
        found = (await dialogue(cast, item=item)).transcript
        assert found is not None
        assert (found.turns, found.first_words, found.user_words) == (6, 5, (5, 3, 3))
        assert found.assistant_words == (1, 2, 2)
        assert (found.role_flips, found.farewell_loop, found.repetition) == (0, False, 0.0)
        assert found.context_dependence == 1.0


async def test_a_student_who_speaks_as_the_helper_and_a_teacher_who_repeats_are_noticed(tmp_path: Path) -> None:
    hint = "Begin with the first of the two numbers and add the other one to it."
    async with troupe(tmp_path, s=["How can I help you today?", "And now?"], t=hint) as cast:
        found = (await dialogue(cast)).transcript
        assert found is not None
        assert (found.role_flips, found.repetition) == (1, 1.0)
