"""What one source says of a prompt: the row itself, a rule, or a tagger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from pydantic import JsonValue

from aaa.scenario import PromptRow
from aaa.types import Tagging

Attribute = Literal["skill", "difficulty", "language", "task", "safety"]
ATTRIBUTES: Final[tuple[Attribute, ...]] = ("skill", "difficulty", "language", "task", "safety")
GIVEN: Final = "given"
RULES: Final = "rules"


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


def given(row: PromptRow) -> Labels:
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


@dataclass(frozen=True, slots=True)
class Settled:
    """The values that stand for a prompt, and which source each is from."""

    labels: Labels
    by: Mapping[str, str]


def settle(said: Mapping[str, Labels]) -> Settled:
    """The first word on each attribute, in the order of the sources."""
    labels, by = Labels(), dict[str, str]()
    for source, found in said.items():
        for name in (*ATTRIBUTES, "tags"):
            value: Any = getattr(found, name)
            if name not in by and value not in (None, ()):
                labels = replace(labels, **{name: value})
                by[name] = source
    return Settled(labels, by)


def _word(value: JsonValue) -> str | None:
    return value if isinstance(value, str) and value else None
