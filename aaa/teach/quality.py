"""How a conversation went: the same measures, whoever held it and however it was made."""

from __future__ import annotations

from collections.abc import Sequence

from aaa.text import Turn, context_dependence, farewell_loop, language_switches, language_told, repetition, role_flips
from aaa.types import Message, TranscriptQuality


def quality_of(messages: Sequence[Message], language: str | None = None) -> TranscriptQuality:
    """How the conversation went; its `language` by ISO 639-1, where it is known."""
    turns = [Turn(message.role, message.text) for message in messages]
    asked, said = (tuple(len(turn.words) for turn in turns if turn.role == role) for role in ("user", "assistant"))
    spoken = (language or language_told(turns)).partition("-")[0].lower()
    share = context_dependence(turns, spoken)
    return TranscriptQuality(
        turns=len(turns),
        role_flips=role_flips(turns, spoken),
        farewell_loop=farewell_loop(turns, spoken),
        repetition=round(repetition(turns), 4),
        context_dependence=None if share is None else round(share, 4),
        language_switches=language_switches(turns),
        first_words=asked[0] if asked else 0,
        user_words=asked,
        assistant_words=said,
    )
