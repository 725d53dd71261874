"""A reading as a row."""

from __future__ import annotations

from typing import Any

from aaa.agents import Agent, Reading, reply_of
from aaa.types import Game, Judgment, Place, Score, StepReading


def judgment(
    row: str,
    juror: Agent,
    reply: Reading[Any],
    reading: Score | Game | StepReading,
    *,
    panel: str,
    place: Place,
    prompt: str,
    injection: bool,
    measured_only: bool = False,
) -> Judgment:
    """What a juror read, with who it is and how it was asked; `row` is the id, `prompt` the hash of the prompt."""
    return Judgment(
        id=row,
        session=place.session,
        episode=place.episode,
        instruction=place.instruction,
        panel=panel,
        judge=juror.name,
        family=juror.answering(reply.call).family,
        answered_by=reply_of(reply.call).answered_by,
        reading=reading,
        words=reply.words,
        asked=reply.asked,
        measured_only=measured_only,
        injection=injection,
        prompt=prompt,
        call=reply.call.id,
    )
