"""Simulated conversations, and conversations whose assistant is replaced."""

from pathlib import Path

import pytest
from scripted import PLACE, SEED, Troupe, instruction, troupe

from aaa.errors import ParseError
from aaa.prompts import PromptSet
from aaa.teach import HABITS, hold_conversation, replay_conversation
from aaa.types import Answer, assistant, system, user

PROMPTS = PromptSet.load()
GOAL = instruction("Plan a weekend in Ghent for two.", system="Be brief.", meta={"facts": ["They come by train."]})
ASKS = ["A weekend in Ghent?", "We come by train.", "Great.\n[[END]]"]


async def talked(cast: Troupe, *, turns: int = 8, goal=GOAL) -> Answer:
    person = cast.agent("p", role="user", persona="PERSON-CARD")
    helper = cast.agent("h", role="member", persona="HELPER-CARD")
    return await hold_conversation(goal, person, helper, PROMPTS, turns=turns, habit=HABITS[0], seed=SEED)


async def test_the_person_opens_and_ends_and_the_assistant_closes(tmp_path: Path) -> None:
    async with troupe(tmp_path, p=ASKS, h=["When?", "Take tram 1."]) as cast:
        made = await talked(cast)
        assert made.prompt == (system("Be brief."), user("A weekend in Ghent?"))
        assert made.messages == (assistant("When?"), user("We come by train."), assistant("Take tram 1."))
        assert (made.stop_reason, made.context, made.member) == ("done", "dialogue", "h")
        assert {one.model for one in made.producers} == {"p", "h"}
        assert made.transcript is not None
        assert made.transcript.user_words == (4, 4)
        assert made.id == PLACE.row("answer", "p", "h", "conversation")


async def test_the_assistant_sees_neither_goal_nor_facts_nor_persona(tmp_path: Path) -> None:
    async with troupe(tmp_path, p=ASKS, h="When?") as cast:
        await talked(cast)
        seen = "\n".join(message.text for messages in cast.models.asked("h") for message in messages)
        assert "for two" not in seen
        assert "CARD" not in seen
        assert "A weekend in Ghent?" in seen
        brief = cast.models.asked("p")[0]
        assert brief[0].text == "PERSON-CARD"
        assert "They come by train." in brief[1].text
        assert all(m.role != "system" or m.text == "Be brief." for m in cast.models.asked("h")[0])


@pytest.mark.parametrize(("turns", "said"), [(2, 2), (5, 4), (6, 6)])
async def test_it_ends_at_the_number_of_turns_with_the_assistant(tmp_path: Path, turns: int, said: int) -> None:
    async with troupe(tmp_path, p="And then?", h="Then this.") as cast:
        made = await talked(cast, turns=turns)
        assert 1 + len(made.messages) == said
        assert made.messages[-1].role == "assistant"
        assert made.stop_reason == "max_turns"


async def test_a_person_who_says_nothing_fails_typed(tmp_path: Path) -> None:
    async with troupe(tmp_path, p="[[END]]", h="Well?") as cast:
        with pytest.raises(ParseError, match="said nothing"):
            await talked(cast)


async def test_every_turn_of_the_assistant_is_spoken_anew_on_what_was_said_anew(tmp_path: Path) -> None:
    old = (user("Hi."), assistant("OLD-1"), user("Why?"), assistant("OLD-2"), user("So?"))
    async with troupe(tmp_path, h=["new 1", "new 2", "new 3"]) as cast:
        made = await replay_conversation(instruction(messages=old, system="Be kind."), cast.agent("h"))
        assert made.prompt == (system("Be kind."), user("Hi."))
        assert [m.text for m in made.messages] == ["new 1", "Why?", "new 2", "So?", "new 3"]
        assert "OLD" not in str(cast.models.asked("h"))
        assert [p.model for p in made.producers] == ["h"]
        assert len(made.calls) == 3
