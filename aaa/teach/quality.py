"""How a conversation went: the same measures, whoever held it and however it was made."""

from __future__ import annotations

from collections.abc import Sequence

from aaa.text import context_dependence, farewell_loop, language_switches, repetition, role_flips, words
from aaa.types import Message, TranscriptQuality


def quality_of(messages: Sequence[Message]) -> TranscriptQuality:
    """How the conversation went."""
    turns = [(message.role, message.text) for message in messages]
    asked = [len(words(said)) for role, said in turns if role == "user"]
    return TranscriptQuality(
        turns=len(turns),
        role_flips=role_flips(turns),
        farewell_loop=farewell_loop(turns),
        repetition=round(repetition(turns), 4),
        context_dependence=None if (share := context_dependence(turns)) is None else round(share, 4),
        language_switches=language_switches(turns),
        first_words=asked[0] if asked else 0,
        user_words=tuple(asked),
    )
