"""Rows of others brought to AAA's form: columns by their mapping, conversations, prompts with answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aaa.scenario.rows import COLUMNS

SPEAKERS: Final = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bard": "assistant",
    "bing": "assistant",
    "assistant": "assistant",
    "system": "system",
}
"""Who speaks in ShareGPT's form, and which role that is."""
ANSWERS: Final = ("output", "response", "completion", "answer")
"""Columns in which sets of prompts with answers keep the answer."""


def mapped(columns: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """Columns under AAA's names: `fields` says for a name of AAA's which column holds it, by dots into it.

    What is not named keeps its name. Raises `ValueError` where a column that is named is missing.
    """
    taken = {path.partition(".")[0] for path in fields.values()}
    rest = {name: value for name, value in columns.items() if name not in taken and name not in fields}
    return rest | {name: _reach(columns, path) for name, path in fields.items()}


def _reach(columns: Mapping[str, Any], path: str) -> Any:
    if path in columns:
        return columns[path]
    value: Any = columns
    for part in path.split("."):
        try:
            value = value[int(part)] if isinstance(value, list) else value[part]
        except (KeyError, IndexError, ValueError, TypeError):
            raise ValueError(f"there is no column {path!r}; there are {', '.join(map(str, columns))}") from None
    return value


def shaped(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The row in AAA's form; columns that AAA does not know go into `meta`, and so does an answer at the end.

    Knows ShareGPT (`conversations`), OpenAI (`messages`), Alpaca (`instruction` with `input`), Self-Instruct (the same
    in the first of its `instances`), and a bare `prompt`.
    """
    data = _first_instance(columns)
    given = data.pop("meta", None)
    meta = dict(given) if isinstance(given, Mapping) else {} if given is None else {"meta": given}
    if "messages" not in data and isinstance(said := data.get("conversations", data.get("conversation")), list):
        data = {name: value for name, value in data.items() if name not in ("conversations", "conversation")}
        data["messages"] = [_turn(turn) for turn in said]
    if "messages" not in data and "instruction" not in data and "prompt" in data:
        asked = data.pop("prompt")
        data["messages" if isinstance(asked, list) else "instruction"] = asked
    if isinstance(data.get("instruction"), str) and isinstance(more := data.pop("input", ""), str) and more.strip():
        data["instruction"] += f"\n\n{more}"
    if isinstance(data.get("messages"), list):
        data["messages"], answer = _without_answer(data["messages"])
        meta |= {} if answer is None else {"answer": answer}
    elif name := next((name for name in ANSWERS if isinstance(data.get(name), str)), None):
        meta["answer"] = data.pop(name)
    meta |= {name: data.pop(name) for name in list(data) if name not in COLUMNS}
    return data | ({"meta": meta} if meta else {})


def _first_instance(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns, with `input` and `output` of the first of `instances` among them; other instances stay there."""
    data, instances = dict(columns), columns.get("instances")
    if "instruction" in data and isinstance(instances, list) and instances and isinstance(instances[0], Mapping):
        first = {name: instances[0][name] for name in ("input", "output") if name in instances[0]}
        data = first | {name: value for name, value in data.items() if name != "instances"}
        if instances[1:]:
            data["instances"] = instances[1:]
    return data


def _turn(turn: Any) -> Any:
    """A turn of ShareGPT's form as a message. Raises `ValueError` for a speaker that nobody knows."""
    if not isinstance(turn, Mapping) or "from" not in turn:
        return turn
    role = SPEAKERS.get(str(turn["from"]).lower())
    if role is None:
        raise ValueError(f"the speaker {turn['from']!r} is not known; known are {', '.join(SPEAKERS)}")
    return {"role": role, "content": turn.get("value")}


def _without_answer(messages: list[Any]) -> tuple[list[Any], str | None]:
    """The conversation up to the last turn that a model is to answer, and the text that answered it, if one did."""
    end = len(messages)
    while end and isinstance(messages[end - 1], Mapping) and messages[end - 1].get("role") == "assistant":
        end -= 1
    answers = [message.get("content") for message in messages[end:]]
    return messages[:end], "\n\n".join(text for text in answers if isinstance(text, str)) if answers else None
