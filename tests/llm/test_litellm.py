"""Other providers' own wires, spoken by litellm to servers of the tests' own, and simulated models by the same path."""

from __future__ import annotations

import asyncio
import importlib
import socket
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from aiohttp import web
from asking import asked, model
from loopback import Fault, Loopback, completion

from aaa.errors import CallError
from aaa.llm import Gateway, open_routes
from aaa.llm.faults import of_reply
from aaa.llm.lazy import load_litellm
from aaa.llm.quiet import SILENCED
from aaa.llm.through_litellm import LitellmRoute
from aaa.store import StoreJournal
from aaa.types import Message, Model, Params, Reply, SimProfile, ToolCall, Usage, assistant, system, user

TALK = (system("S"), user("one"), assistant("two"), user("three"))
TOOL: dict[str, Any] = {
    "type": "function",
    "function": {"name": "add", "description": "adds", "parameters": {"type": "object", "properties": {}}},
}


@pytest.fixture
async def route() -> AsyncIterator[LitellmRoute]:
    route = LitellmRoute()
    yield route
    await route.close()


def anthropic(text: str = "four", *, stop: str = "end_turn", blocks: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-haiku-4-5-20251001",
        "content": [*blocks, *([{"type": "text", "text": text}] if text else [])],
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {
            "input_tokens": 11,
            "output_tokens": 7,
            "cache_read_input_tokens": 3,
            "cache_creation_input_tokens": 0,
        },
    }


