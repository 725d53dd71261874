"""Answers to tasks that can be computed: a working told in the family's voice, at the model's length."""

from __future__ import annotations

from aaa.sim.chance import Chance
from aaa.sim.mind import Mind
from aaa.sim.skills import Working

TERSE = 0.15
"""Ours: a model of less verbosity gives the bare result; above it steps appear, then courtesies."""
CHECKS = (
    "Going through it once more gives the same result.",
    "I checked the steps a second time.",
    "Doing it the other way round leads there too.",
    "A rough estimate agrees with this.",
)


def told(mind: Mind, working: Working, language: str, chance: Chance) -> str:
    """A working as an answer that ends in the result."""
    voice, verbosity = mind.voice, mind.profile.verbosity
    result = f"{voice.leads(language)} {working.answer}"
    if verbosity < TERSE:
        return result
    shown = working.steps[-max(1, round(verbosity * 2 * len(working.steps))) :] if working.steps else ()
    parts = [voice.opens(language)] if chance.happens("opening", 0.4 + verbosity) else []
    if shown:
        parts.append(voice.listed(shown))
    if language == "en" and chance.happens("check", verbosity - 0.3):
        parts.append(chance.pick("which check", CHECKS))
    parts.append(result)
    if language == "en" and chance.happens("closing", verbosity):
        parts.append(voice.closing)
    return "\n\n".join(parts)
