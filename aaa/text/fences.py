"""Fences around what a model wrote: it can neither guess the marker nor close the fence from within."""

from __future__ import annotations

import re

from aaa.types import content_hash

_MARKER_DIGITS = 12
"""48 bits: too many to guess, short enough to be read. Our choice."""
_LINE_START = r"(?<![^\n\r\v\f\x1c-\x1e\x85\u2028\u2029])"
_FENCE_LINE = re.compile(_LINE_START + r"[^\w\n\r<]*<<<[^\n\r]*>>>")
_FENCE_MARK = re.compile(r"<{3,}|>{3,}")


def fence(seed: int, *position: str | int) -> str:
    """A marker of 12 hex digits that follows from `seed` and `position`, and cannot be guessed without the seed."""
    return content_hash(["fence", seed, *position])[:_MARKER_DIGITS]


def neutralise(text: str, fence: str) -> str:
    """`text` with every line that looks like a fence (`<<<...>>>`), and the marker itself, broken up by spaces.

    All else is returned unchanged, so that judges see what was written: `kernel<<<1, 2>>>()` and `>>> print()` are
    no fences.
    """
    if "<<<" in text and ">>>" in text:
        text = _FENCE_LINE.sub(lambda line: _FENCE_MARK.sub(lambda mark: " ".join(mark.group()), line.group()), text)
    if fence.casefold() not in text.lower():  # as it nearly always is; a pattern of its own costs more
        return text
    marker, half = re.compile(re.escape(fence), re.IGNORECASE), len(fence) // 2
    while marker.search(text):  # once more where overlapping markers left one behind
        text = marker.sub(lambda match: f"{match.group()[:half]} {match.group()[half:]}", text)
    return text
