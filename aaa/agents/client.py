"""AAA's call layer as a model client of AutoGen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Literal

from autogen_core import CancellationToken, FunctionCall
from autogen_core.models import (
    ChatCompletionClient,
    CreateResult,
    LLMMessage,
    ModelFamily,
    ModelInfo,
    RequestUsage,
)
from autogen_core.models import FinishReasons as AutogenFinish
from autogen_core.tools import Tool, ToolSchema
from pydantic import BaseModel

from aaa.agents.messages import from_autogen
from aaa.agents.replies import reply_of
from aaa.errors import UsageError
from aaa.llm import Ask, Asker, Fallback, Use
from aaa.types import Call, FinishReason, Message, Model, Params, canonical_json

FINISH: Mapping[FinishReason, AutogenFinish] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "function_calls",
    "content_filter": "content_filter",
    "unknown": "unknown",
}
CHARACTERS_PER_TOKEN = 4  # ours: English text; AutoGen asks for a count only to trim a context, which AAA never does


class BoundClient(ChatCompletionClient):
    """A client bound to one model, its parameters, and what its calls are for; errors pass through as they are.

    `calls` are those it made, in order: the first has the step of `use`, the n-th `step/n`.
    """

    def __init__(
        self,
        asker: Asker,
        model: Model,
        params: Params,
        use: Use,
        *,
        draw: int = 0,
        tools: Sequence[Mapping[str, Any]] = (),
        response_format: dict[str, Any] | None = None,
        batch: bool = False,
        fallbacks: Sequence[Fallback] = (),
    ) -> None:
        """`params` are resolved; `tools` and `response_format`, in the OpenAI form, hold where a call names none."""
        self._asker, self._model, self._params, self._use = asker, model, params, use
        self._draw, self._tools, self._response_format, self._batch = draw, tools, response_format, batch
        self._fallbacks = fallbacks
        self.calls: list[Call] = []

    async def ask(self, messages: Iterable[Message], cancellation_token: CancellationToken | None = None) -> Call:
        """Ask once, in AAA's own messages, as bound; agents of AutoGen's own ask by `create`. Raises `CallError` or
        `StopError`."""
        return await self._called(self._request(tuple(messages)), cancellation_token)

    async def create(
        self,
        messages: Sequence[LLMMessage],
        *,
        tools: Sequence[Tool | ToolSchema] = (),
        tool_choice: Tool | Literal["auto", "required", "none"] = "auto",
        json_output: bool | type[BaseModel] | None = None,
        extra_create_args: Mapping[str, Any] = MappingProxyType({}),
        cancellation_token: CancellationToken | None = None,
    ) -> CreateResult:
        """Ask once. `extra_create_args` are fields of `Params`. Raises `CallError` or `StopError`."""
        wanted = _with_choice(Params.model_validate(dict(extra_create_args)), tool_choice)
        ask = self._request(from_autogen(messages))
        call = await self._called(
            replace(
                ask,
                params=wanted.over(ask.params),
                tools=tuple(_wire_tool(tool) for tool in tools) or ask.tools,
                response_format=_wire_format(json_output) or ask.response_format,
                fallbacks=tuple(replace(one, params=wanted.over(one.params)) for one in ask.fallbacks),
            ),
            cancellation_token,
        )
        return _result(call)

    async def create_stream(
        self,
        messages: Sequence[LLMMessage],
        *,
        tools: Sequence[Tool | ToolSchema] = (),
        tool_choice: Tool | Literal["auto", "required", "none"] = "auto",
        json_output: bool | type[BaseModel] | None = None,
        extra_create_args: Mapping[str, Any] = MappingProxyType({}),
        cancellation_token: CancellationToken | None = None,
    ) -> AsyncGenerator[str | CreateResult, None]:
        """The whole reply as one piece, then the result: a reply is committed before anyone sees it."""
        result = await self.create(
            messages,
            tools=tools,
            tool_choice=tool_choice,
            json_output=json_output,
            extra_create_args=extra_create_args,
            cancellation_token=cancellation_token,
        )
        if isinstance(result.content, str):
            yield result.content
        yield result

    async def close(self) -> None:
        """Nothing to close: the call layer is not the client's own."""

    def actual_usage(self) -> RequestUsage:
        """Tokens of all calls; AAA's journal, not this, knows which of them were paid."""
        usages = [_usage(call) for call in self.calls]
        return RequestUsage(sum(u.prompt_tokens for u in usages), sum(u.completion_tokens for u in usages))

    def total_usage(self) -> RequestUsage:
        """See `actual_usage`."""
        return self.actual_usage()

    def count_tokens(self, messages: Sequence[LLMMessage], *, tools: Sequence[Tool | ToolSchema] = ()) -> int:
        """An estimate by length."""
        texts = [message.text for message in from_autogen(messages)]
        texts += [canonical_json(_wire_tool(tool)) for tool in tools]
        return sum(len(text) for text in texts) // CHARACTERS_PER_TOKEN

    def remaining_tokens(self, messages: Sequence[LLMMessage], *, tools: Sequence[Tool | ToolSchema] = ()) -> int:
        """What is left of the context window, by estimate. Raises `UsageError` where the window is not known."""
        if self._model.context is None:
            raise UsageError(f"the context window of model {self._model.name!r} is not known; give it a `context:`")
        return self._model.context - self.count_tokens(messages, tools=tools)

    @property
    def capabilities(self) -> ModelInfo:  # deprecated by AutoGen, and abstract all the same
        """See `model_info`."""
        return self.model_info

    @property
    def model_info(self) -> ModelInfo:
        """Everything is allowed: what a model cannot do, its server says, as a typed error."""
        return ModelInfo(
            vision=True,
            function_calling=True,
            json_output=True,
            structured_output=True,
            multiple_system_messages=True,
            family=ModelFamily.UNKNOWN,
        )

    def _request(self, messages: tuple[Message, ...]) -> Ask:
        return Ask(
            self._model,
            messages,
            self._params,
            self._next_use(),
            tools=tuple(map(dict, self._tools)),
            response_format=self._response_format,
            draw=self._draw,
            batch=self._batch,
            fallbacks=tuple(self._fallbacks),
        )

    async def _called(self, ask: Ask, cancellation_token: CancellationToken | None) -> Call:
        asking: Awaitable[Call] = self._asker.ask(ask)
        if cancellation_token is not None:  # a task of its own, which the token can cancel, is no small part of a call
            asking = cancellation_token.link_future(asyncio.ensure_future(asking))
        call = await asking
        self.calls.append(call)
        return call

    def _next_use(self) -> Use:
        number = len(self.calls) + 1
        use = self._use
        return use if number == 1 else replace(use, step=f"{use.step}/{number}")


