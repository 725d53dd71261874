"""What servers send instead of a reply, typed."""

from __future__ import annotations

import pytest
from asking import model
from hypothesis import given
from hypothesis import strategies as st

from aaa.llm.faults import ACCOUNT, FINAL, RETRIED, Heard, of_reply, of_response, retry_after
from aaa.types import Reply, ToolCall

OPENAI_CONTEXT = (
    '{"error": {"message": "This model\'s maximum context length is 8192 tokens. However, your messages resulted in '
    '9000 tokens.", "type": "invalid_request_error", "param": "messages", "code": "context_length_exceeded"}}'
)
OPENAI_QUOTA = '{"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}'
ANTHROPIC_LONG = '{"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 9 > 8"}}'
GEMINI_LONG = '{"error": {"code": 400, "message": "The input token count (9000) exceeds the maximum", "status": "X"}}'
AZURE_POLICY = '{"error": {"code": "content_filter", "message": "The response was filtered"}}'
MODERATED = '{"error": {"message": "Your input was flagged", "code": 403}}'
VLLM_PARAMETER = '{"object": "error", "message": "temperature must be non-negative", "code": 400}'


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, OPENAI_CONTEXT, "context_length"),
        (400, ANTHROPIC_LONG, "context_length"),
        (400, GEMINI_LONG, "context_length"),
        (400, AZURE_POLICY, "policy"),
        (403, MODERATED, "policy"),
        (400, VLLM_PARAMETER, "invalid"),
        (422, "{}", "invalid"),
        (418, "", "invalid"),
        (401, "", "auth"),
        (402, "", "auth"),
        (403, "forbidden", "auth"),
        (404, "", "not_found"),
        (301, "", "not_found"),
        (413, "", "context_length"),
        (429, "slow down", "rate_limited"),
        (429, OPENAI_QUOTA, "auth"),
        (408, "", "timeout"),
        (504, "", "timeout"),
        (409, "", "server"),
        (425, "", "server"),
        (500, "", "server"),
        (502, "<html>", "server"),
        (503, "", "server"),
        (529, '{"type": "overloaded_error"}', "server"),
    ],
)
def test_kinds_follow_status_and_body(status: int, body: str, kind: str) -> None:
    error = of_response(model("gpt"), Heard(status, body, {}))
    assert error.kind == kind
    assert error.transient == (kind in RETRIED | ACCOUNT)
    assert "'gpt' (openai/test-model)" in str(error)
    assert f"HTTP {status}" in str(error)
    assert "Advice: " in str(error)
    assert not error.paid


@given(st.integers(100, 999), st.text())
def test_any_status_and_body_has_a_kind(status: int, body: str) -> None:
    assert of_response(model(), Heard(status, body, {})).kind in RETRIED | ACCOUNT | FINAL


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "3"}, 0.25),
        ({"retry-after": "Fri, 21 Nov 2025 10:00:30 GMT", "date": "Fri, 21 Nov 2025 10:00:00 GMT"}, 30.0),
        ({"retry-after": "Fri, 21 Nov 2025 10:00:00 GMT", "date": "Fri, 21 Nov 2025 10:00:30 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m30s"}, 90.0),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "20ms"}, 0.02),
        ({"x-ratelimit-remaining-requests": "7", "x-ratelimit-reset-requests": "1m30s"}, None),
    ],
)
def test_the_wait_a_server_asks_for(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == (None if seconds is None else pytest.approx(seconds))


@given(
    st.dictionaries(
        st.sampled_from(["retry-after", "retry-after-ms", "date", "x-ratelimit-remaining-tokens"]), st.text()
    )
)
def test_no_header_makes_the_wait_anything_but_seconds(headers: dict[str, str]) -> None:
    found = retry_after(headers)
    assert found is None or 0 <= found < float("inf")


def test_replies_that_are_no_answers() -> None:
    def kind(**fields: object) -> str | None:
        failure = of_reply(model(), Reply.model_validate({"text": "", "answered_by": "m", **fields}))
        return failure and failure.kind

    assert kind(text="fine") is None
    assert kind(text="cut short", finish_reason="length") is None
    assert kind(tool_calls=(ToolCall(id="1", name="f", arguments="{}"),), finish_reason="tool_calls") is None
    assert kind(text=" \n") == "empty"
    assert kind(finish_reason="length", reasoning="hm") == "truncated"
    assert kind(text="half", finish_reason="content_filter") == "policy"
