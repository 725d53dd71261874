"""What is done to the texts of a row on its way out: reasoning put in, private data taken out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from aaa.export.entry import Fault
from aaa.text import redact
from aaa.types import Answer, Message, Sample, TextPart

SIDES = {"completion": "answer", "chosen": "chosen_answer", "rejected": "rejected_answer"}
"""Fields that hold an answer's messages, and those that name the answer."""
END = "</think>"


def with_reasoning(sample: Sample, answers: Mapping[str, Answer]) -> tuple[Sample, Fault | None]:
    """The row with `<think>` blocks before its answers, as far as these answers have reasoning.

    The fault says why a reader could not take the two apart again.
    """
    changes: dict[str, Any] = {}
    for field, name in SIDES.items():
        answer = answers.get(getattr(sample, name, ""))
        if answer is None or not answer.reasoning:
            continue
        if END in answer.reasoning:
            return sample, ("reasoning_mark", f"the reasoning of {answer.id} holds {END}")
        *before, last = getattr(sample, field)
        thought = f"<think>\n{answer.reasoning}\n{END}\n\n{last.text}"
        changes[field] = (*before, last.model_copy(update={"content": thought}))
    return (sample.model_copy(update=changes) if changes else sample), None


def redacted(sample: Sample, counts: Counter[str]) -> Sample:
    """The row with placeholders for private data in all its texts; what was found is added to `counts`."""

    def clean(text: str) -> str:
        made, found = redact(text)
        counts.update(found)
        return made

    changes: dict[str, Any] = {"prompt": _each(sample.prompt, clean)}
    changes |= {name: _each(getattr(sample, name), clean) for name in SIDES if hasattr(sample, name)}
    if hasattr(sample, "steps"):
        changes["steps"] = tuple(map(clean, sample.steps))
    return sample.model_copy(update=changes)


def _each(messages: tuple[Message, ...], clean: Callable[[str], str]) -> tuple[Message, ...]:
    return tuple(_cleaned(message, clean) for message in messages)


def _cleaned(message: Message, clean: Callable[[str], str]) -> Message:
    content: Any = message.content
    if isinstance(content, str):
        content = clean(content)
    else:
        content = tuple(TextPart(text=clean(part.text)) if isinstance(part, TextPart) else part for part in content)
    calls = tuple(call.model_copy(update={"arguments": clean(call.arguments)}) for call in message.tool_calls)
    return message.model_copy(update={"content": content, "tool_calls": calls})
