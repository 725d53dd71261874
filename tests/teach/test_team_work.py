"""Models that work on a task as a team."""

from pathlib import Path

import pytest
from scripted import PLACE, SEED, Script, Troupe, instruction, troupe

from aaa.errors import ParseError
from aaa.judge import AloneCheck
from aaa.prompts import PromptSet
from aaa.teach import work_as_team
from aaa.types import Answer, TeamTurn

PROMPTS = PromptSet.load()
TASK = instruction("What is 6 times 7?", system="Be exact.")


async def worked(cast: Troupe, *, parts: tuple[str, ...] = ("solver", "checker", "reader"), turns: int = 6) -> Answer:
    members = {
        part: cast.agent(name, persona=f"PERSONA of {name}.")
        for part, name in zip(parts, ("s", "c", "r"), strict=False)
    }
    check = AloneCheck(TASK, PROMPTS, SEED)
    moderator = cast.agent("m", role="moderator")
    return await work_as_team(TASK, members, moderator, PROMPTS, turns=turns, seed=SEED, check=check)


def script(**changed: Script) -> dict[str, Script]:
    says: dict[str, Script] = {
        "s": ["It is 41.", "You are right.", "6 times 7 is 42."],
        "c": ["No: 42.", "All is said.\n[[DONE]]", "42"],
        "r": ["They want a number."],
        "m": ["The work begins.\n[[solver]]", "[[checker]]", "[[solver]]", "not [[solver]] but [[checker]]"],
    }
    return says | changed


async def test_the_moderator_decides_and_the_last_speaker_writes_the_answer(tmp_path: Path) -> None:
    async with troupe(tmp_path, **script()) as cast:
        made = await worked(cast)
        uses = cast.uses()
        closing = cast.models.asked("c")[-1]
    assert made.discussion == (
        TeamTurn(part="solver", model="s", text="It is 41."),
        TeamTurn(part="checker", model="c", text="No: 42."),
        TeamTurn(part="solver", model="s", text="You are right."),
        TeamTurn(part="checker", model="c", text="All is said."),
    )
    assert (made.text, made.member, made.context, made.stop_reason) == ("42", "c", "revised", "done")
    assert [one.model for one in made.producers] == ["c"]
    assert [one.model for one in made.influences] == ["s"]
    assert made.prompt == TASK.prompt
    assert made.id == PLACE.row("answer", "s", "c", "r", "team")
    steps = ["team/member/solver/1", "team/member/checker/1", "team/member/solver/2", "team/member/checker/2"]
    assert made.calls == tuple(uses[step] for step in (*steps, "team/answer"))
    assert {step for step in uses if "choose" in step} == {f"team/choose/{n}" for n in (1, 2, 3, 4)}
    assert [message.role for message in closing] == ["user"]


async def test_each_sees_what_was_said_and_nobody_elses_persona(tmp_path: Path) -> None:
    async with troupe(tmp_path, **script()) as cast:
        await worked(cast)
        for name, asked in (("s", cast.models.asked("s")), ("c", cast.models.asked("c")[:-1])):
            for messages in asked:
                assert [message.role for message in messages] == ["system", "user"]
                assert messages[0].text == f"PERSONA of {name}."
                assert "PERSONA" not in messages[1].text
        assert "It is 41." in cast.models.asked("c")[0][1].text
        assert all("PERSONA" not in messages[0].text for messages in cast.models.asked("m"))
        assert "Possible: checker, reader." in cast.models.asked("m")[1][0].text


async def test_it_ends_at_the_number_of_turns(tmp_path: Path) -> None:
    async with troupe(tmp_path, **script()) as cast:
        made = await worked(cast, turns=2)
    assert (len(made.discussion), made.stop_reason, made.text) == (2, "max_turns", "All is said.\n[[DONE]]")


async def test_of_two_the_other_speaks_without_a_question(tmp_path: Path) -> None:
    async with troupe(tmp_path, **script(m="[[solver]]")) as cast:
        made = await worked(cast, parts=("solver", "checker"))
        assert [turn.part for turn in made.discussion] == ["solver", "checker", "solver", "checker"]
        assert len(cast.models.asked("m")) == 1


async def test_a_moderator_who_names_nobody_is_asked_once_more_and_then_fails_typed(tmp_path: Path) -> None:
    async with troupe(tmp_path, **script(m=["Well.", "[[checker]]", "[[checker]]", "[[nobody]]"])) as cast:
        with pytest.raises(ParseError) as error:
            await worked(cast)
        assert error.value.model == "m"
        assert "Name one of solver, reader in double brackets." in cast.models.asked("m")[-1][-1].text


async def test_an_answer_that_refers_to_the_conversation_is_written_once_more(tmp_path: Path) -> None:
    leaks = ["No: 42.", "[[DONE]]", "Thank you for the hint! As you suggested, it is 42.", "It is 42."]
    async with troupe(tmp_path, **script(c=leaks)) as cast:
        made = await worked(cast)
        assert "team/answer/alone" in cast.uses()
    assert (made.text, made.stands_alone) == ("It is 42.", True)
    assert [turn.part for turn in made.discussion] == ["solver", "checker", "solver"]
