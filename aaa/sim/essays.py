"""Open answers, composed so that a model's level shows: in specific points, empty phrases, limits kept or broken."""

from __future__ import annotations

from collections.abc import Sequence

from aaa.sim.chance import Chance
from aaa.sim.mind import Mind
from aaa.sim.points import EMPTY_PHRASES, points_for
from aaa.sim.prose import Limits, is_empty_phrase, limits_of
from aaa.sim.requests import Task

SPREAD = 0.3
"""Ours: how far single pieces lie around a model's level, in both directions."""
USUAL_LENGTH = 3
"""Sentences or points where the instruction does not say; more with verbosity."""


def composed(mind: Mind, task: Task, chance: Chance) -> str:
    """An answer to a task without one right answer."""
    level = _level(mind, task)
    limits = limits_of(task.text)
    wanted = limits.items or limits.sentences or USUAL_LENGTH + round(2 * mind.profile.verbosity)
    careful = not limits.any or mind.luck("keep limits", task) < level
    if not careful:
        wanted += 1
    sentences = _sentences(task.text, level, wanted, chance, brief=limits.words is not None and careful)
    if careful:
        sentences = fitted(sentences, limits)
    body = mind.voice.listed(sentences) if limits.items else " ".join(sentences)
    if not limits.any and chance.happens("opening", mind.profile.verbosity):
        body = f"{mind.voice.opening}\n\n{body}"
    if not limits.any and chance.happens("closing", mind.profile.verbosity):
        body = f"{body}\n\n{mind.voice.closing}"
    return body


def _level(mind: Mind, task: Task) -> float:
    """How well this piece turns out: around the declared level, never beyond perfect or hopeless."""
    skill = mind.skill_for(task)
    return skill + SPREAD * 2 * min(skill, 1 - skill) * (2 * mind.luck("compose", task) - 1)


def _sentences(task: str, level: float, wanted: int, chance: Chance, *, brief: bool) -> list[str]:
    """Specific points and empty phrases, in the share that the level gives; the shortest where words are counted."""
    points = chance.shuffled("points", points_for(task))
    if brief:
        points.sort(key=len)
    phrases = chance.shuffled("phrases", EMPTY_PHRASES)
    specific = min(len(points), max(0, round(level * wanted)))
    chosen = points[:specific] + phrases[: wanted - specific]
    return chance.shuffled("order", chosen)


def fitted(sentences: Sequence[str], limits: Limits) -> list[str]:
    """The sentences without unwanted words, cut to the limit of words; empty phrases go first."""
    kept = [s for s in sentences if not any(word in s.lower() for word in limits.avoid)]
    while limits.words is not None and len(kept) > 1 and sum(len(s.split()) for s in kept) > limits.words:
        kept.remove(next((s for s in kept if is_empty_phrase(s)), kept[-1]))
    return kept
