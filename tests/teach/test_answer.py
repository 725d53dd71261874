"""Members answer as themselves."""

from pathlib import Path

import pytest
from scripted import PLACE, instruction, troupe

from aaa.errors import CallError
from aaa.teach import answer
from aaa.types import Producer, Reply, ToolCall, Verifier, assistant, system, user


async def test_all_members_get_the_same_bytes_and_no_persona(tmp_path: Path) -> None:
    item = instruction(system="Be terse.", messages=(user("Hi", name="ann"), assistant("Hello."), user("6 x 7?")))
    async with troupe(tmp_path, a="42", b="41") as cast:
        for name in "ab":
            await answer(item, cast.agent(name, persona="You are a persona."))
        assert cast.models.asked("a") == cast.models.asked("b") == [item.prompt]
        assert cast.models.asked("a")[0][0] == system("Be terse.")
        assert sorted(cast.uses()) == ["answer/a", "answer/b"]


async def test_an_answer_says_what_it_is(tmp_path: Path) -> None:
    item = instruction(reference="42", verifier=Verifier(kind="numeric"))
    reply = Reply(text="So **it** is:\n\nAnswer: 42", reasoning="6*7", finish_reason="length", answered_by="a")
    async with troupe(tmp_path, a=reply, b="I'm sorry, but I can't help with that.") as cast:
        right = await answer(item, cast.agent("a", family="fam"))
        refused = await answer(item, cast.agent("b"))
        assert right.id == PLACE.row("answer", "a")
        assert (right.text, right.reasoning, right.finish_reason) == (reply.text, "6*7", "length")
        assert (right.member, right.context, right.stands_alone) == ("a", "plain", None)
        assert right.prompt == item.prompt
        assert right.check is not None
        assert right.check.passed
        assert (right.style.bold, right.refused, refused.refused) == (1, False, True)
        assert refused.check is not None
        assert not refused.check.passed
        assert right.producers == (Producer(model="a", family="fam", license="mit"),)
        assert right.calls == (cast.uses()["answer/a"],)


async def test_without_a_verifier_nothing_is_checked(tmp_path: Path) -> None:
    async with troupe(tmp_path, a="42") as cast:
        assert (await answer(instruction(), cast.agent("a"))).check is None


async def test_tools_are_offered_and_their_calls_kept(tmp_path: Path) -> None:
    tool = {"type": "function", "function": {"name": "add", "parameters": {"type": "object"}}}
    wants = (ToolCall(id="1", name="add", arguments="{}"),)
    async with troupe(
        tmp_path, a=Reply(text="", tool_calls=wants, finish_reason="tool_calls", answered_by="a")
    ) as cast:
        made = await answer(instruction(tools=(tool,)), cast.agent("a"))
        assert cast.models.asks[0].tools == (tool,)
    assert made.messages[0].tool_calls == wants


async def test_a_failed_call_is_the_callers(tmp_path: Path) -> None:
    async with troupe(tmp_path, a=CallError("policy", "no", transient=False)) as cast:
        with pytest.raises(CallError) as error:
            await answer(instruction(), cast.agent("a"))
    assert error.value.kind == "policy"
