"""How a simulated model learns: a declared, pure rule from samples to a new revision (ours).

Every right sample of a skill takes the model the same share of the way from its level to a ceiling, and every wrong
one undoes a right one. It says nothing about real training: it lets a loop be checked against a truth that is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, JsonValue

from aaa.errors import UsageError
from aaa.sim.mind import Mind, fingerprint, mind_of
from aaa.sim.perception import seen
from aaa.sim.requests import Task
from aaa.sim.skills import open_skill
from aaa.types import Model, SftSample, Value, content_hash


class LearningRule(Value):
    """How fast, and how far."""

    rate: Annotated[float, Field(ge=0.0, le=1.0)] = 0.05
    """Share of the way to the ceiling that one right sample goes; 0: nothing is learned."""
    ceiling: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.97
    """The level beyond which nobody learns."""


@dataclass(frozen=True)
class Lesson:
    """What one skill got: right samples less wrong ones, and the level before and after."""

    samples: int
    before: float
    after: float


@dataclass(frozen=True)
class Schooled:
    """A model after training, and what it learned by skill."""

    model: Model
    lessons: Mapping[str, Lesson]

    def progress(self) -> dict[str, JsonValue]:
        """Plain JSON, by skill."""
        return {
            skill: {"samples": one.samples, "before": round(one.before, 4), "after": round(one.after, 4)}
            for skill, one in sorted(self.lessons.items())
        }


def learn(model: Model, samples: Iterable[SftSample], rule: LearningRule) -> Schooled:
    """The model as a new revision, after training on all samples but those that hold its own words.

    The order of samples does not matter. Raises `UsageError` for a model that is not simulated.
    """
    if not model.simulated or model.sim is None:
        raise UsageError(f"model {model.name!r} is not simulated; `train: {{with: sim}}` teaches only those that are.")
    profile, counts = model.sim, Counter[str]()
    studied = sorted((s for s in samples if model.name not in {p.model for p in s.producers}), key=lambda s: s.id)
    mind = mind_of(model)
    for sample in studied:
        skill, worth = _lesson(sample, mind)
        counts[skill] += worth
    lessons = {}
    for skill, number in sorted(counts.items()):
        before = profile.skills.get(skill, profile.default_skill)
        left = max(0.0, rule.ceiling - before) * (1.0 - rule.rate) ** max(0, number)
        lessons[skill] = Lesson(number, before, max(before, rule.ceiling - left) if number > 0 else before)
    levels = {skill: round(one.after, 6) for skill, one in lessons.items() if one.after > one.before}
    taught = profile.model_copy(update={"skills": {**profile.skills, **levels}})
    revision = f"sim-{content_hash([model.revision, rule.model_dump(), [sample.id for sample in studied]])[:12]}"
    update = {"sim": taught, "revision": revision, "identity": fingerprint(model.family, taught)}
    return Schooled(model.model_copy(update=update), lessons)


def _lesson(sample: SftSample, mind: Mind) -> tuple[str, int]:
    """The skill that a sample exercises, and whether it teaches (1), misleads (-1), or neither."""
    task = Task(tuple(message.text for message in sample.prompt if message.role == "user"))
    text = next((message.text for message in reversed(sample.completion) if message.role == "assistant"), "")
    sight = seen(task, text)
    if task.solution is not None:
        return task.solution.skill, 1 if sight.right else -1
    skill = open_skill(task.text)
    return skill, int(sight.worth > mind.skill(skill))
