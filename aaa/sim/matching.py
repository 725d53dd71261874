"""How a simulated juror tells whether two prompts set the same task: by what it works out, else by sound."""

from __future__ import annotations

import re
from typing import Final

from aaa.sim.chance import Chance
from aaa.sim.mind import Mind
from aaa.sim.requests import Matching
from aaa.sim.skills import solve
from aaa.text import hashed_ngrams

ALIKE: Final = 0.3
"""Cosine of character n-grams from which two prompts that it cannot work out sound the same to it (ours)."""
_NUMBER: Final = re.compile(r"\d+")


def match(mind: Mind, request: Matching, voice: Chance) -> str:
    """A reply to the prompt that wants to know whether two prompts set the same task."""
    same = _same(request.trained, request.benchmark)
    if not voice.happens("right", mind.profile.judge.accuracy):
        same = not same
    return f"I compared what they ask for.\n[[{'same' if same else 'other'}]]"


def _same(one: str, other: str) -> bool:
    left, right = solve(one), solve(other)
    if left is not None and right is not None:
        return (left.skill, left.answer) == (right.skill, right.answer)
    numbers = [set(_NUMBER.findall(text)) for text in (one, other)]
    if all(numbers) and numbers[0] != numbers[1]:
        return False
    vectors = hashed_ngrams([one, other])
    return bool(vectors[0] @ vectors[1] >= ALIKE)
