"""OpenAI's chat wire, which litellm speaks too: the body of a request, and a reply read from a response."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aaa.llm.faults import Heard, fault, of_response
from aaa.llm.port import Ask
from aaa.llm.reasoning import part
from aaa.types import FinishReason, Message, Model, Reply, ToolCall, Usage, wire

_FINISH: Mapping[str, FinishReason] = {
    "stop": "stop",
    "eos": "stop",
    "end_turn": "stop",
    "length": "length",
    "max_tokens": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
    "refusal": "content_filter",
}


def arguments(ask: Ask) -> dict[str, Any]:
    """The request but for the model's name and `extra_body`: only what is set, so that servers keep their defaults."""
    params = ask.params
    if ask.embedding:
        return {"input": [ask.messages[0].text]}
    body: dict[str, Any] = {"messages": wire(ask.messages)}
    for name in ("temperature", "top_p", "max_tokens", "reasoning_effort"):
        if (value := getattr(params, name)) is not None:
            body[name] = value
    if params.stop:
        body["stop"] = list(params.stop)
    if ask.tools:
        body["tools"] = list(ask.tools)
    if ask.response_format is not None:
        body["response_format"] = ask.response_format
    return body


def read_reply(data: Any, model: Model) -> Reply:
    """The reply in a decoded response. Raises `CallError`: `malformed` where it does not have the wire's shape."""
    match data:
        case {"choices": [{"message": dict() as message} as choice, *_]}:
            return _reply(message, choice, data, model)
        case {"error": error} if error:
            # OpenRouter reports a provider's fault inside a response of status 200.
            code = error.get("code") if isinstance(error, dict) else None
            raise of_response(model, Heard(code if isinstance(code, int) else 500, str(error), {}))
        case _:
            raise fault("malformed", model, "a response without `choices`", body=str(data), paid=True)


def _reply(message: Any, choice: Any, data: Any, model: Model) -> Reply:
    text, thoughts = _voices(message)
    # What parted the voices before us, litellm or a server, leaves the line breaks that stood between them.
    parted = part(text.strip() if thoughts else text)
    finish = _FINISH.get(str(choice.get("finish_reason")), "unknown")
    refusal = message.get("refusal")
    if refusal and not text:
        raise fault("refused", model, f"it refused: {str(refusal)[:300]}", body=str(refusal), paid=True)
    return Reply(
        text=parted.text if parted.complete else "",
        reasoning="\n\n".join(filter(None, (thoughts, parted.reasoning))) or None,
        tool_calls=_tool_calls(message, data, model),
        finish_reason=finish if parted.complete else "length",
        usage=_usage(data.get("usage")),
        answered_by=model.name,
        served_model=data.get("model") if isinstance(data.get("model"), str) else None,
    )


def _voices(message: Mapping[str, Any]) -> tuple[str, str]:
    """Visible text and reasoning: from `content`, text or parts, and from the fields that servers use for thoughts."""
    content = message.get("content")
    text = content if isinstance(content, str) else ""
    thoughts = [message.get("reasoning_content") or message.get("reasoning")]
    if isinstance(content, list):
        parts = [part for part in content if isinstance(part, dict)]
        text = "".join(str(part.get("text") or "") for part in parts if part.get("type") in ("text", "output_text"))
        thoughts += [part.get("thinking") for part in parts if part.get("type") == "thinking"]
    if not thoughts[0] and isinstance(message.get("thinking_blocks"), list):
        thoughts += [block.get("thinking") for block in message["thinking_blocks"] if isinstance(block, dict)]
    heard = [thought.strip() for thought in thoughts if isinstance(thought, str)]
    return _whole(text), _whole("\n\n".join(filter(None, heard)))


def _whole(text: str) -> str:
    """The text without halves of surrogate pairs, which servers send when they cut an emoji in two."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _tool_calls(message: Mapping[str, Any], data: Any, model: Model) -> tuple[ToolCall, ...]:
    calls = message.get("tool_calls") or ()
    try:
        return tuple(
            ToolCall(
                id=str(call.get("id") or f"call_{number}"),  # some servers give none, and want one back
                name=call["function"]["name"],
                arguments=_arguments(call["function"].get("arguments")),
            )
            for number, call in enumerate(calls, 1)
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise fault("malformed", model, f"unreadable tool calls ({error})", body=str(data), paid=True) from None


def _arguments(given: Any) -> str:
    """As the model wrote them; some servers send them parsed."""
    return json.dumps(given, ensure_ascii=False) if isinstance(given, dict) else given or "{}"


def _usage(raw: Any) -> Usage | None:
    """Token counts, or None where the server gave none that make sense."""
    if not isinstance(raw, dict):
        return None
    prompt, completion = _count(raw.get("prompt_tokens")), _count(raw.get("completion_tokens"))
    if prompt is None or completion is None:
        return None
    reasoned = _count(_detail(raw, "completion_tokens_details", "reasoning_tokens")) or 0
    cached = _count(_detail(raw, "prompt_tokens_details", "cached_tokens")) or 0
    if reasoned and _count(raw.get("total_tokens")) == prompt + completion + reasoned:
        completion += reasoned  # xAI counts reasoning beside the completion
    return Usage(
        prompt_tokens=prompt,
        completion_tokens=completion,
        reasoning_tokens=min(reasoned, completion),
        cached_tokens=min(cached or _count(raw.get("prompt_cache_hit_tokens")) or 0, prompt),
    )


def _detail(raw: Mapping[str, Any], group: str, name: str) -> Any:
    details = raw.get(group)
    return details.get(name) if isinstance(details, dict) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def write_response(reply: Reply, model: str) -> dict[str, Any]:
    """A response that holds `reply`: what a server that speaks the wire would send."""
    message = Message(role="assistant", content=reply.text, tool_calls=reply.tool_calls).to_wire()
    if reply.reasoning is not None:
        message["reasoning_content"] = reply.reasoning
    response: dict[str, Any] = {
        "object": "chat.completion",
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish_reason}],
    }
    if reply.usage is not None:
        usage = reply.usage
        response["usage"] = {
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "total_tokens": usage.prompt_tokens + usage.completion_tokens,
            "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
            "completion_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
        }
    return response
