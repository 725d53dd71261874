"""Whether a text stands alone, or betrays that it was written under a hint, a critique, or as a revision."""

from __future__ import annotations

import re
from functools import cache

from aaa.text.leak_advice import THANKS, TOLD
from aaa.text.leak_cues import CHINESE_TOPICS, TOPICS, Cue
from aaa.text.leak_further import CHINESE, DUTCH, ITALIAN, PORTUGUESE
from aaa.text.leak_others import FRENCH, GERMAN, SPANISH
from aaa.text.leak_revision import BEFORE, REVISION
from aaa.text.leak_slips import HEARD, NEW, SLIPS

_CUES = (
    *(THANKS + TOLD + BEFORE + REVISION + SLIPS + HEARD + NEW),
    *(GERMAN + FRENCH + SPANISH + ITALIAN + PORTUGUESE + DUTCH + CHINESE),
)
_QUOTED = re.compile(r"[\"“„][^\"“”„\n]{0,300}[\"”“]|«[^«»\n]{0,300}»|^[ \t]*>.*$", re.MULTILINE)
"""Words of others: speech in a story, examples, quotations."""


def find_leak(text: str, instruction: str = "") -> str | None:
    """The words by which `text` refers to a hint, a critique or an earlier version; None where it stands alone.

    `instruction` is the text of all turns that the reader has seen. What it brings up by itself does not count: a
    letter may thank for a suggestion, a story may have a teacher, a correction may be called one. Words in quotation
    marks do not count either. Knows English, German, French and Spanish, and the basics of Italian, Portuguese, Dutch
    and Chinese.
    """
    prose = _QUOTED.sub(lambda quote: " " * len(quote.group()), text)
    known = _topics(instruction)
    asked = instruction.casefold()
    for cue in _CUES:
        if known.isdisjoint(cue.excuses):
            found = next((m.group() for m in _compiled(cue).finditer(prose) if m.group().casefold() not in asked), None)
            if found is not None:
                return found.strip()
    return None


def _topics(instruction: str) -> set[str]:
    """The topics that `instruction` brings up."""
    found = {topic for topic, stems in TOPICS.items() if re.search(rf"\b(?:{stems})", instruction, re.IGNORECASE)}
    return found | {topic for topic, stems in CHINESE_TOPICS.items() if re.search(stems, instruction)}


@cache
def _compiled(cue: Cue) -> re.Pattern[str]:
    """The cue as a pattern; not compiled at import, which has to be fast."""
    return re.compile(cue.pattern, re.IGNORECASE | re.MULTILINE)
