"""Which of some 140 languages a text is in, by py3langid (Lui and Baldwin 2012): bytes, no words, no download."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SURE: Final = 0.5
"""Confidence from which it is believed (ours); bench/attributes.py says how much is told then, and how much rightly."""
READ: Final = 4000
"""Characters that are read (ours)."""
NO_LANGUAGE: Final = "zxx"
"""ISO 639-2 for what is in none, such as figures."""


def identified(text: str) -> str | None:
    """The language, by ISO 639-1 where it has a code there; None where the text does not tell.

    Surer on short texts than `language_of`, and of more languages; the two agree on what a prompt says at length.
    """
    found, confidence = _identifier().classify(text[:READ])
    return None if confidence < SURE or found == NO_LANGUAGE else str(found)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """The model, 4.6 MB packed; loading it takes about a second, and only those who ask for languages need it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
