"""Teams of AutoGen's: who speaks next is decided, and errors and cancelling come through as they are."""

import asyncio
import logging
from functools import partial
from pathlib import Path

import pytest
from scripted import Troupe, troupe

from aaa.agents import Said, Stop, Transcript, confer
from aaa.errors import BudgetError, CallError
from aaa.types import user

STOP = Stop(turns=4, done="[[DONE]]")
NAMES = ("a", "b", "c")


async def talk(cast: Troupe, order: list[str], *, stop: Stop = STOP, fails: Exception | None = None) -> Transcript:
    spoken: dict[str, int] = {}

    async def speak(name: str, said: Said):
        spoken[name] = spoken.get(name, 0) + 1
        heard = " / ".join(f"{who}: {text}" for who, text in said)
        return await cast.agent(name).ask([user(heard or "nothing")], step=f"{name}/{spoken[name]}")

    async def choose(said: Said) -> str:
        if len(said) == len(order) and fails is not None:
            raise fails
        return order[len(said)]

    members = {name: partial(speak, name) for name in NAMES}
    return await confer(members, choose, cast.agent("a"), stop)


async def test_each_hears_all_that_was_said_and_speaks_when_chosen(tmp_path: Path) -> None:
    async with troupe(tmp_path, a="A", b="B", c="C") as cast:
        transcript = await talk(cast, ["b", "a", "c", "b"])
        assert [(turn.speaker, turn.text) for turn in transcript.turns] == [
            ("b", "B"),
            ("a", "A"),
            ("c", "C"),
            ("b", "B"),
        ]
        assert transcript.stop_reason == "max_turns"
        assert cast.models.asked("b") == [(user("nothing"),), (user("b: B / a: A / c: C"),)]
        assert cast.models.asked("c") == [(user("b: B / a: A"),)]


async def test_anybody_ends_it_by_the_marker(tmp_path: Path) -> None:
    async with troupe(tmp_path, a="A", b="all is said\n[[DONE]]", c="C") as cast:
        transcript = await talk(cast, ["a", "b", "c"])
    assert (len(transcript.turns), transcript.stop_reason) == (2, "done")


@pytest.mark.parametrize("order", [["c"], ["a", "c"]])
async def test_a_members_error_surfaces_as_itself_and_in_silence(
    tmp_path: Path, order: list[str], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    failing = CallError("server", "broken", transient=True)
    async with troupe(tmp_path, a="A", b="B", c=failing) as cast:
        with pytest.raises(CallError, match="broken") as error:
            await talk(cast, order)
    assert error.value.kind == "server"
    assert not [record for record in caplog.records if record.name.startswith("autogen")]
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("order", [[], ["a"]])
async def test_an_error_of_the_chooser_surfaces_as_itself(tmp_path: Path, order: list[str]) -> None:
    async with troupe(tmp_path, a="A", b="B", c="C") as cast:
        with pytest.raises(BudgetError, match="spent"):
            await talk(cast, order, fails=BudgetError("spent"))


async def test_cancelling_it_ends_all_of_it_at_once(tmp_path: Path) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def wait(said: Said):
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    async def choose(said: Said) -> str:
        return "x"

    async with troupe(tmp_path, a="A") as cast:
        before = len(asyncio.all_tasks())
        task = asyncio.create_task(confer({"x": wait, "y": wait}, choose, cast.agent("a"), STOP))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended.is_set()
        await asyncio.sleep(0.01)
        assert len(asyncio.all_tasks()) == before


async def test_many_teams_at_once_share_nothing(tmp_path: Path) -> None:
    async with troupe(tmp_path, a="A", b="B", c="C") as cast:
        found = await asyncio.gather(*(talk(cast, ["a", "b", "a", "c"]) for _ in range(20)))
    assert {tuple(turn.speaker for turn in transcript.turns) for transcript in found} == {("a", "b", "a", "c")}