def gemini(text: str = "four", *, stop: str = "STOP", parts: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    return {
        "candidates": [
            {"content": {"role": "model", "parts": [*parts, {"text": text}]}, "finishReason": stop, "index": 0}
        ],
        "usageMetadata": {
            "promptTokenCount": 11,
            "candidatesTokenCount": 7,
            "thoughtsTokenCount": 5,
            "totalTokenCount": 23,
        },
        "modelVersion": "gemini-2.5-flash",
    }


def ollama(text: str = "four", *, stop: str = "stop", thinking: str | None = None) -> dict[str, Any]:
    message = {"role": "assistant", "content": text, **({"thinking": thinking} if thinking else {})}
    counts = {"prompt_eval_count": 11, "eval_count": 7, "total_duration": 1, "load_duration": 1, "eval_duration": 1}
    return {
        "model": "llama3",
        "created_at": "2026-01-01T00:00:00Z",
        "message": message,
        "done": True,
        "done_reason": stop,
        **counts,
    }


MODELS = {
    "anthropic": "anthropic/claude-haiku-4-5",
    "gemini": "gemini/gemini-2.5-flash",
    "ollama": "ollama_chat/llama3",
}


async def said(route: LitellmRoute, provider: str, answer: Any, **fields: Any) -> tuple[Reply, dict[str, Any], str]:
    """The reply to a talk, and the request and path that the server saw."""
    async with Loopback(lambda _: answer) as server:
        one = model(model=MODELS[provider], api_base=server.base.removesuffix("/v1"))
        reply = await route.send(asked(one, fields.pop("messages", TALK), **fields), attempt=1)
    assert len(server.requests) == 1
    return reply, server.requests[0], server.paths[0]


async def test_anthropic_messages(route: LitellmRoute) -> None:
    params = Params(temperature=0.5, max_tokens=9, stop=("END",))
    reply, body, path = await said(route, "anthropic", anthropic(), params=params)
    assert path == "/v1/messages"
    assert [block["text"] for block in body["system"]] == ["S"]
    assert [(m["role"], m["content"][0]["text"]) for m in body["messages"]] == [
        ("user", "one"),
        ("assistant", "two"),
        ("user", "three"),
    ]
    assert (body["max_tokens"], body["temperature"], body["stop_sequences"]) == (9, 0.5, ["END"])
    assert (reply.text, reply.finish_reason) == ("four", "stop")
    assert reply.usage == Usage(prompt_tokens=14, completion_tokens=7, cached_tokens=3)


async def test_anthropic_thinking_tools_and_truncation(route: LitellmRoute) -> None:
    thinking = {"type": "thinking", "thinking": "hm", "signature": "s"}
    reply, *_ = await said(route, "anthropic", anthropic(blocks=[thinking], stop="max_tokens"))
    assert (reply.text, reply.reasoning, reply.finish_reason) == ("four", "hm", "length")
    use = {"type": "tool_use", "id": "t1", "name": "add", "input": {"a": 1}}
    reply, body, _ = await said(route, "anthropic", anthropic("", blocks=[use], stop="tool_use"), tools=(TOOL,))
    assert [tool["name"] for tool in body["tools"]] == ["add"]
    assert not any("mcp" in name for name in body)
    assert reply.tool_calls == (ToolCall(id="t1", name="add", arguments='{"a": 1}'),)
    assert reply.finish_reason == "tool_calls"


async def test_anthropic_refusal(route: LitellmRoute) -> None:
    reply, *_ = await said(route, "anthropic", anthropic("", stop="refusal"))
    failure = of_reply(model(), reply)
    assert failure is not None
    assert failure.kind == "policy"


async def test_gemini_generate_content(route: LitellmRoute) -> None:
    reply, body, path = await said(route, "gemini", gemini(parts=[{"text": "hm", "thought": True}]))
    assert path.endswith("/models/gemini-2.5-flash:generateContent")
    assert body["system_instruction"]["parts"] == [{"text": "S"}]
    assert [(turn["role"], turn["parts"][0]["text"]) for turn in body["contents"]] == [
        ("user", "one"),
        ("model", "two"),
        ("user", "three"),
    ]
    assert body["generationConfig"]["max_output_tokens"] == 1024
    assert (reply.text, reply.reasoning, reply.finish_reason) == ("four", "hm", "stop")
    assert reply.usage == Usage(prompt_tokens=11, completion_tokens=12, reasoning_tokens=5)


@pytest.mark.parametrize(("stop", "finish"), [("MAX_TOKENS", "length"), ("SAFETY", "content_filter")])
async def test_gemini_finish_reasons(route: LitellmRoute, stop: str, finish: str) -> None:
    reply, *_ = await said(route, "gemini", gemini(stop=stop))
    assert reply.finish_reason == finish


async def test_gemini_blocked_prompt(route: LitellmRoute) -> None:
    blocked = {
        "promptFeedback": {"blockReason": "SAFETY"},
        "usageMetadata": {"promptTokenCount": 3, "totalTokenCount": 3},
    }
    reply, *_ = await said(route, "gemini", blocked)
    assert reply.finish_reason == "content_filter"


async def test_ollama_chat(route: LitellmRoute) -> None:
    reply, body, path = await said(route, "ollama", ollama(thinking="hm"))
    assert path == "/api/chat"
    assert [(m["role"], m["content"]) for m in body["messages"]] == [(m.role, m.text) for m in TALK]
    assert body["options"]["num_predict"] == 1024
    assert (reply.text, reply.reasoning, reply.finish_reason) == ("four", "hm", "stop")
    assert reply.usage == Usage(prompt_tokens=11, completion_tokens=7)


@pytest.mark.parametrize("way", ["lean", "litellm"])
async def test_inline_thoughts_leave_no_line_breaks(way: str) -> None:
    """By litellm too, which parts the voices itself; and from a server that does."""
    thought = completion("\n\nfour", {"messages": []}, reasoning_content="hm\n")
    routes = open_routes()
    for answer in ("<think>\nhm\n</think>\n\nfour", thought):
        async with Loopback(lambda _, said=answer: said) as server:
            one = model(api_base=server.base, route=way)
            reply = await routes(one).send(asked(one), attempt=1)
        assert (reply.text, reply.reasoning) == ("four", "hm")
    await routes.close()


async def test_ollama_truncation_and_inline_thoughts(route: LitellmRoute) -> None:
    reply, *_ = await said(route, "ollama", ollama("<think>hm</think>four", stop="length"))
    assert (reply.text, reply.reasoning, reply.finish_reason) == ("four", "hm", "length")


def anthropic_error(status: int, type_: str, message: str) -> web.Response:
    body = {"type": "error", "error": {"type": type_, "message": message}}
    return web.json_response(body, status=status, headers={"Retry-After": "3"})


def gemini_error(code: int, message: str, status: str = "") -> web.Response:
    body = {"error": {"code": code, "message": message, "status": status}}
    return web.json_response(body, status=code, headers={"Retry-After": "3"})


def ollama_error(status: int, message: str) -> web.Response:
    return web.json_response({"error": message}, status=status)


TOO_LONG = "The input token count (9) exceeds the maximum number of tokens allowed (8)."
ERRORS = [
    ("anthropic", anthropic_error(400, "invalid_request_error", "prompt is too long: 9 tokens > 8"), "context_length"),
    ("anthropic", anthropic_error(400, "invalid_request_error", "messages: roles must alternate"), "invalid"),
    ("anthropic", anthropic_error(401, "authentication_error", "invalid x-api-key"), "auth"),
    ("anthropic", anthropic_error(404, "not_found_error", "model: x"), "not_found"),
    ("anthropic", anthropic_error(429, "rate_limit_error", "slow down"), "rate_limited"),
    ("anthropic", anthropic_error(529, "overloaded_error", "Overloaded"), "server"),
    ("gemini", gemini_error(400, TOO_LONG, "INVALID_ARGUMENT"), "context_length"),
    ("gemini", gemini_error(400, "Invalid value at 'x'", "INVALID_ARGUMENT"), "invalid"),
    ("gemini", gemini_error(403, "denied", "PERMISSION_DENIED"), "auth"),
    ("gemini", gemini_error(429, "Resource exhausted", "RESOURCE_EXHAUSTED"), "rate_limited"),
    ("gemini", gemini_error(503, "The model is overloaded", "UNAVAILABLE"), "server"),
    ("ollama", ollama_error(404, "model 'llama3' not found"), "not_found"),
    ("ollama", ollama_error(500, "llama runner process has terminated"), "server"),
]


@pytest.mark.parametrize(("provider", "response", "kind"), ERRORS)
async def test_errors_with_their_own_bodies(
    route: LitellmRoute, provider: str, response: web.Response, kind: str
) -> None:
    with pytest.raises(CallError) as caught:
        await said(route, provider, response)
    error = caught.value
    assert error.kind == kind
    assert not error.paid
    assert "litellm" not in str(error), "the server's words, not the names of litellm's classes"
    assert "Exception" not in str(error)
    if kind == "rate_limited":
        assert error.retry_after == 3.0


@pytest.mark.parametrize(("provider", "fault", "kind"), [
    ("anthropic", Fault("reset"), {"connection", "server"}),
    ("anthropic", Fault("garbage"), {"malformed", "connection", "server"}),
    ("gemini", Fault("truncated"), {"malformed", "connection", "server"}),
    ("ollama", Fault("hang"), {"timeout"}),
])  # fmt: skip
async def test_broken_connections_are_transient(
    route: LitellmRoute, provider: str, fault: Fault, kind: set[str]
) -> None:
    async with Loopback(faults=[fault]) as server:
        one = model(model=MODELS[provider], api_base=server.base.removesuffix("/v1"), timeout=0.5)
        with pytest.raises(CallError) as caught:
            await route.send(asked(one), attempt=1)
    assert caught.value.kind in kind
    assert caught.value.transient


async def test_a_parameter_that_litellm_knows_to_be_refused_is_invalid_and_not_dropped(route: LitellmRoute) -> None:
    async with Loopback() as server:
        one = model(model="anthropic/claude-haiku-4-5", api_base=server.base)
        tool = asked(one, params=Params(extra_body={}), response_format={"type": "json_object"})
        assert tool.response_format is not None
        bad = model(model="cohere/command-r", api_base=server.base)
        with pytest.raises(CallError) as caught:
            await route.send(asked(bad, params=Params(reasoning_effort="low")), attempt=1)
    assert caught.value.kind == "invalid"
    assert "reasoning_effort" in str(caught.value)
    assert not server.requests


async def test_openai_wire_by_litellm_with_extra_body(route: LitellmRoute) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base)
        reply = await route.send(
            asked(one, TALK, params=Params(extra_body={"top_k": 5, "guided": {"a": 1}})), attempt=1
        )
    assert (reply.text, reply.answered_by, reply.served_model) == ("You said: three", "m", "test-model")
    assert server.requests[0]["messages"] == [m.to_wire() for m in TALK]
    assert (server.requests[0]["top_k"], server.requests[0]["guided"]) == (5, {"a": 1})


