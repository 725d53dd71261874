"""How a conversation went: what tells a simulated one from one between a person and an assistant, and what spoils it.

The failure modes are those that CAMEL (arXiv 2303.17760) names; context-dependent requests are what Parrot (arXiv
2310.07301) counts: 3.42 of 8.71 turns there, 4.62 of 6.67 in ShareGPT, 1.45 of 3.85 in UltraChat. Cues and bounds are
ours, and the cues are English ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from aaa.text.languages import languages_changed
from aaa.text.styles import words

NGRAM = 5
"""Words of the sequences by which repetition is told (ours)."""
SHORT = 14
"""Words up to which a turn can be nothing but a farewell (ours)."""
LOOP = 3
"""Farewells in a row that make a loop (ours)."""

_HELPER = re.compile(
    r"\bas an ai\b|\b(?:how|what) (?:can|may|else can) i (?:help|assist)\b|\bhappy to (?:help|assist)\b"
    r"|\blet me know if you (?:need|have|would)\b|\bi can help you\b|\bas your (?:ai )?assistant\b",
    re.IGNORECASE,
)
_HELPED = re.compile(
    r"\bthank(?:s| you) for (?:your|the) (?:help|explanation|advice)\b|\bcan you help me\b", re.IGNORECASE
)
_FAREWELL = re.compile(
    r"\b(?:thanks|thank you|you(?:'re| are) welcome|good ?bye|bye|have a (?:great|nice|good)|take care|my pleasure"
    r"|anytime|see you)\b",
    re.IGNORECASE,
)
_DEPENDENT = re.compile(
    r"^(?:and|but|or|so|also|what about|how about|why|which one|really|then|ok(?:ay)?|no|yes|actually|shorter|longer)\b"
    r"|\b(?:that|those|these|this|it|them|they|the (?:first|second|third|last|other|former|latter)|instead|again|too"
    r"|above|earlier|you (?:said|wrote|mentioned|suggested))\b",
    re.IGNORECASE,
)

Turn = tuple[str, str]
"""Role (`user` or `assistant`) and words."""


def role_flips(turns: Sequence[Turn]) -> int:
    """Turns of a user who speaks as a helper, or of an assistant who speaks as one who is helped."""
    return sum(bool((_HELPER if role == "user" else _HELPED).search(said)) for role, said in turns)


def farewell_loop(turns: Sequence[Turn]) -> bool:
    """Whether so many turns in a row only take leave."""
    longest = run = 0
    for _, said in turns:
        run = run + 1 if len(_words(said)) <= SHORT and _FAREWELL.search(said) else 0
        longest = max(longest, run)
    return longest >= LOOP


def repetition(turns: Sequence[Turn]) -> float:
    """The largest share of a turn's word sequences that one earlier turn of its speaker has, in 0..1."""
    seen: dict[str, list[frozenset[tuple[str, ...]]]] = {}
    most = 0.0
    for role, said in turns:
        grams = _grams(said)
        if grams:
            most = max([most, *(len(grams & before) / len(grams) for before in seen.get(role, []))])
            seen.setdefault(role, []).append(grams)
    return most


def context_dependence(turns: Sequence[Turn]) -> float | None:
    """Share of the user's turns after the first that make sense only after what was said; None without such turns."""
    later = [said for role, said in turns if role == "user"][1:]
    return sum(bool(_DEPENDENT.search(said.strip())) for said in later) / len(later) if later else None


def language_switches(turns: Sequence[Turn]) -> int:
    """Turns in another language than the first one, as far as it can be told."""
    return languages_changed(turns[0][1], (said for _, said in turns[1:])) if turns else 0


def _grams(text: str) -> frozenset[tuple[str, ...]]:
    said = _words(text)
    return frozenset(zip(*(said[at:] for at in range(NGRAM)), strict=False))


@lru_cache(maxsize=64)
def _words(text: str) -> tuple[str, ...]:
    """The words of a turn, which more than one measure asks for."""
    return tuple(words(text))
