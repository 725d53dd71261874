"""How a family of models sounds: small habits of phrasing that its members share, and that a judge may favour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from aaa.sim.chance import Chance

OPENINGS = (
    "Let's work through this.",
    "Here is how I see it.",
    "Right, one step at a time.",
    "Happy to help with this one.",
    "Let me take this in order.",
    "To begin with, the facts.",
    "This is how I would do it.",
    "All right, let us look.",
    "Sure, here goes.",
    "Thinking it over:",
    "Good, a clear question.",
    "Briefly, the reasoning:",
)
LEADS = (
    "Answer:",
    "**Answer:**",
    "Final answer:",
    "My answer:",
    "The answer:",
    "Short answer:",
    "So the answer:",
    "Hence the answer:",
)
"""Each ends in "answer:", the form in which a final answer is looked for."""
CLOSINGS = (
    "Let me know if anything is unclear.",
    "I hope that helps.",
    "That should settle it.",
    "Feel free to ask for more detail.",
    "Do check it against your own notes.",
    "Glad to go over any step again.",
    "And that is all there is to it.",
    "Ask again if you want another angle.",
    "Good luck with it.",
    "I am sure you will manage from here.",
)
MARKS = ("1.", "-", "*", "Step 1:", "", "(1)")
"""How steps and points are set off; a figure is counted up."""
_LEADS_ABROAD = {"de": "Antwort:", "es": "Respuesta:", "fr": "Réponse:", "it": "Risposta:"}
_OPENINGS_ABROAD = {
    "de": "So gehe ich vor:",
    "es": "Así lo calculo:",
    "fr": "Voici mon calcul :",
    "it": "Ecco come procedo:",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """The habits of one family."""

    opening: str
    lead: str
    closing: str
    mark: str

    def opens(self, language: str) -> str:
        """The opening words in a language."""
        return _OPENINGS_ABROAD.get(language, self.opening)

    def leads(self, language: str) -> str:
        """The words before a final answer in a language."""
        return _LEADS_ABROAD.get(language, self.lead)

    def listed(self, points: Sequence[str]) -> str:
        """Points one to a line, set off in the family's way."""
        return "\n".join(f"{self.mark.replace('1', str(i))} {point}".strip() for i, point in enumerate(points, start=1))


@lru_cache(maxsize=512)
def voice_of(family: str) -> Voice:
    """The voice of a family, drawn by its name."""
    chance = Chance("family", family)
    return Voice(
        opening=chance.pick("opening", OPENINGS),
        lead=chance.pick("lead", LEADS),
        closing=chance.pick("closing", CLOSINGS),
        mark=chance.pick("mark", MARKS),
    )


def familiarity(family: str, text: str) -> int:
    """How many of the family's habits a text shows."""
    voice = voice_of(family)
    lines = text.splitlines()
    return (
        (voice.opening in text)
        + any(line.startswith(voice.lead) for line in lines)
        + (voice.closing in text)
        + (bool(voice.mark) and any(line.startswith(f"{voice.mark} ") for line in lines))
    )
