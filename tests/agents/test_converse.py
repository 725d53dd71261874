"""Conversations of AutoGen agents in our own loop."""

import asyncio
import logging
from pathlib import Path

import pytest
from autogen_agentchat.messages import TextMessage
from autogen_agentchat.teams import RoundRobinGroupChat
from autogen_core import CancellationToken
from scripted import Script, Troupe, troupe

from aaa.agents import Stop, Transcript, converse
from aaa.errors import CallError
from aaa.types import assistant, system, user

STOP = Stop(turns=5, done="[[DONE]]", by="b")


def count(role: str) -> Script:
    """Says `role` and how many turns it has taken before."""
    return lambda heard: f"{role}{sum(m.role == 'assistant' for m in heard)}"


async def talk(cast: Troupe, stop: Stop = STOP, *, opening: str = "go", turns: int = 9) -> Transcript:
    speakers = [
        cast.agent("a", persona="You are A.").speaker("a", [user(opening)], step=f"{opening}/a"),
        cast.agent("b").speaker("b", [], step=f"{opening}/b"),
    ]
    return await converse([("a", "b")[n % 2] for n in range(turns)], speakers, stop)


async def test_each_hears_the_other_as_user_and_itself_as_assistant(tmp_path: Path) -> None:
    async with troupe(tmp_path, a=count("a"), b=count("b")) as cast:
        transcript = await talk(cast)
        assert [(turn.speaker, turn.text) for turn in transcript.turns] == [
            ("a", "a0"),
            ("b", "b0"),
            ("a", "a1"),
            ("b", "b1"),
            ("a", "a2"),
        ]
        assert transcript.stop_reason == "max_turns"
        assert cast.models.asked("a")[-1] == (
            system("You are A."),
            user("go"),
            assistant("a0"),
            user("b0"),
            assistant("a1"),
            user("b1"),
        )
        assert cast.models.asked("b")[-1] == (user("a0"), assistant("b0"), user("a1"))
        assert sorted(cast.uses()) == ["go/a", "go/a/2", "go/a/3", "go/b", "go/b/2"]


async def test_only_the_one_who_may_ends_it_by_the_marker(tmp_path: Path) -> None:
    says = {"a": "not [[DONE]] yet", "b": ["more", "I see. [[DONE]]"]}
    async with troupe(tmp_path, **says) as cast:
        transcript = await talk(cast, opening="say [[DONE]]")
        assert (len(transcript.turns), transcript.stop_reason) == (4, "done")


async def test_silence_is_a_failed_call(tmp_path: Path) -> None:
    async with troupe(tmp_path, a="hello", b=" \n ") as cast:
        with pytest.raises(CallError) as error:
            await talk(cast)
    assert error.value.kind == "empty"


async def test_the_marker_at_the_last_turn_counts_as_done(tmp_path: Path) -> None:
    async with troupe(tmp_path, a="hello", b="[[DONE]]") as cast:
        transcript = await talk(cast, Stop(turns=2, done="[[DONE]]", by="b"))
    assert transcript.stop_reason == "done"


async def test_a_plan_may_end_first(tmp_path: Path) -> None:
    async with troupe(tmp_path, a="hello", b="hello") as cast:
        transcript = await talk(cast, turns=3)
    assert (len(transcript.turns), transcript.stop_reason) == (3, "plan_ended")


async def test_many_conversations_at_once_share_nothing(tmp_path: Path) -> None:
    async with troupe(tmp_path, a=count("a"), b=lambda heard: f"to {heard[0].text}") as cast:
        found = await asyncio.gather(*(talk(cast, STOP, opening=f"topic {n}") for n in range(20)))
    assert {len(transcript.turns) for transcript in found} == {5}


async def test_an_error_surfaces_as_itself_and_in_silence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    failing = CallError("server", "broken", transient=True)
    async with troupe(tmp_path, a="hello", b=failing) as cast:
        with pytest.raises(CallError, match="broken") as error:
            await talk(cast)
    assert error.value.kind == "server"
    assert not [record for record in caplog.records if record.name.startswith("autogen")]
    assert capfd.readouterr().err == ""


async def test_a_speaker_can_also_sit_in_a_team_of_autogens(tmp_path: Path) -> None:
    async with troupe(tmp_path, a=count("a"), b=count("b")) as cast:
        speakers = [cast.agent(name).speaker(name, [], step=name) for name in ("a", "b")]
        result = await RoundRobinGroupChat(speakers, max_turns=3).run(task="go")
        assert [m.to_text() for m in result.messages] == ["go", "a0", "b0", "a1"]
        assert cast.models.asked("a")[-1] == (user("go"), assistant("a0"), user("b0"))
        assert len({(m.id, m.created_at) for m in result.messages[1:]}) == 1, "neither chance nor the clock is in them"


async def test_reset_brings_a_speaker_back_to_its_beginning(tmp_path: Path) -> None:
    async with troupe(tmp_path, a=count("a")) as cast:
        speaker, token = cast.agent("a").speaker("a", [user("brief")], step="a"), CancellationToken()
        await speaker.on_messages([TextMessage(content="one", source="b")], token)
        await speaker.on_reset(token)
        await speaker.on_messages([TextMessage(content="two", source="b")], token)
        assert cast.models.asked("a")[-1] == (user("brief"), user("two"))