def _result(call: Call) -> CreateResult:
    reply = reply_of(call)
    asked = [FunctionCall(id=c.id, name=c.name, arguments=c.arguments) for c in reply.tool_calls]
    return CreateResult(
        finish_reason=FINISH[reply.finish_reason],
        content=asked or reply.text,
        usage=_usage(call),
        cached=False,
        # Beside tool calls AutoGen has no other place for the text, and sends it back as the model's own words.
        thought=(reply.text or None) if asked else reply.reasoning,
    )


def _usage(call: Call) -> RequestUsage:
    usage = reply_of(call).usage
    return RequestUsage(usage.prompt_tokens, usage.completion_tokens) if usage else RequestUsage(0, 0)


def _wire_tool(tool: Tool | ToolSchema) -> dict[str, Any]:
    schema = tool.schema if isinstance(tool, Tool) else tool
    return {"type": "function", "function": dict(schema)}


def _wire_format(json_output: bool | type[BaseModel] | None) -> dict[str, Any] | None:
    if json_output is None or json_output is False:
        return None
    if json_output is True:
        return {"type": "json_object"}
    schema = {"name": json_output.__name__, "schema": json_output.model_json_schema()}
    return {"type": "json_schema", "json_schema": schema}


def _with_choice(params: Params, choice: Tool | Literal["auto", "required", "none"]) -> Params:
    """AAA's request has no field for it: `auto` is every server's default, the rest travels in `extra_body`."""
    if choice == "auto":
        return params
    wire = choice if isinstance(choice, str) else {"type": "function", "function": {"name": choice.name}}
    return Params(extra_body={"tool_choice": wire}).over(params)
