"""Skills that are truly computed: each module reads natural text and works the task out.

A skill that cannot be computed (writing, advice) is only named here, by the words that ask for it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from aaa.sim.skills import (
    arithmetic,
    clock,
    code_reading,
    counting,
    dates,
    extraction,
    logic,
    multilingual,
    sorting,
    text_editing,
    units,
    word_problems,
)
from aaa.sim.skills.base import Solution, Working

__all__ = ["OPEN_SKILLS", "SKILLS", "Solution", "Working", "open_skill", "solve"]

_SOLVERS = (
    # From the narrow to the wide: a solver must not see what an earlier one reads better.
    code_reading.solve,
    dates.solve,
    clock.solve,
    sorting.solve,
    counting.solve,
    text_editing.solve,
    extraction.solve,
    logic.solve,
    units.solve,
    word_problems.solve,
    arithmetic.solve,
)
OPEN_SKILLS = ("writing", "advice", "general")
"""Skills without one right answer."""
SKILLS = (
    *(
        module.SKILL
        for module in (
            arithmetic,
            word_problems,
            dates,
            units,
            sorting,
            text_editing,
            extraction,
            logic,
            code_reading,
            counting,
            multilingual,
        )
    ),
    *OPEN_SKILLS,
)
MAX_TEXT = 4000
"""Ours, in characters: longer texts are not exercises of these kinds."""
_WRITING = re.compile(
    r"\b(?:write|draft|compose|describe|invent|rewrite|rephrase|summari[sz]e"
    r"|come up with|poem|haiku|story|slogan|e-?mail|letter)\b",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:advice|tips?|how (?:can|do|should|would|could) (?:i|we|you|one)"
    r"|what (?:can|should|would) (?:i|we|you)|suggest\w*|recommend\w*"
    r"|help me|what helps|give me .{0,20}\bsteps|should (?:i|we)|best way|ideas for)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def solve(text: str) -> Solution | None:
    """The right answer of a task, with plausible wrong ones, worked out from its text alone.

    None where the text is of no kind that can be computed. It is how a simulated model knows anything, and how a bench
    compares what a session concluded with the truth.
    """
    if len(text) > MAX_TEXT:
        return None
    found = next((solution for solver in _SOLVERS if (solution := solver(text)) is not None), None)
    return found or multilingual.solve(text, _SOLVERS)


def open_skill(text: str) -> str:
    """The name of the skill that a task without one right answer asks for."""
    if _WRITING.search(text):
        return "writing"
    return "advice" if _ADVICE.search(text) else "general"
