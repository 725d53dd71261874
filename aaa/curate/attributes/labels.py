"""What one source says of a prompt: the row itself, a rule, or a tagger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from pydantic import JsonValue

from aaa.curate.tags import spelled
from aaa.types import Instruction, Tagging

Attribute = Literal["skill", "difficulty", "language", "task", "safety"]
ATTRIBUTES: Final[tuple[Attribute, ...]] = ("skill", "difficulty", "language", "task", "safety")
GIVEN: Final = "given"
RULES: Final = "rules"
BY_RULES: Final = frozenset({"language"})
"""What rules tell as well as any tagger, where they tell it (bench/attributes.py)."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Values of the attributes; None where the source says nothing."""

    skill: str | None = None
    difficulty: float | None = None
    """1 to 10."""
    language: str | None = None
    """ISO 639-1."""
    task: str | None = None
    safety: str | None = None
    tags: tuple[str, ...] = ()

    def of(self, attribute: Attribute) -> str | None:
        """The value as tables count it: difficulties by their whole number."""
        value = getattr(self, attribute)
        return f"{value:.0f}" if isinstance(value, float) else value


class Labelled(Protocol):
    """A prompt that may have labels: a row of a file, or an instruction."""

    @property
    def skill(self) -> str | None: ...
    @property
    def difficulty(self) -> float | None: ...
    @property
    def language(self) -> str | None: ...
    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def meta(self) -> dict[str, JsonValue]: ...


def given(row: Labelled) -> Labels:
    """What a row says of itself; task and safety stand in its `meta`."""
    return Labels(
        skill=row.skill,
        difficulty=row.difficulty,
        language=row.language,
        task=_word(row.meta.get("task")),
        safety=_word(row.meta.get("safety")),
        tags=row.tags,
    )


def tagged(tagging: Tagging) -> Labels:
    """What a tagger says of a prompt."""
    return Labels(
        skill=tagging.skill,
        difficulty=None if tagging.difficulty is None else float(tagging.difficulty),
        language=tagging.language,
        task=tagging.task,
        safety=tagging.safety,
        tags=tagging.tags,
    )


def labelled(instruction: Instruction, taggings: Iterable[Tagging]) -> Instruction:
    """The instruction with what it lacks of labels as taggers said it, the first by name first.

    Where none was asked for a skill, the first tag is the skill. Task and safety class go into `meta`.
    """
    taggers = {f"tagger {one.tagger}": tagged(one) for one in sorted(taggings, key=lambda one: one.tagger)}
    if not taggers:
        return instruction
    found = settle({GIVEN: given(instruction), **taggers}).labels
    meta = {name: value for name, value in (("task", found.task), ("safety", found.safety)) if value is not None}
    labels = {
        "skill": found.skill or next(map(spelled, found.tags), None),
        "difficulty": found.difficulty,
        "language": found.language,
        "tags": found.tags,
        "meta": {**instruction.meta, **meta},
    }
    return instruction.model_copy(update=labels)


@dataclass(frozen=True, slots=True)
class Settled:
    """The values that stand for a prompt, and which source each is from."""

    labels: Labels
    by: Mapping[str, str]


def settle(said: Mapping[str, Labels]) -> Settled:
    """The first word on each attribute, in the order of the sources; on `BY_RULES` rules speak before taggers."""
    labels, by = dict[str, Any](), dict[str, str]()
    ruled = _rules_first(said)
    for name in (*ATTRIBUTES, "tags"):
        for source in ruled if name in BY_RULES else said:
            value = getattr(said[source], name)
            if value not in (None, ()):
                labels[name], by[name] = value, source
                break
    return Settled(Labels(**labels), by)


def _rules_first(said: Mapping[str, Labels]) -> list[str]:
    """The sources with the rules right behind the row itself."""
    return sorted(said, key=lambda source: 0 if source == GIVEN else 1 if source == RULES else 2)


def _word(value: JsonValue) -> str | None:
    return value if isinstance(value, str) and value else None
