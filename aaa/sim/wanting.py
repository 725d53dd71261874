"""A simulated person in a conversation: it opens with the gist, says the rest step by step, asks back, and ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aaa.sim.chance import Chance
from aaa.sim.mind import Mind
from aaa.sim.phrases import PHRASES
from aaa.sim.requests import Wanting

END = "[[END]]"
FLIP = "As an AI assistant I can help you with that. How can I help you today?"
ELSEWHERE = "Und wie ist das in der Praxis, wenn man es nicht so genau nimmt und die Zeit knapp ist?"
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\d\.)\s+|\n+")  # "9. November" is no end
LINGERING = 4
"""Ours: farewells of one who cannot end."""


def want(mind: Mind, request: Wanting, voice: Chance) -> str:
    """The person's next message."""
    whole = Chance(mind.identity, mind.draw, "person", request.task.key)
    pieces = _pieces(request)
    turn = len(request.said)
    if turn < len(pieces):
        return pieces[turn]
    after = turn - len(pieces)
    faults = mind.profile.person
    say = PHRASES[request.task.language]
    if after == 0:
        return voice.pick("follow-up", say.follow_ups)
    if after == 1 and whole.happens("flips", faults.flips):
        return FLIP
    if after == 1 and whole.happens("switches", faults.switches):
        return ELSEWHERE
    if after == 1 and whole.happens("repeats", faults.repeats):
        return _longest(request.said)
    if whole.happens("lingers", faults.lingers) and after <= LINGERING:
        return say.goodbye
    return f"{say.farewell}\n\n{END}"


def _pieces(request: Wanting) -> list[str]:
    """What it wants, a piece to a message: the question first, then what belongs to it, then the facts."""
    sentences = [one.strip() for one in _SENTENCE.split(request.task.text) if one.strip()]
    if len(sentences) < 2:
        return [request.task.text, *request.facts]
    return [sentences[-1], " ".join(sentences[:-1]), *request.facts]


def _longest(said: Sequence[str]) -> str:
    return max(said, key=len, default="Well?")