async def test_a_second_route_in_the_same_process_has_connections_of_its_own() -> None:
    for _ in range(2):
        route = LitellmRoute()
        async with Loopback() as server:
            assert (await route.send(asked(model(api_base=server.base)), attempt=1)).text
        await route.close()


def test_litellm_does_nothing_of_its_own_accord() -> None:
    litellm = load_litellm()
    assert litellm.telemetry is False
    assert litellm.num_retries is None
    assert not litellm.drop_params
    assert not litellm.callbacks
    assert len(litellm.model_cost) > 1000, "the price map that comes with the package"


async def test_litellm_asks_nobody_but_the_server(route: LitellmRoute, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anthropic's structured replies need a header, whose newest list litellm would fetch from GitHub."""
    asked_for: list[Any] = []

    def unknown(host: Any, *_: Any, **__: Any) -> Any:
        asked_for.append(host)
        raise OSError("no names here")

    load_litellm()
    headers = importlib.import_module("litellm.anthropic_beta_headers_manager")
    monkeypatch.setattr(headers, "_BETA_HEADERS_CONFIG", None)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    schema = {"name": "s", "schema": {"type": "object", "properties": {}, "additionalProperties": False}}
    form = {"type": "json_schema", "json_schema": schema}
    reply, body, _ = await said(route, "anthropic", anthropic(), response_format=form)
    assert (reply.text, body["output_format"]["type"]) == ("four", "json_schema")
    assert not asked_for


def test_what_is_silenced_of_a_log_is_what_litellm_calls() -> None:
    assert all(callable(getattr(load_litellm().Logging, name)) for name in SILENCED)


async def test_litellm_passes_nothing_of_a_call_to_loggers(
    route: LitellmRoute, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even to one of the user's own, which hears what the user asks by litellm."""
    litellm = load_litellm()
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def hear(_: Any, kwargs: Any, **__: Any) -> None:
        await heard.put(kwargs["messages"][0]["content"])

    events = {"async_log_success_event": hear, "async_log_failure_event": hear}
    logger = type("Logger", (importlib.import_module("litellm.integrations.custom_logger").CustomLogger,), events)()
    for name in ("success_callback", "failure_callback", "_async_success_callback", "_async_failure_callback"):
        monkeypatch.setattr(litellm, name, [])
    monkeypatch.setattr(litellm, "callbacks", [logger])
    async with Loopback(faults=[Fault("400")]) as server:
        one = model(api_base=server.base)
        with pytest.raises(CallError):
            await route.send(asked(one, "fails"), attempt=1)
        await route.send(asked(one, "ours"), attempt=1)
        talk = [{"role": "user", "content": "the user's"}]
        await litellm.acompletion(model=one.model, messages=talk, api_base=server.base, api_key="none")
    assert await asyncio.wait_for(heard.get(), 10) == "the user's"
    assert heard.empty()


async def simulated(
    model: Model, messages: Sequence[Message], params: Params, *, tools: Sequence[Any] = (), draw: int, attempt: int
) -> Reply:
    if attempt == 1 and "flaky" in messages[-1].text:
        raise CallError("rate_limited", "too many", transient=True)
    return Reply(
        text=f"{model.sim and model.sim.verbosity} {messages[-1].text} {params.temperature} {draw} {attempt}",
        reasoning="hm",
        answered_by=model.name,
        usage=Usage(prompt_tokens=3, completion_tokens=4),
    )


@pytest.mark.parametrize("way", ["auto", "litellm"])
async def test_a_simulated_model_answers_the_same_in_process_and_by_litellm(way: str, journal: StoreJournal) -> None:
    one = Model.model_validate(
        {"name": "s", "model": "sim/some", "family": "f", "sim": SimProfile(verbosity=0.25), "route": way}
    )
    async with Gateway(journal, open_routes(simulated), session="session") as gateway:
        call = await gateway.ask(asked(one, "flaky", params=Params(temperature=0.5), draw=2))
    assert call.reply is not None
    assert call.reply.text == "0.25 flaky 0.5 2 2"
    assert (call.reply.reasoning, call.reply.usage) == ("hm", Usage(prompt_tokens=3, completion_tokens=4))
    assert (call.simulated, call.attempts, call.usd) == (True, 2, 0.0)


async def test_litellm_takes_no_key_of_its_own_to_an_address_of_ones_own(
    route: LitellmRoute, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever keys the environment holds: with `api_base` only the key goes along that the scenario names."""
    providers = ("openai", "anthropic", "gemini", "ollama_chat", "mistral", "azure", "groq", "openrouter")
    others = ("fireworks_ai", "perplexity", "databricks", "huggingface", "azure_ai", "sambanova", "xai")
    for name in (*providers, *others):
        monkeypatch.setenv(f"{name.upper()}_API_KEY", f"canary-{name}-0123456789")
    for name in ("ANTHROPIC_AUTH_TOKEN", "GOOGLE_API_KEY", "HF_TOKEN", "AZURE_AD_TOKEN", "OLLAMA_API_KEY"):
        monkeypatch.setenv(name, f"canary-{name}-0123456789")
    for name in (*providers, *others):
        async with Loopback(faults=[Fault("400")]) as server:
            one = model(model=f"{name}/some-model", api_base=server.base)
            with pytest.raises(CallError) as caught:
                await route.send(asked(one), attempt=1)
        assert server.headers, f"{name} asked somebody else: {caught.value.raw}"
        assert "canary" not in f"{server.headers} {server.paths} {server.requests}", name
