"""Rows of other people's files, read as a prompt with answers and what the file says of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from aaa.errors import UsageError
from aaa.export import format_of
from aaa.types import Message, TextPart, assistant, said, system, user

Row = Mapping[str, Any]
Messages = tuple[Message, ...]
MT_BENCH = "mt-bench"
"""The format of votes: rows of `lmsys/mt_bench_human_judgments`, and of `lmsys/chatbot_arena_conversations`."""
_ROLES = {"human": "user", "gpt": "assistant", "observation": "tool", "function_call": "assistant"}


class Unreadable(Exception):
    """Why a row cannot be taken in: one word, and a detail."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True)
class Side:
    """An answer of a file. `score` is the file's grade of it."""

    messages: Messages
    model: str | None = None
    score: float | None = None
    unlearnt: int = 0
    """Messages at the beginning of it that the file says are not to be learnt."""


@dataclass(frozen=True)
class Foreign:
    """A row of a file. With two sides the first is the better; `label` says of a single one whether it is good."""

    prompt: Messages
    sides: tuple[Side, ...]
    id: str | None = None
    label: bool | None = None
    steps: tuple[tuple[str, bool], ...] = ()
    skill: str | None = None
    language: str | None = None
    tools: tuple[Row, ...] = ()
    """Those that the prompt offers, in the OpenAI form."""


def read_foreign(format_name: str, path: Path) -> Iterator[tuple[str, Foreign | Unreadable]]:
    """Every row with its place, or why it cannot be read. Raises `UsageError` for what is no file of rows."""
    if format_name not in READERS:
        known = ", ".join((*READERS, MT_BENCH))
        raise UsageError(f"No files of format {format_name!r} can be imported; possible are: {known}.")
    reader = READERS[format_name]
    for place, row in format_of(format_name).layout.read(path):
        try:
            yield place, reader(row)
        except Unreadable as error:
            yield place, error
        except (KeyError, TypeError, ValueError, AttributeError, ValidationError) as error:
            detail = f"the key {error} is missing" if isinstance(error, KeyError) else str(error).replace("\n", " ")
            yield place, Unreadable("unreadable", f"no row of {format_name}: {detail[:200]}")


def messages(value: Any, *, role: str = "role", content: str = "content") -> Messages:
    """A list of messages; a plain text is one of the user's."""
    if isinstance(value, str):
        return (user(value),)
    return tuple(_message(one, role, content) for one in value)


def _message(value: Row, role: str, content: str) -> Message:
    known: dict[str, Any] = {"role": _ROLES.get(value[role], value[role]), "content": value[content]}
    calls = value.get("tool_calls")
    if value[role] == "function_call":
        found = json.loads(value[content])
        calls = [{"id": "", **call} for call in (found if isinstance(found, list) else [found])]
        known["content"] = ""
    extra = {name: value[name] for name in ("name", "tool_call_id") if value.get(name) is not None}
    return Message.model_validate(known | extra | ({"tool_calls": [_call(call) for call in calls]} if calls else {}))


def _call(value: Row) -> Row:
    """A call in either form, with or without `function`; its arguments as JSON text."""
    called = value.get("function", value)
    given = called["arguments"]
    text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    return {"id": value.get("id", ""), "name": called["name"], "arguments": text}


def _answer(value: Any) -> Messages:
    """A completion: text, one message, or several."""
    if isinstance(value, str):
        return (assistant(value),)
    return messages([value] if isinstance(value, Mapping) else value)


def parted(conversation: Messages) -> tuple[Messages, Messages]:
    """Prompt and what follows it: everything up to the first turn of the user, and the rest."""
    end = next((n for n, message in enumerate(conversation, 1) if message.role == "user"), 0)
    if not end or any(message.role == "assistant" for message in conversation[:end]):
        raise Unreadable("turn_order", "the conversation does not begin with the user")
    return conversation[:end], conversation[end:]


def _before_last(conversation: Messages) -> tuple[Messages, Messages]:
    """Prompt and last answer."""
    return conversation[:-1], conversation[-1:]


def _common(row: Row) -> dict[str, Any]:
    """What rows say of themselves where they do."""
    words = {name: row.get(name) for name in ("skill", "language") if isinstance(row.get(name), str)}
    id_ = row.get("source_id", row.get("id"))
    return words | {"tools": _tools(row)} | ({} if id_ is None else {"id": str(id_)})


def _tools(row: Row) -> tuple[Row, ...]:
    """As a list or as JSON text; LLaMA-Factory's are the functions alone."""
    given = row.get("tools") or ()
    found = json.loads(given) if isinstance(given, str) else given
    return tuple(tool if "function" in tool else {"type": "function", "function": tool} for tool in found)


def _pair(row: Row, prompt: Messages, chosen: Messages, rejected: Messages) -> Foreign:
    sides = (
        Side(chosen, row.get("chosen_model"), row.get("score_chosen")),
        Side(rejected, row.get("rejected_model"), row.get("score_rejected")),
    )
    return Foreign(prompt, sides, **_common(row))


