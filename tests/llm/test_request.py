"""The journal key: it changes with everything a reply depends on, and with nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from asking import asked, model
from hypothesis import given
from hypothesis import strategies as st

from aaa.llm import call_key, canonical_request, resolve_params
from aaa.llm.request import completion_bound, prompt_tokens
from aaa.types import AgentCard, Message, Model, Params, Price, SimProfile, assistant, content_hash, system, user

TOOL: dict[str, Any] = {"type": "function", "function": {"name": "add", "parameters": {"type": "object"}}}
BASE = asked(model(api_base="http://127.0.0.1:8000/v1"), (system("Be brief."), user("hi")))
DECLARED = model(api_base="http://127.0.0.1:8000/v1", identity="qwen@main")


def with_model(**fields: Any) -> Any:
    return replace(BASE, model=BASE.model.model_copy(update=fields))


@pytest.mark.parametrize(
    "changed",
    [
        with_model(model="openai/another"),
        with_model(revision="2026-01-01"),
        with_model(identity="qwen@main"),
        with_model(api_base="http://127.0.0.1:8001/v1"),
        replace(BASE, messages=(system("Be long."), user("hi"))),
        replace(BASE, messages=(user("hi"),)),
        replace(BASE, messages=(system("Be brief."), user("hi "))),
        replace(BASE, messages=(system("Be brief."), user("hi", name="ann"))),
        replace(BASE, messages=(system("Be brief."), assistant("hi"))),
        replace(BASE, messages=(user("hi"), system("Be brief."))),
        replace(BASE, params=Params(max_tokens=1024, temperature=0.0)),
        replace(BASE, params=Params(max_tokens=1025)),
        replace(BASE, params=Params(max_tokens=1024, top_p=0.9)),
        replace(BASE, params=Params(max_tokens=1024, stop=("x",))),
        replace(BASE, params=Params(max_tokens=1024, reasoning_effort="low")),
        replace(BASE, params=Params(max_tokens=1024, extra_body={"seed": 1})),
        replace(BASE, tools=(TOOL,)),
        replace(BASE, response_format={"type": "json_object"}),
        replace(BASE, draw=1),
    ],
)
def test_every_part_of_a_request_changes_its_key(changed: Any) -> None:
    assert call_key(changed) != call_key(BASE)


@pytest.mark.parametrize(
    "same",
    [
        with_model(name="another-name"),
        with_model(family="other", license="mit"),
        with_model(route="litellm"),
        with_model(rpm=1, tpm=1, concurrency=1, timeout=1.0),
        with_model(price=Price(input=1, output=2)),
        with_model(params=Params(temperature=1.0)),
        with_model(api_key_env="SOME_KEY", context=10),
        replace(BASE, use=replace(BASE.use, session="other", step="other")),
    ],
)
def test_what_a_reply_does_not_depend_on_is_not_in_the_key(same: Any) -> None:
    assert call_key(same) == call_key(BASE)


def test_a_declared_identity_is_the_same_model_at_any_address_and_by_any_provider() -> None:
    elsewhere = DECLARED.model_copy(update={"api_base": "http://10.0.0.9:1/v1", "model": "hosted_vllm/qwen"})
    assert call_key(asked(DECLARED)) == call_key(asked(elsewhere))


def test_the_official_address_written_out_is_the_same_model() -> None:
    written = Model(name="m", model="openai/gpt-4o-mini", family="gpt", api_base="https://api.openai.com/v1")
    assert call_key(asked(written)) == call_key(asked(written.model_copy(update={"api_base": None})))


def test_simulated_models_differ_by_their_profile() -> None:
    one, other = (Model(name="s", model="sim/s", family="s", sim=SimProfile(verbosity=v)) for v in (0.1, 0.2))
    assert call_key(asked(one)) != call_key(asked(other))


def test_equal_parameters_are_equal_however_they_were_written() -> None:
    one = Params.model_validate({"temperature": 1, "extra_body": {"a": 1, "b": {"c": 2, "d": 3}}})
    other = Params.model_validate({"extra_body": {"b": {"d": 3, "c": 2}, "a": 1}, "temperature": 1.0})
    assert call_key(asked(model(), params=one)) == call_key(asked(model(), params=other))


def test_the_key_of_a_request_is_stable_over_versions() -> None:
    """A journal is worth money: whoever changes the canonical form must raise KEY_VERSION, and know it."""
    assert call_key(asked(model(api_base="http://127.0.0.1:1/v1"))) == content_hash(
        {
            "version": 1,
            "model": "openai/test-model at http://127.0.0.1:1/v1",
            "revision": None,
            "messages": [{"role": "user", "content": "hello"}],
            "params": {"max_tokens": 1024},
            "tools": [],
            "response_format": None,
            "draw": 0,
        }
    )


def test_the_keys_of_two_requests_are_known_by_heart() -> None:
    """The bytes under the hash, too: neither the encoder of JSON nor the order of what it writes may change."""
    at = model(api_base="http://127.0.0.1:1/v1")
    assert call_key(asked(at)) == "ab3586ed24aae72d6546c484bd169beef4f514a6d5ec860a97af0f8fa2a87b80"
    full = asked(
        at.model_copy(update={"revision": "r1"}),
        (system("Sei kurz. Größe 😀"), user("hi", name="ann")),
        params=Params(temperature=0.5, stop=("x",), extra_body={"b": {"d": 3, "c": None}, "a": 1}),
        tools=(TOOL,),
        response_format={"type": "json_object"},
        draw=2,
    )
    assert call_key(full) == "abd4398162a4bb4044266ae4ffec51321324e52fbc009750dbb8fdaab3346670"


def test_parameters_resolve_stage_over_card_over_model() -> None:
    one = model(params=Params(temperature=0.1, top_p=0.1, max_tokens=10, extra_body={"a": 1, "b": 1}))
    card = AgentCard(name="c", role="judge", params=Params(temperature=0.2, top_p=0.2, extra_body={"b": 2, "c": 2}))
    found = resolve_params(one, card, Params(temperature=0.3, extra_body={"c": 3}))
    assert found == Params(temperature=0.3, top_p=0.2, max_tokens=10, extra_body={"a": 1, "b": 2, "c": 3})
    assert resolve_params(model()).max_tokens == 1024


def test_a_bound_in_extra_body_counts_for_the_worst_case() -> None:
    params = Params(max_tokens=10, extra_body={"max_completion_tokens": 99})
    assert completion_bound(asked(model(), params=params)) == 99


@given(st.lists(st.text(max_size=50), min_size=1, max_size=4))
def test_a_prompt_never_has_more_tokens_than_its_bound(texts: list[str]) -> None:
    ask = asked(model(), tuple(user(text) for text in texts), tools=(TOOL,))
    tokens = prompt_tokens(ask)
    assert tokens.bound >= sum(len(text.encode(errors="surrogatepass")) for text in texts) + 16 * len(texts)
    assert tokens.likely <= tokens.bound


def test_tool_calls_are_part_of_the_request() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "add", "arguments": "{}"}}
    said = Message.model_validate({"role": "assistant", "content": None, "tool_calls": [call]})
    messages = canonical_request(asked(model(), (user("hi"), said)))["messages"]
    assert messages[1] == {"role": "assistant", "content": "", "tool_calls": [call]}
