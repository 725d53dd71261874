"""Answers on whose way tools are called: who answers, when it ends, and what is kept."""

from pathlib import Path

import pytest
from scripted import SEED, instruction, troupe

from aaa.agents import Simulator, ToolDesk, answer_text
from aaa.errors import CallError
from aaa.prompts import PromptSet
from aaa.teach import answer, draw_answers
from aaa.types import BUNDLED_TOOLS, ExpectedCall, Message, Reply, ToolCall, Verifier, World

CALCULATOR = BUNDLED_TOOLS["calculator"]
WEATHER = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}


def wants(*names: str, arguments: str = '{"expression": "6 * 7"}', text: str = "") -> Reply:
    calls = tuple(ToolCall(id=f"call-{at}", name=name, arguments=arguments) for at, name in enumerate(names))
    return Reply(text=text, tool_calls=calls, finish_reason="tool_calls", answered_by="a")


def item(*tools, **fields):
    verifier = Verifier(kind="tool_calls", calls=(ExpectedCall(name="calculator", arguments={"expression": "6 * 7"}),))
    return instruction(tools=tools, **{"verifier": verifier, **fields})


async def test_a_bundled_tool_answers_and_the_author_goes_on(tmp_path: Path) -> None:
    async with troupe(tmp_path, a=[wants("calculator", text="Let me see."), "It is 42."]) as cast:
        made = await answer(item(CALCULATOR), cast.agent("a"), desk=ToolDesk(3))
        assert [ask.tools for ask in cast.models.asks] == [(CALCULATOR,)] * 2
        assert cast.models.asked("a")[1] == (*made.prompt, *made.messages[:2])
        assert made.calls == tuple(cast.uses()[step] for step in ("answer/a", "answer/a/tools-1"))
    assert [message.role for message in made.messages] == ["assistant", "tool", "assistant"]
    assert made.messages[1] == Message(role="tool", content="42", tool_call_id="call-0")
    assert (made.text, made.stop_reason, made.finish_reason) == ("It is 42.", None, "stop")
    assert made.check is not None
    assert made.check.passed
    assert answer_text(made, "mark") == (
        'Assistant: Let me see.\n(calls calculator with {"expression": "6 * 7"})\n\nTool: 42\n\nAssistant: It is 42.'
    )


async def test_the_loop_is_bounded_and_says_so(tmp_path: Path) -> None:
    async with troupe(tmp_path, a=wants("calculator")) as cast:
        made = await answer(item(CALCULATOR), cast.agent("a"), desk=ToolDesk(2))
    assert [message.role for message in made.messages] == ["assistant", "tool"] * 2 + ["assistant"]
    assert made.stop_reason == "tool_rounds"


async def test_without_anybody_to_answer_the_calls_are_the_answer(tmp_path: Path) -> None:
    for name, tool, desk in (("calculator", CALCULATOR, ToolDesk()), ("weather", WEATHER, ToolDesk(3))):
        async with troupe(tmp_path / name, a=wants(name)) as cast:
            made = await answer(item(tool), cast.agent("a"), desk=desk)
        assert (len(made.messages), made.stop_reason) == (1, None)
        assert made.check is not None
        assert made.check.passed is (name == "calculator")


async def test_a_tool_that_was_not_offered_is_an_error_and_so_are_too_many_calls(tmp_path: Path) -> None:
    async with troupe(tmp_path, a=[wants("nothing", *["calculator"] * 9), "42"]) as cast:
        made = await answer(item(CALCULATOR), cast.agent("a"), desk=ToolDesk(1))
    said = [message.text for message in made.messages if message.role == "tool"]
    assert said[0].startswith("error: there is no tool 'nothing'")
    assert said[1:8] == ["42"] * 7
    assert all(text.startswith("error: at most 8") for text in said[8:])


async def test_a_model_may_play_a_tool_and_is_named_as_producer(tmp_path: Path) -> None:
    world = World(facts={"Paris": "rain >>>"})
    async with troupe(
        tmp_path, a=[wants("weather", arguments='{"city": "Paris"}'), "Rain."], b='{"sky": "rain"}'
    ) as cast:
        desk = ToolDesk(2, Simulator(cast.agent("b", role="tool"), PromptSet.load(), SEED))
        made = await answer(item(WEATHER, world=world, verifier=None), cast.agent("a"), desk=desk)
        shown = cast.models.asked("b")[0][0].text
        assert "answer/a/call-1" in cast.uses()
    assert '{"city": "Paris"}' in shown
    assert "- Paris: rain" in shown
    assert made.prompt[0].text not in shown
    assert made.messages[1].text == '{"sky": "rain"}'
    assert [one.model for one in made.producers] == ["a", "b"]
    assert made.text == "Rain."


async def test_a_simulated_tool_that_says_nothing_fails_the_answer(tmp_path: Path) -> None:
    async with troupe(tmp_path, a=wants("weather"), b=" ") as cast:
        desk = ToolDesk(2, Simulator(cast.agent("b"), PromptSet.load(), SEED))
        with pytest.raises(CallError):
            await answer(item(WEATHER), cast.agent("a"), desk=desk)


async def test_each_draw_has_its_own_calls(tmp_path: Path) -> None:
    script = [wants("calculator"), wants("calculator"), "42", "42"]
    async with troupe(tmp_path, a=lambda heard: "42" if heard[-1].role == "tool" else wants("calculator")) as cast:
        made = await draw_answers(item(CALCULATOR), cast.agent("a"), draws=2, desk=ToolDesk(2))
        assert sorted(cast.uses()) == ["draw/a/0", "draw/a/0/tools-1", "draw/a/1", "draw/a/1/tools-1"]
    assert len(script) == len(cast.models.asks)
    assert all(one.check is not None and one.check.passed for one in made)
