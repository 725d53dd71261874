"""Reasoning that models write into their visible text, in `<think>` blocks, told apart from it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OUTSIDE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|(?P<open><think>)|(?P<close></think>)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(/?)think>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parted:
    """A reply's two voices. `complete` is false where a block was opened and never closed."""

    text: str
    reasoning: str | None
    complete: bool = True


def part(content: str) -> Parted:
    """Part visible text from `<think>` blocks, several or nested; tags in code are text.

    Chat templates that open the block themselves leave a lone `</think>`: all before it is reasoning. A block that is
    never closed takes the rest of the text: whatever the model wanted to say visibly never came.
    """
    if "think>" not in content.lower():
        return Parted(content, None)
    visible: list[str] = []
    thoughts: list[str] = []
    at = start = 0
    while (found := _OUTSIDE.search(content, at)) is not None:
        if found["open"]:
            visible.append(content[start : found.start()])
            end = _block_end(content, found.end())
            if end is None:
                thoughts.append(content[found.end() :])
                return _parted(visible, thoughts, complete=False)
            thoughts.append(_TAG.sub("", content[found.end() : end]))
            at = start = end
        elif found["close"]:
            thoughts.append("".join(visible) + content[start : found.start()])
            visible.clear()
            at = start = found.end()
        else:
            at = found.end()
    visible.append(content[start:])
    return _parted(visible, thoughts, complete=True)


def _block_end(content: str, begin: int) -> int | None:
    """Where the block that opened before `begin` ends: at the tag that balances it, else at the last closing tag
    (the thought spoke of `<think>` itself), else nowhere."""
    depth, last = 1, None
    for tag in _TAG.finditer(content, begin):
        depth += -1 if tag[1] else 1
        if tag[1]:
            last = tag.end()
        if depth == 0:
            return tag.end()
    return last


def _parted(visible: list[str], thoughts: list[str], *, complete: bool) -> Parted:
    reasoning = "\n\n".join(thought.strip() for thought in thoughts if thought.strip())
    return Parted("".join(visible).strip(), reasoning or None, complete)
