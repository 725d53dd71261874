"""The call layer as an AutoGen client: nothing added, nothing lost."""

import asyncio
from pathlib import Path

import pytest
from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.messages import TextMessage, ToolCallSummaryMessage
from autogen_core import CancellationToken, FunctionCall, Image
from autogen_core.models import (
    AssistantMessage,
    FunctionExecutionResult,
    FunctionExecutionResultMessage,
    SystemMessage,
    UserMessage,
)
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from scripted import PLACE, Scripted, Troupe, troupe

from aaa.agents.client import BoundClient
from aaa.agents.messages import from_autogen
from aaa.errors import CallError, UsageError
from aaa.llm import Ask, Use
from aaa.types import (
    Call,
    ImagePart,
    ImageUrl,
    Message,
    Params,
    Reply,
    TextPart,
    ToolCall,
    Usage,
    assistant,
    system,
    user,
)

PARTS = st.one_of(
    st.builds(TextPart, text=st.text()),
    st.builds(ImagePart, image_url=st.builds(ImageUrl, url=st.just("https://example.org/a.png"))),
)
MESSAGES = st.builds(
    Message,
    role=st.sampled_from(["system", "user", "assistant", "tool"]),
    content=st.one_of(st.text(), st.lists(PARTS, min_size=1, max_size=3).map(tuple)),
    name=st.none() | st.text(min_size=1),
    tool_calls=st.lists(st.builds(ToolCall, id=st.text(), name=st.text(), arguments=st.text()), max_size=2).map(tuple),
    tool_call_id=st.none() | st.text(),
)
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def client(cast: Troupe, name: str = "m", **bound: object) -> BoundClient:
    agent = cast.agent(name)
    return BoundClient(
        cast.asker, agent.model, agent.params, Use(PLACE.session, PLACE.episode, "step", "member"), **bound
    )


@given(st.lists(MESSAGES, min_size=1, max_size=4))
def test_an_agent_asks_byte_for_byte_what_it_was_given(messages: list[Message]) -> None:
    class Noted:
        asks: list[Ask]

        async def ask(self, ask: Ask) -> Call:
            self.asks = [ask]
            return Call(id="key", model="m", request={}, reply=Reply(text="ok", answered_by="m"))

    noted = Noted()
    cast = Troupe(noted, Scripted({}), store=None)  # type: ignore[arg-type]
    asyncio.run(cast.agent("m").ask(messages, step="s"))
    assert noted.asks[0].messages == tuple(messages)


def test_autogens_own_messages_become_the_wires_without_the_names_of_agents() -> None:
    call = FunctionCall(id="c1", name="add", arguments='{"a": 1}')
    given = [
        SystemMessage(content="S"),
        UserMessage(content="U", source="teacher"),
        UserMessage(content=["see", Image.from_base64(PIXEL)], source="teacher"),
        AssistantMessage(content="A", source="m", thought="hidden"),
        AssistantMessage(content=[call], source="m", thought="let me add"),
        FunctionExecutionResultMessage(
            content=[FunctionExecutionResult(content=str(n), name="add", call_id=f"c{n}") for n in (1, 2)]
        ),
    ]
    found = from_autogen(given)
    assert found[:2] == (system("S"), user("U"))
    image = found[2].content[1]
    assert isinstance(image, ImagePart)
    assert image.image_url.url.startswith("data:image/png;base64,")
    assert found[3] == assistant("A")
    assert found[4].text == "let me add"
    assert found[4].tool_calls == (ToolCall(id="c1", name="add", arguments='{"a": 1}'),)
    assert [(m.role, m.text, m.tool_call_id) for m in found[5:]] == [("tool", "1", "c1"), ("tool", "2", "c2")]


async def test_a_result_has_the_text_the_thought_the_usage_and_the_reason(tmp_path: Path) -> None:
    reply = Reply(
        text="42",
        reasoning="6*7",
        finish_reason="length",
        usage=Usage(prompt_tokens=9, completion_tokens=3),
        answered_by="m",
    )
    async with troupe(tmp_path, m=reply) as cast:
        asking = client(cast)
        result = await asking.create([UserMessage(content="?", source="user")])
        assert (result.content, result.thought, result.finish_reason) == ("42", "6*7", "length")
        assert (result.usage.prompt_tokens, result.usage.completion_tokens) == (9, 3)
        assert asking.total_usage() == asking.actual_usage() == result.usage
        assert [call.reply for call in asking.calls] == [reply]


async def test_streaming_ends_with_the_result(tmp_path: Path) -> None:
    async with troupe(tmp_path, m="hello") as cast:
        pieces = [piece async for piece in client(cast).create_stream([UserMessage(content="?", source="user")])]
    assert pieces[0] == "hello"
    assert pieces[-1].content == "hello"


