"""The items of a list that an answer gives."""

from __future__ import annotations

import json
import re

from aaa.verify.finals import extract_final

_ITEM_LINE = re.compile(r"^\s*(?:[-*+•]|\(?\d{1,3}[.)])\s+(.*\S)\s*$")
_LEAD_IN = re.compile(r"^[^:;,\[{]*:\s+(?=\S)")
_SEPARATOR = re.compile(r"\s*,\s*(?:(?:and|und|or)\s+)?|\s+(?:and|und)\s+")
_WRAPPING = " \t\"'“”„«»`*[](){}."


def items_of(text: str) -> list[str]:
    """The items, in order, of the list that `text` ends with: one to a line, a JSON array, or set off by `;` or `,`."""
    lines = [line for line in text.splitlines() if line.strip()]
    block: list[str] = []
    for line in reversed(lines):
        match = _ITEM_LINE.match(line)
        if match is None:
            break
        block.insert(0, match.group(1))
    if len(block) > 1:
        return _clean(block)
    if lines and len(lines) == text.strip().count("\n") + 1 and _short(lines):
        return _clean(lines)
    final = extract_final(text)
    return [] if final is None else _in_line(final)


def _short(lines: list[str]) -> bool:
    """Whether several lines look like one bare item each: no separators, no sentences."""
    return len(lines) > 1 and all(len(line) <= 60 and not re.search(r"[,;:=]|[.!?]\s*$", line) for line in lines)


def _in_line(final: str) -> list[str]:
    """The items of one line."""
    try:
        parsed = json.loads(final)
    except ValueError:
        parsed = None
    if isinstance(parsed, list):
        return _clean([item if isinstance(item, str) else json.dumps(item) for item in parsed])
    line = _LEAD_IN.sub("", final)
    return _clean(line.split(";") if ";" in line else _SEPARATOR.split(line))


def _clean(items: list[str]) -> list[str]:
    return [clean for item in items if (clean := item.strip(_WRAPPING))]
