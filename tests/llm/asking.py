"""What the tests of the call layer share."""

from __future__ import annotations

from typing import Any

from aaa.llm import Ask, Use, resolve_params
from aaa.types import Message, Model, Params, user


def model(name: str = "m", *, api_base: str | None = None, **fields: Any) -> Model:
    """A model that speaks OpenAI's wire at `api_base`; free unless a price is given."""
    given = {"model": "openai/test-model", "family": "test", "price": "free", **fields}
    return Model(name=name, api_base=api_base, **given)


def asked(model: Model, text: str | tuple[Message, ...] = "hello", *, step: str = "step", **fields: Any) -> Ask:
    """A request, for a use of its own for each `step`."""
    messages = (user(text),) if isinstance(text, str) else text
    params = resolve_params(model, stage=fields.pop("params", Params()))
    return Ask(model, messages, params, Use("session", "episode", step, "member"), **fields)
