"""One spelling of a tag, whoever wrote it."""

from __future__ import annotations

import re
import unicodedata

KEPT_IN_PLURAL = ("ss", "us", "is", "ics", "news", "series", "species")
"""Ends of English words whose `s` is no plural (ours)."""
_APART = re.compile(r"[^\w+#]+|_+")


def spelled(tag: str) -> str:
    """A tag in one spelling: lower case, words with single spaces between them, each in the singular.

    Empty where it has no letter or digit. Plurals are English; of other languages only case and spaces are made one.
    """
    words = _APART.sub(" ", unicodedata.normalize("NFKC", tag).casefold()).split()
    return " ".join(map(_singular, words))


def _singular(word: str) -> str:
    if len(word) <= 3 or not word.isascii() or not word.endswith("s") or word.endswith(KEPT_IN_PLURAL):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes", "zzes")) else word[:-1]
