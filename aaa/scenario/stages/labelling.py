"""Stages that say what kind of prompt each is."""

from __future__ import annotations

from typing import ClassVar, Final, Literal

from aaa.scenario.stages.base import StageBase

OPEN: Final = "open"
"""In the place of a taxonomy of skills: tags in the tagger's own words."""


class TagStage(StageBase):
    """Models say of each prompt what it lacks of skill, difficulty, language and tags, and its task and safety class.

    Later stages, selections and sessions that take up its prompts go by what they said (docs/data-in.md).
    """

    labels: ClassVar[bool] = True
    kind: Literal["tag"] = "tag"
    by: str = "taggers"
    """A group of the cast; of several models that label a prompt the first by name is believed."""
    skills: str = "aaa"
    """A taxonomy in `data/taxonomies/`, a YAML file, or `open`: the first of a prompt's tags is its skill."""
    tasks: str = "tasks"
    safety: str = "safety"
    """Taxonomies of task categories and safety classes."""
    whom: Literal["unlabelled", "all"] = "unlabelled"
    """Prompts that lack a skill, a difficulty or a language, or all of them; what a prompt has, it keeps."""
