"""A reading as a row."""

from __future__ import annotations

from typing import Any

from aaa.agents import Agent, Reading, reply_of
from aaa.judge.asking import Question
from aaa.types import Game, Judgment, Place, Score, StepReading


def judgment(
    row: str,
    juror: Agent,
    question: Question[Any],
    reply: Reading[Any],
    reading: Score | Game | StepReading,
    *,
    panel: str,
    place: Place,
    measured_only: bool = False,
) -> Judgment:
    """What a juror read in a reply to the question, with who it is; `row` is the id."""
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
        injection=question.injection,
        prompt=question.prompt.hash,
        call=reply.call.id,
    )