def _preference(row: Row) -> Foreign:
    if row.get("prompt") is None:
        return _implicit(row)
    return _pair(row, messages(row["prompt"]), _answer(row["chosen"]), _answer(row["rejected"]))


def _implicit(row: Row) -> Foreign:
    """The prompt is what both sides begin with, as far as their last answers."""
    chosen, rejected = messages(row["chosen"]), messages(row["rejected"])
    same = 0
    while same < min(len(chosen), len(rejected)) - 1 and chosen[same] == rejected[same]:
        same += 1
    while same and chosen[same - 1].role == "assistant":
        same -= 1
    return _pair(row, chosen[:same], chosen[same:], rejected[same:])


def _sft(row: Row) -> Foreign:
    prompt, completion = parted(messages(row["messages"]))
    return Foreign(prompt, (Side(completion, unlearnt=_unlearnt(row["messages"][len(prompt) :])),), **_common(row))


def _unlearnt(completion: Sequence[Row]) -> int:
    """Turns up to the last that is marked as not to be learnt (`weight: 0`, `train: false`), and what is said to it."""
    marked = [at for at, turn in enumerate(completion) if turn.get("weight") == 0 or turn.get("train") is False]
    if not marked:
        return 0
    rest = range(marked[-1] + 1, len(completion))
    return next((at for at in rest if completion[at]["role"] == "assistant"), 0)


def _prompt_completion(row: Row) -> Foreign:
    return Foreign(messages(row["prompt"]), (Side(_answer(row["completion"])),), **_common(row))


def _unpaired(row: Row) -> Foreign:
    return Foreign(
        messages(row["prompt"]), (Side(_answer(row["completion"])),), label=_flag(row["label"]), **_common(row)
    )


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unreadable("label", f"a label is true or false, not {value!r}")
    return value


def _stepwise(row: Row) -> Foreign:
    steps = tuple((str(step), _flag(label)) for step, label in zip(row["completions"], row["labels"], strict=True))
    worked = assistant("\n".join(step for step, _ in steps))
    return Foreign(messages(row["prompt"]), (Side((worked,)),), steps=steps, **_common(row))


def _openai_preference(row: Row) -> Foreign:
    prompt = messages(row["input"]["messages"])
    return _pair(row | row["input"], prompt, messages(row["preferred_output"]), messages(row["non_preferred_output"]))


def _alpaca(row: Row) -> Foreign:
    """Instruction and input become two parts of one question, as the reader joins them."""
    told = [system(row["system"])] if row.get("system") else []
    for asked, answer in row.get("history") or ():
        told += [user(asked), assistant(answer)]
    parts = [row.get("instruction") or "", row.get("input") or ""]
    both = tuple(TextPart(text=part) for part in parts)
    question = Message(role="user", content=both) if all(parts) else user("".join(parts))
    return Foreign((*told, question), (Side((assistant(row["output"]),)),), **_common(row))


def _sharegpt(row: Row) -> Foreign:
    prompt, completion = parted(messages(row["conversations"], role="from", content="value"))
    return Foreign(prompt, (Side(completion),), **_common(row))


def _ranking(row: Row) -> Foreign:
    def read(value: Any) -> Messages:
        return messages(value, role="from", content="value")

    return _pair(row, read(row["conversations"]), read([row["chosen"]]), read([row["rejected"]]))


def _kto(row: Row) -> Foreign:
    prompt, answer = _before_last(messages(row["messages"]))
    return Foreign(prompt, (Side(answer),), label=_flag(row["label"]), **_common(row))


def _dpo(row: Row) -> Foreign:
    return _pair(row, messages(row["messages"]), _answer(row["chosen"]), _answer(row["rejected"]))


READERS: dict[str, Callable[[Row], Foreign]] = {
    "trl-preference": _preference,
    "trl-preference-implicit": _implicit,
    "trl-sft": _sft,
    "trl-prompt-completion": _prompt_completion,
    "trl-unpaired": _unpaired,
    "trl-stepwise": _stepwise,
    "openai-sft": _sft,
    "openai-preference": _openai_preference,
    "llamafactory-alpaca": _alpaca,
    "llamafactory-sharegpt": _sharegpt,
    "llamafactory-ranking": _ranking,
    "llamafactory-kto": _kto,
    "axolotl-chat": _sft,
    "axolotl-dpo": _dpo,
    "sharegpt": _sharegpt,
    "ultrafeedback": _implicit,
    "parquet-preference": _preference,
    "parquet-sft": _sft,
    "hf-preference": _preference,
    "hf-sft": _sft,
}
"""How a row of each format is read."""


def answers_fault(found: Foreign) -> Unreadable | None:
    """Why no answer can be made of a row."""
    for side in found.sides:
        if not side.messages or side.messages[-1].role != "assistant":
            return Unreadable("last_turn", "an answer ends with the assistant")
    if not found.prompt or found.prompt[-1].role not in ("user", "tool"):
        return Unreadable("no_question", "the prompt does not end with the user")
    if len(found.sides) == 2 and said(found.sides[0].messages) == said(found.sides[1].messages):
        return Unreadable("equal_text", "chosen and rejected have equal text")
    return None
