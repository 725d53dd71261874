"""What a rehearsed request is made of: what stays as it is, and what simulated models said, which real ones won't."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aaa.evolve import read_rewriting
from aaa.session.planning.lengths import messages_of, request_bytes, size_of
from aaa.text import StepUnit, split_steps
from aaa.types import Call, Instruction

Writer = tuple[str, str]
"""Model and role of who wrote a reply."""
_BREAK = "\n"
_TURN = ": "
"""Before a quoted reply stands the start of a line, or the name of a speaker."""


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A request taken apart. Sizes are bytes, with what chat templates add."""

    fixed: int
    """All but the quoted replies."""
    frame: int
    """The same without the instruction: method prompt, persona, labels."""
    copies: int
    """How often the instruction stands in it."""
    quoted: tuple[Writer, ...]
    """Who wrote the replies that it quotes."""


def dissect(
    call: Call, instruction: Instruction, replies: Mapping[str, Writer], split: StepUnit | None = None
) -> Anatomy:
    """Take the request apart, given all replies of its item by their text; `split` says how a request for steps divides
    the reply that it quotes."""
    texts = [message.text for message in messages_of(call.request)]
    copies = sum(text.count(instruction.text) for text in texts) if instruction.text else 1
    quoted: list[Writer] = []
    removed = 0
    for reply in sorted(replies, key=len, reverse=True):  # the longest first: a short one may be a line of another
        for index, text in enumerate(texts):
            rest, number = _without(text, reply)
            if split is not None and not number:
                rest, number = _without_steps(text, reply, split)
            texts[index] = rest
            quoted += [replies[reply]] * number
            removed += number * size_of([reply])
    fixed = request_bytes(call.request) - removed
    prompt = size_of(message.text for message in instruction.prompt)
    return Anatomy(fixed, max(0, fixed - copies * prompt), max(1, copies), tuple(quoted))


def replies_of(calls: Sequence[tuple[Writer, Call]]) -> dict[str, Writer]:
    """The texts of replies that others may quote, each with a writer."""
    texts = ((_quotable(call.reply.text, writer), writer) for writer, call in calls if call.reply is not None)
    return {text: writer for text, writer in texts if text}


def _quotable(text: str, writer: Writer) -> str:
    """All that is visible; of a rewriter's reply the answer without the remarks before it."""
    return (read_rewriting(text) or "" if writer[1] == "rewriter" else text).strip()


def _without(text: str, reply: str) -> tuple[str, int]:
    """`text` without the places where it quotes `reply` in lines of its own, and their number."""
    parts: list[str] = []
    number = start = 0
    while (at := text.find(reply, start)) >= 0:
        end = at + len(reply)
        begins = at == 0 or text[:at].endswith((_BREAK, _TURN))
        if begins and (end == len(text) or text[end] == _BREAK):
            parts.append(text[start:at])
            number += 1
        else:
            parts.append(text[start:end])
        start = end
    return "".join((*parts, text[start:])), number


def _without_steps(text: str, reply: str, split: StepUnit) -> tuple[str, int]:
    """`text` without the reply that it quotes step by step in lines of their own, all of them and in order."""
    rest, parts = text, []
    for start, end in split_steps(reply, split):
        before, found, rest = rest.partition(f"{_BREAK}{reply[start:end]}{_BREAK}")
        if not found:
            return text, 0
        parts.append(f"{before}{_BREAK}")
        rest = f"{_BREAK}{rest}"
    return "".join((*parts, rest)), int(bool(parts))
