"""What a tagger says of instructions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from aaa.types.base import SessionRecord


class Tagging(SessionRecord):
    """One tagger's labels for an instruction; None where it was not asked."""

    episode: str
    instruction: str
    tagger: str
    family: str
    skill: str | None
    difficulty: Annotated[int, Field(ge=1, le=10)] | None
    language: str | None
    """ISO 639-1."""
    task: str | None
    safety: str | None
    tags: tuple[str, ...]
    """Its own words for topics and intentions, the most important first (InsTag, arXiv 2308.07074)."""
    beside: int
    """Instructions that were labelled in the same prompt, this one included."""
    prompt: str
    call: str
