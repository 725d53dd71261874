"""Simulated texts that betray how they came about, and a simulated reader who is asked whether a text stands alone.

Some of the phrases are of the kind that no list of phrases knows: whether a check finds them is to be measured.
"""

from __future__ import annotations

import re

from aaa.sim.chance import Chance
from aaa.sim.judging import Mark, said
from aaa.sim.mind import Mind
from aaa.sim.requests import Alone, Rewriting, Task
from aaa.text import find_leak

LEAKS: dict[str, tuple[str, ...]] = {
    "en": (
        "Thank you for the suggestions, which I have worked in.",
        "I have corrected my earlier draft as you suggested.",
        "Here is the revised version, with the points of the critique taken up.",
        "Thanks for the hint, that put me on the right track.",
        "You are right, my first attempt went wrong in the middle.",
        "Sorry about the mistake in my last answer.",
        "Your remark about the middle part has been taken care of.",
        "The weak spot in what I handed in before is gone.",
    ),
    "de": (
        "Danke für den Hinweis, damit ging es.",
        "Ich habe meinen ersten Entwurf überarbeitet.",
        "Die Stelle, die beim vorigen Mal nicht stimmte, ist jetzt in Ordnung.",
    ),
    "es": (
        "Gracias por la pista, así sale bien.",
        "He corregido mi respuesta anterior.",
        "Lo que antes fallaba ya está arreglado.",
    ),
    "fr": (
        "Merci pour l'indice, cela m'a bien aidé.",
        "J'ai corrigé ma première réponse.",
        "L'endroit qui clochait la dernière fois est maintenant au point.",
    ),
    "it": (
        "Grazie per il suggerimento, così torna.",
        "Ho corretto la mia prima risposta.",
        "Il punto che prima non tornava adesso è a posto.",
    ),
}
"""What a leaking author puts in front of its text, by the language of the task."""


def leaking(mind: Mind, task: Task, text: str, voice: Chance) -> str:
    """The text as it is, or at the declared rate with a word on how it came about."""
    if not voice.happens("leak", mind.profile.leak):
        return text
    language = "en" if task.solution is None else task.solution.language
    return f"{voice.pick('which leak', LEAKS.get(language, LEAKS['en']))}\n\n{text}"


def rewrite(mind: Mind, request: Rewriting, voice: Chance) -> str:
    """A reply to the prompt that wants an answer without references to what its reader has not seen."""
    if not voice.happens("heed", mind.profile.heed):
        return request.answer
    lines = []
    for line in request.answer.splitlines():
        kept = [part for part in re.split(r"(?<=[.!?])\s+", line) if not _refers(part, request.task)]
        if kept or not line.strip():
            lines.append(" ".join(kept))
    return "\n".join(lines).strip() or request.answer


def read_alone(mind: Mind, request: Alone, voice: Chance, *, again: int) -> str:
    """A reply to the question whether an answer stands alone, wrong at the declared rate."""
    refers = _refers(request.answer, request.task)
    reading = mind.chance("alone", request.task.key, request.answer)
    if reading.happens("err", mind.profile.judge.alone_errors):
        refers = not refers
    if refers:
        mark = Mark("[[refers]]", "refers", structured=False)
        return said(mind, "It takes up something that was said elsewhere.", mark, "It leans on more", voice, again)
    mark = Mark("[[alone]]", "alone", structured=False)
    return said(mind, "Everything in it answers the instruction.", mark, "It needs nothing else", voice, again)


def _refers(text: str, task: Task) -> bool:
    known = any(phrase in text for phrases in LEAKS.values() for phrase in phrases)
    return known or find_leak(text, task.key) is not None
