"""One form for texts that say the same."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = re.compile(r"['’‘`´]")
_MINUS = re.compile(r"[-−–](?=[.\d])")


def normal(text: str) -> str:
    """`text` in NFKC, case folded, without apostrophes, each run of other punctuation or space as one space.

    The minus before a number stays, and so do symbols such as `+`, `%` and `$`. A text of punctuation alone is itself.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    signed = _MINUS.sub("\N{MINUS SIGN}", _APOSTROPHES.sub("", folded))
    plain = "".join(" " if unicodedata.category(c).startswith(("P", "Z", "C")) else c for c in signed)
    return " ".join(plain.split()) or folded.strip()
