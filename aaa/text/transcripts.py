"""How a conversation went: what tells a simulated one from one between a person and an assistant, and what spoils it.

The failure modes are those that CAMEL (arXiv 2303.17760) names; context-dependent requests are what Parrot (arXiv
2310.07301) counts: 3.42 of 8.71 turns there, 4.62 of 6.67 in ShareGPT, 1.45 of 3.85 in UltraChat. Cues and bounds are
ours. Cues are known in ten languages; of another one it stays open what depends on what, and English ones serve for the
rest. bench/context.py says how far cues can be trusted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from aaa.text.languages import Told, differ, language_of, told
from aaa.text.styles import words
from aaa.text.turn_cues import FALLBACK, LANGUAGES, cues_of

NGRAM = 5
"""Words of the sequences by which repetition is told (ours)."""
SHORT = 14
"""Words up to which a turn can be nothing but a farewell (ours)."""
LOOP = 3
"""Farewells in a row that make a loop (ours)."""
POINTED = 60
"""Characters of a first sentence up to which a word that points elsewhere points out of the turn (ours): longer ones
tend to name what they mean."""
TOLD = 1000
"""Characters from which the language of a conversation is told (ours)."""

_FIRST = re.compile(r"[^.!?。！？\n]*[.!?。！？]?")
_QUOTES = "¿¡\"'“„«「 \t\n"


@dataclass(frozen=True)
class Turn:
    """One turn, with what more than one measure asks for."""

    role: str
    """`user` or `assistant`."""
    text: str

    @cached_property
    def words(self) -> Sequence[str]:
        """Case folded."""
        return words(self.text)

    @cached_property
    def told(self) -> Told:
        """Script and language."""
        return told(self.text, self.words)


def language_told(turns: Sequence[Turn]) -> str:
    """The language of a conversation, as far as its words tell; else English."""
    return language_of("\n".join(turn.text for turn in turns)[:TOLD]) or FALLBACK


def role_flips(turns: Sequence[Turn], language: str = FALLBACK) -> int:
    """Turns of a user who speaks as a helper, or of an assistant who speaks as one who is helped; helpers fall into
    English in any language."""
    known = [cues_of(one) for one in dict.fromkeys((language, FALLBACK)) if one in LANGUAGES]
    helper, helped = [cues.helper for cues in known], [cues.helped for cues in known]
    return sum(any(said.held_by(turn.text) for said in (helper if turn.role == "user" else helped)) for turn in turns)


def farewell_loop(turns: Sequence[Turn], language: str = FALLBACK) -> bool:
    """Whether so many turns in a row only take leave."""
    farewell = cues_of(language if language in LANGUAGES else FALLBACK).farewell
    longest = run = 0
    for turn in turns:
        run = run + 1 if len(turn.words) <= SHORT and farewell.search(turn.text.lower()) else 0
        longest = max(longest, run)
    return longest >= LOOP


def repetition(turns: Sequence[Turn]) -> float:
    """The largest share of a turn's word sequences that one earlier turn of its speaker has, in 0..1."""
    seen: dict[str, list[frozenset[tuple[str, ...]]]] = {}
    most = 0.0
    for turn in turns:
        grams = frozenset(zip(*(turn.words[at:] for at in range(NGRAM)), strict=False))
        if grams:
            most = max([most, *(len(grams & before) / len(grams) for before in seen.get(turn.role, []))])
            seen.setdefault(turn.role, []).append(grams)
    return most


def context_dependence(turns: Sequence[Turn], language: str = FALLBACK) -> float | None:
    """Share of the user's turns after the first that make sense only after what was said; None without such turns, or
    in a language whose cues are not known."""
    later = [turn.text for turn in turns if turn.role == "user"][1:]
    if not later or language not in LANGUAGES:
        return None
    return sum(depends(said, language) for said in later) / len(later)


def depends(said: str, language: str = FALLBACK) -> bool:
    """Whether a turn goes on from what was said before it, as its cues tell; the language is one of `LANGUAGES`."""
    cues, said = cues_of(language), said.strip().lower()
    if cues.opening.match(said.lstrip(_QUOTES)) or cues.reference.search(said):
        return True
    first = _FIRST.match(said)
    assert first is not None
    given = ":" in said or "：" in said  # then what it points at follows
    return not given and len(first[0]) <= POINTED and cues.pointing.search(first[0]) is not None


def language_switches(turns: Sequence[Turn]) -> int:
    """Turns in another language than the first one, as far as it can be told."""
    return sum(differ(turns[0].told, turn.told) for turn in turns[1:])
