"""Azure, OpenRouter and Bedrock by litellm, to servers of the tests' own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from asking import asked, model
from loopback import Loopback

from aaa.errors import CallError
from aaa.llm.through_litellm import LitellmRoute
from aaa.types import Params, Usage, system, user

KEY = "the-key-of-this-place-0123456789"
TALK = (system("S"), user("one"))


@pytest.fixture
async def route() -> AsyncIterator[LitellmRoute]:
    route = LitellmRoute()
    yield route
    await route.close()


def error(status: int, body: dict[str, Any]) -> web.Response:
    return web.json_response(body, status=status, headers={"Retry-After": "3"})


async def test_azure_asks_a_deployment_with_its_key(route: LitellmRoute, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_AZURE", KEY)
    async with Loopback() as server:
        one = model(model="azure/dep", api_base=server.base.removesuffix("/v1"), api_key_env="MY_AZURE")
        reply = await route.send(asked(one, TALK, params=Params(temperature=0.5, max_tokens=9)), attempt=1)
    assert server.paths == ["/openai/deployments/dep/chat/completions"]
    assert [(m["role"], m["content"]) for m in server.requests[0]["messages"]] == [("system", "S"), ("user", "one")]
    assert (server.requests[0]["temperature"], server.requests[0]["max_tokens"]) == (0.5, 9)
    assert {name.lower(): value for name, value in server.headers[0].items()}["api-key"] == KEY
    assert (reply.text, reply.finish_reason) == ("You said: one", "stop")
    assert reply.usage is not None
    assert KEY not in reply.model_dump_json()


async def test_openrouter_asks_for_the_model_by_its_own_name(
    route: LitellmRoute, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_ROUTER", KEY)
    async with Loopback() as server:
        one = model(model="openrouter/qwen/q", api_base=server.base, api_key_env="MY_ROUTER")
        reply = await route.send(asked(one, TALK), attempt=1)
    assert server.paths == ["/v1/chat/completions"]
    assert server.requests[0]["model"] == "qwen/q"
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert reply.text == "You said: one"


FILTERED = {"error": {"code": "content_filter", "message": "The response was filtered: content management policy."}}
ERRORS = [
    ("azure/dep", error(400, FILTERED), "policy"),
    ("azure/dep", error(401, {"error": {"code": "401", "message": "Access denied"}}), "auth"),
    ("azure/dep", error(404, {"error": {"code": "DeploymentNotFound", "message": "no such deployment"}}), "not_found"),
    (
        "azure/dep",
        error(429, {"error": {"code": "429", "message": "Too many requests"}}),
        "rate_limited",
    ),
    ("openrouter/qwen/q", error(401, {"error": {"code": 401, "message": "No auth credentials found"}}), "auth"),
    ("openrouter/qwen/q", error(429, {"error": {"code": 429, "message": "Rate limited"}}), "rate_limited"),
    ("openrouter/qwen/q", error(502, {"error": {"code": 502, "message": "Provider returned error"}}), "server"),
]


@pytest.mark.parametrize(("name", "response", "kind"), ERRORS)
async def test_errors_with_their_own_bodies(route: LitellmRoute, name: str, response: web.Response, kind: str) -> None:
    async with Loopback(lambda _: response) as server:
        one = model(model=name, api_base=server.base.removesuffix("/v1"))
        with pytest.raises(CallError) as caught:
            await route.send(asked(one), attempt=1)
    assert caught.value.kind == kind
    assert len(server.requests) == 1
    if kind == "rate_limited":
        assert caught.value.retry_after == 3.0


CONVERSED = {
    "output": {"message": {"role": "assistant", "content": [{"text": "four"}]}},
    "stopReason": "max_tokens",
    "usage": {"inputTokens": 11, "outputTokens": 7, "totalTokens": 18},
    "metrics": {"latencyMs": 1},
}
CLAUDE = "bedrock/anthropic.claude-3-haiku-20240307-v1:0"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY)
    monkeypatch.setenv("AWS_REGION_NAME", "us-east-1")
    return monkeypatch


async def test_bedrock_requests_are_signed_and_converse(route: LitellmRoute, aws: pytest.MonkeyPatch) -> None:
    async with Loopback(lambda _: CONVERSED) as server:
        aws.setenv("AWS_BEDROCK_RUNTIME_ENDPOINT", server.base.removesuffix("/v1"))
        reply = await route.send(asked(model(model=CLAUDE), TALK, params=Params(max_tokens=9)), attempt=1)
    assert server.paths[0].endswith("/converse")
    body, headers = server.requests[0], server.headers[0]
    assert body["system"] == [{"text": "S"}]
    assert body["messages"] == [{"role": "user", "content": [{"text": "one"}]}]
    assert body["inferenceConfig"]["maxTokens"] == 9
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/")
    assert KEY not in f"{headers}{body}"
    assert (reply.text, reply.finish_reason) == ("four", "length")
    assert reply.usage == Usage(prompt_tokens=11, completion_tokens=7)


async def test_bedrock_at_an_address_of_ones_own_gets_no_signature(route: LitellmRoute, aws: Any) -> None:
    async with Loopback(lambda _: CONVERSED) as server:
        one = model(model=CLAUDE, api_base=server.base.removesuffix("/v1"))
        assert (await route.send(asked(one), attempt=1)).text == "four"
    assert "AKIAEXAMPLE" not in f"{server.headers}"


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "Input is too long for requested model.", "context_length"),
        (403, "User is not authorized to perform: bedrock:InvokeModel", "auth"),
        (429, "Too many requests, please wait before trying again.", "rate_limited"),
        (503, "Service unavailable", "server"),
    ],
)
async def test_bedrocks_errors(
    route: LitellmRoute, aws: pytest.MonkeyPatch, status: int, message: str, kind: str
) -> None:
    async with Loopback(lambda _: error(status, {"message": message})) as server:
        aws.setenv("AWS_BEDROCK_RUNTIME_ENDPOINT", server.base.removesuffix("/v1"))
        with pytest.raises(CallError) as caught:
            await route.send(asked(model(model=CLAUDE)), attempt=1)
    assert caught.value.kind == kind
    assert KEY not in str(caught.value)