class Verdict(BaseModel):
    better: int


async def test_what_a_call_may_ask_for_reaches_the_request(tmp_path: Path) -> None:
    question = [UserMessage(content="?", source="user")]
    wired = {"name": "add", "description": "adds", "parameters": {"type": "object", "properties": {}}}
    async with troupe(tmp_path, m="{}") as cast:
        asking = client(cast, draw=3, response_format={"type": "text"})
        await asking.create(question, extra_create_args={"temperature": 0.5}, tools=[wired], tool_choice="required")
        await asking.create(question, json_output=True)
        await asking.create(question, json_output=Verdict)
        await asking.create(question)
        tooled, any_json, typed, plain = cast.models.asks
        assert tooled.params.temperature == 0.5
        assert tooled.params.max_tokens == cast.agent("m").params.max_tokens
        assert tooled.params.extra_body == {"tool_choice": "required"}
        assert tooled.tools == ({"type": "function", "function": wired},)
        assert tooled.draw == 3
        assert any_json.response_format == {"type": "json_object"}
        assert typed.response_format["json_schema"]["name"] == "Verdict"
        assert plain.response_format == {"type": "text"}
        assert plain.params == cast.agent("m").params
        assert sorted(cast.uses()) == ["step", "step/2", "step/3", "step/4"]
        with pytest.raises(ValidationError, match="temprature"):
            await asking.create(question, extra_create_args={"temprature": 0.5})


async def test_context_is_counted_by_estimate_and_never_made_up(tmp_path: Path) -> None:
    async with troupe(tmp_path, m="") as cast:
        asking = client(cast)
        words = [UserMessage(content="x" * 400, source="user")]
        assert asking.count_tokens(words) == 100
        with pytest.raises(UsageError, match="context"):
            asking.remaining_tokens(words)
        known = cast.agent("m").model.model_copy(update={"context": 1000})
        assert BoundClient(cast.asker, known, Params(), asking._use).remaining_tokens(words) == 900


@pytest.mark.parametrize("persona", [None, "You are terse."])
async def test_a_stock_assistant_says_nothing_of_its_own(tmp_path: Path, persona: str | None) -> None:
    async with troupe(tmp_path, m="42") as cast:
        agent = AssistantAgent("helper", client(cast), system_message=persona)
        response = await agent.on_messages([TextMessage(content="6 x 7?", source="user")], CancellationToken())
        assert response.chat_message.to_text() == "42"
        await agent.on_messages([TextMessage(content="And 6 x 8?", source="student")], CancellationToken())
        opening = (system(persona),) if persona else ()
        first, second = cast.models.asked("m")
        assert first == (*opening, user("6 x 7?"))
        assert second == (*opening, user("6 x 7?"), assistant("42"), user("And 6 x 8?"))


async def test_a_stock_assistant_can_use_tools(tmp_path: Path) -> None:
    def add(a: int, b: int) -> int:
        """Add two numbers."""
        return a + b

    wants = Reply(
        text="Let me add.",
        tool_calls=(ToolCall(id="c1", name="add", arguments='{"a": 2, "b": 3}'),),
        finish_reason="tool_calls",
        answered_by="m",
    )
    async with troupe(tmp_path, m=[wants, "It is 5."]) as cast:
        agent = AssistantAgent("helper", client(cast), system_message=None, tools=[add], reflect_on_tool_use=True)
        response = await agent.on_messages([TextMessage(content="2 + 3?", source="user")], CancellationToken())
        assert not isinstance(response.chat_message, ToolCallSummaryMessage)
        assert response.chat_message.to_text() == "It is 5."
        asked, result = cast.models.asked("m")[1][-2:]
        assert (asked.text, asked.tool_calls) == ("Let me add.", wants.tool_calls)
        assert (result.role, result.text, result.tool_call_id) == ("tool", "5", "c1")


async def test_errors_come_through_a_stock_assistant_as_they_are(tmp_path: Path) -> None:
    async with troupe(tmp_path, m=CallError("auth", "no key", transient=False)) as cast:
        agent = AssistantAgent("helper", client(cast), system_message=None)
        with pytest.raises(CallError, match="no key") as error:
            await agent.on_messages([TextMessage(content="?", source="user")], CancellationToken())
        assert error.value.kind == "auth"


async def test_a_token_cancels_the_call() -> None:
    class Endless:
        async def ask(self, ask: object) -> object:
            await asyncio.Event().wait()
            raise AssertionError

    cast = Troupe(Endless(), Scripted({}), store=None)  # type: ignore[arg-type]
    token = CancellationToken()
    task = asyncio.ensure_future(client(cast).create([], cancellation_token=token))
    await asyncio.sleep(0)
    token.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, timeout=5)
