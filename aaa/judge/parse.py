"""Verdicts as judges write them. What cannot be read is None, never a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

Label = TypeVar("Label")

_MARKER = re.compile(r"\[\[([^\[\]]*)\]\]")
_NUMBER = r"\s*(-?\d+(?:\.\d+)?)\s*"
_SCORE = re.compile(rf"\[\[{_NUMBER}\]\]")
_SINGLE_SCORE = re.compile(rf"(?<!\[)\[{_NUMBER}\](?!\])")


def parse_choice(text: str, labels: Mapping[str, Label]) -> Label | None:
    """The meaning of the last marker `[[...]]` that bears one of `labels` (in any case), or None.

    The last one counts because judges that reason first name both labels on the way (FastChat, MT-Bench: the label
    that its parser looks for first wins, wherever it stands).
    """
    known = {label.casefold(): meaning for label, meaning in labels.items()}
    found = (known.get(match.strip().casefold()) for match in reversed(_MARKER.findall(text)))
    return next((meaning for meaning in found if meaning is not None), None)


def parse_score(text: str, low: float, high: float) -> float | None:
    """The last `[[number]]`, else the last `[number]` (as FastChat falls back); None if there is none.

    A number outside `low..high` is None too: no other number is taken in its place, and nothing is cut to fit.
    """
    found = _SCORE.findall(text) or _SINGLE_SCORE.findall(text)
    score = float(found[-1]) if found else None
    return score if score is not None and low <= score <= high else None


def parse_scores(text: str, names: Sequence[str], low: float, high: float) -> dict[str, float] | None:
    """For each name the last line `name: [[number]]`; None where one has none, or one outside `low..high`.

    Judges put such lines in bold and in lists: both are read.
    """
    scores: dict[str, float] = {}
    for name in names:
        found = re.findall(rf"^\W*{re.escape(name)}\W*:\W*?\[\[{_NUMBER}\]\]", text, re.MULTILINE | re.IGNORECASE)
        score = float(found[-1]) if found else None
        if score is None or not low <= score <= high:
            return None
        scores[name] = score
    return scores


def parse_ranking(text: str, size: int) -> tuple[int, ...] | None:
    """The last marker `[[a > b > c]]`, if it holds each of 1 to `size` once; else None."""
    found = re.findall(r"\[\[([\d\s>]*)\]\]", text)
    order = tuple(int(number) for number in re.findall(r"\d+", found[-1][:10_000])) if found else ()
    return order if sorted(order) == list(range(1, size + 1)) else None
