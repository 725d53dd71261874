"""The lean route over real HTTP: what is sent, what is read, what goes wrong."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from asking import asked, model
from loopback import Fault, Loopback, completion

from aaa.errors import CallError
from aaa.llm.lean import LeanRoute
from aaa.types import ImagePart, ImageUrl, Message, Params, Reply, TextPart, ToolCall, Usage, system, user


@pytest.fixture
async def route() -> AsyncIterator[LeanRoute]:
    route = LeanRoute()
    yield route
    await route.close()


async def reply_to(route: LeanRoute, response: Any, **fields: Any) -> Reply:
    async with Loopback(lambda _: response) as server:
        return await route.send(asked(model(api_base=server.base), **fields), attempt=1)


async def error_of(route: LeanRoute, fault: Fault, **fields: Any) -> CallError:
    async with Loopback(faults=[fault]) as server:
        with pytest.raises(CallError) as caught:
            await route.send(asked(model(api_base=server.base, **fields)), attempt=1)
        return caught.value


async def test_the_request_is_the_wires_and_holds_only_what_is_set(route: LeanRoute) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base + "/")
        await route.send(asked(one, (system("S"), user("hi"))), attempt=1)
        tool = {"type": "function", "function": {"name": "add"}}
        params = Params(
            temperature=0.0,
            top_p=0.5,
            max_tokens=7,
            stop=("x",),
            reasoning_effort="low",
            extra_body={"seed": 1, "k": {}},
        )
        picture = Message(
            role="user",
            content=(TextPart(text="look"), ImagePart(image_url=ImageUrl(url="data:image/png;base64,AA=="))),
        )
        full = asked(one, (picture,), params=params, tools=(tool,), response_format={"type": "json_object"})
        await route.send(full, attempt=1)
    messages = [{"role": "system", "content": "S"}, {"role": "user", "content": "hi"}]
    assert server.requests[0] == {"model": "test-model", "messages": messages, "max_tokens": 1024}
    parts = [
        {"type": "text", "text": "look"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
    ]
    assert server.requests[1] == {
        "model": "test-model",
        "messages": [{"role": "user", "content": parts}],
        "temperature": 0.0,
        "top_p": 0.5,
        "max_tokens": 7,
        "stop": ["x"],
        "reasoning_effort": "low",
        "tools": [tool],
        "response_format": {"type": "json_object"},
        "seed": 1,
        "k": {},
    }
    assert set(server.paths) == {"/v1/chat/completions"}


async def test_ollamas_address_is_that_of_its_own_api(route: LeanRoute) -> None:
    async with Loopback() as server:
        one = model(model="ollama/llama3", api_base=server.base.removesuffix("/v1"))
        assert (await route.send(asked(one), attempt=1)).text == "You said: hello"
    assert server.paths == ["/v1/chat/completions"]
    assert server.requests[0]["model"] == "llama3"


async def test_a_reply_is_read_whole(route: LeanRoute) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "add", "arguments": '{"a": 1}'}}
    response = completion("text", {"messages": [], "model": "served"}, reasoning_content="hm", tool_calls=[call])
    response["usage"] = {
        "prompt_tokens": 10,
        "completion_tokens": 20,
        "total_tokens": 30,
        "prompt_tokens_details": {"cached_tokens": 4},
        "completion_tokens_details": {"reasoning_tokens": 5},
    }
    assert await reply_to(route, response) == Reply(
        text="text",
        reasoning="hm",
        tool_calls=(ToolCall(id="c1", name="add", arguments='{"a": 1}'),),
        usage=Usage(prompt_tokens=10, completion_tokens=20, reasoning_tokens=5, cached_tokens=4),
        answered_by="m",
        served_model="served",
    )


@pytest.mark.parametrize(
    ("message", "finish", "text", "reasoning", "found"),
    [
        ({"content": "<think>a</think>b"}, "stop", "b", "a", "stop"),
        ({"content": "b", "reasoning": "a"}, "stop", "b", "a", "stop"),
        ({"content": "<think>c</think>b", "reasoning_content": "a"}, "stop", "b", "a\n\nc", "stop"),
        ({"content": "<think>a"}, "length", "", "a", "length"),
        ({"content": "<think>a"}, "stop", "", "a", "length"),
        ({"content": [{"type": "thinking", "thinking": "a"}, {"type": "text", "text": "b"}]}, "stop", "b", "a", "stop"),
        ({"content": "b", "thinking_blocks": [{"type": "thinking", "thinking": "a"}]}, "stop", "b", "a", "stop"),
        ({"content": None}, None, "", None, "unknown"),
        ({"content": "b"}, "content_filter", "b", None, "content_filter"),
        ({"content": "cut \ud83d"}, "length", "cut \ufffd", None, "length"),
    ],
)
async def test_reasoning_and_finish_reasons(
    route: LeanRoute, message: dict[str, Any], finish: str | None, text: str, reasoning: str | None, found: str
) -> None:
    choice = {"message": {"role": "assistant", **message}, "finish_reason": finish}
    reply = await reply_to(route, web.Response(text=json.dumps({"choices": [choice]}), content_type="application/json"))
    assert (reply.text, reply.reasoning, reply.finish_reason, reply.usage) == (text, reasoning, found, None)


@pytest.mark.parametrize(
    ("usage", "found"),
    [
        (None, None),
        ({}, None),
        ({"prompt_tokens": "many", "completion_tokens": 1}, None),
        ({"prompt_tokens": -1, "completion_tokens": 1}, None),
        ({"prompt_tokens": 1, "completion_tokens": 2}, Usage(prompt_tokens=1, completion_tokens=2)),
        (
            {"prompt_tokens": 9, "completion_tokens": 2, "prompt_cache_hit_tokens": 8},
            Usage(prompt_tokens=9, completion_tokens=2, cached_tokens=8),
        ),
        (  # xAI counts reasoning beside the completion
            {
                "prompt_tokens": 1,
                "completion_tokens": 2,
                "total_tokens": 13,
                "completion_tokens_details": {"reasoning_tokens": 10},
            },
            Usage(prompt_tokens=1, completion_tokens=12, reasoning_tokens=10),
        ),
    ],
)
async def test_usage_is_read_where_it_makes_sense(route: LeanRoute, usage: Any, found: Usage | None) -> None:
    response = {**completion("b", {"messages": []}), "usage": usage}
    assert (await reply_to(route, response)).usage == found


@pytest.mark.parametrize(
    ("fault", "kind", "paid"),
    [
        (Fault("429", {"Retry-After": "2"}), "rate_limited", False),
        (Fault("503"), "server", False),
        (Fault("401"), "auth", False),
        (Fault("307", {"Location": "http://127.0.0.1:9/"}), "not_found", False),
        (Fault("reset"), "connection", True),
        (Fault("truncated"), "malformed", True),
        (Fault("garbage"), "malformed", True),
        (Fault("200", body="[]"), "malformed", True),
        (Fault("200", body='{"choices": []}'), "malformed", True),
        (Fault("200", body='{"choices": [{"message": {"tool_calls": [{"id": "1"}]}}]}'), "malformed", True),
        (Fault("200", body='{"error": {"code": 429, "message": "upstream"}}'), "rate_limited", False),
        (Fault("200", body='{"choices": [{"message": {"content": null, "refusal": "No."}}]}'), "refused", True),
    ],
)
async def test_whatever_goes_wrong_is_typed(route: LeanRoute, fault: Fault, kind: str, paid: bool) -> None:
    error = await error_of(route, fault)
    assert (error.kind, error.paid) == (kind, paid)
    assert error.model == "m"
    assert error.retry_after == (2.0 if "Retry-After" in fault.headers else None)


async def test_a_server_that_hangs_times_out(route: LeanRoute) -> None:
    error = await error_of(route, Fault("hang"), timeout=0.2)
    assert (error.kind, error.paid) == ("timeout", True)


async def test_nobody_at_the_address_and_no_address(route: LeanRoute) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for base, kind in ((f"http://127.0.0.1:{port}/v1", "connection"), ("nonsense", "not_found")):
        with pytest.raises(CallError) as caught:
            await route.send(asked(model(api_base=base)), attempt=1)
        assert (caught.value.kind, caught.value.paid) == (kind, False)
    with pytest.raises(CallError, match="set `api_base`"):
        await route.send(asked(model(model="hosted_vllm/x")), attempt=1)


async def test_a_server_that_wants_the_newer_bound_is_asked_the_old_way_only_once(route: LeanRoute) -> None:
    def answer(body: dict[str, Any]) -> Any:
        if "max_tokens" in body:
            said = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
            return web.json_response({"error": {"message": said}}, status=400)
        return "fine"

    async with Loopback(answer) as server:
        for _ in range(2):
            assert (await route.send(asked(model(api_base=server.base)), attempt=1)).text == "fine"
    assert ["max_tokens" in body for body in server.requests] == [True, False, False]
    assert server.requests[-1]["max_completion_tokens"] == 1024


async def test_hundreds_of_requests_are_in_flight_at_once(route: LeanRoute) -> None:
    async with Loopback(latency=0.4) as server:
        one = model(api_base=server.base)
        await asyncio.gather(*(route.send(asked(one, f"{i}"), attempt=1) for i in range(600)))
    assert server.peak == 600
