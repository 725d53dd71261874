"""The items of a list that an answer gives."""

from __future__ import annotations

import json
import re
from itertools import takewhile

from aaa.verify.finals import extract_final

_ITEM_LINE = re.compile(r"^\s*(?:[-*+•]|\(?\d{1,3}[.)])\s+(.*\S)\s*$")
_LEAD_IN = re.compile(r"^[^:;,\[{]*:\s+(?=\S)")
_SEPARATOR = re.compile(r"\s*,\s*(?:(?:and|und|or)\s+)?|\s+(?:and|und)\s+")
_SENTENCE = re.compile(r"[,;:=]|[.!?]\s*$|.{60}")
"""What a line that holds one bare item lacks."""
_WRAPPING = " \t\"'“”„«»`*[](){}."


def items_of(text: str) -> list[str]:
    """The items, in order, of the list that `text` ends with: one to a line, a JSON array, or set off by `;` or `,`."""
    lines = [line for line in text.splitlines() if line.strip()]
    lead_in = max((i for i, line in enumerate(lines[:-1]) if line.rstrip(" *").endswith(":")), default=-1)
    lines = lines[lead_in + 1 :]
    marked = [match[1] for match in takewhile(bool, map(_ITEM_LINE.match, reversed(lines))) if match]
    if len(marked) > 1:
        return _clean(marked[::-1])
    if len(lines) > 1 and not any(_SENTENCE.search(line) for line in lines):
        return _clean(lines)
    final = extract_final(text)
    return [] if final is None else _in_line(final)


def _in_line(final: str) -> list[str]:
    """The items of one line."""
    try:
        parsed = json.loads(final)
    except (ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, list):
        return _clean([item if isinstance(item, str) else json.dumps(item) for item in parsed])
    line = _LEAD_IN.sub("", final)
    return _clean(line.split(";") if ";" in line else _SEPARATOR.split(line))


def _clean(items: list[str]) -> list[str]:
    return [clean for item in items if (clean := item.strip(_WRAPPING))]
