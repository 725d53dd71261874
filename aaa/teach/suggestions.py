"""The lines in which critics write suggestions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import cast, get_args

from aaa.types import CritiqueAim, Suggestion

AIMS = frozenset(get_args(CritiqueAim))

_BULLET = r"^[ \t]*(?:[-*•]|\d+[.)])[ \t]*"
_AIM = r"\**\[ *(?P<aim>\w+) *\]\**[ \t]*"
_PLACE = r"[\"“„«](?P<place>.*?)[\"”“»][ \t]*(?:->|→|=>)[ \t]*"
_LINE = re.compile(_BULLET + _AIM + _PLACE + r"(?P<change>\S.*)$", re.MULTILINE)
_NOTHING = re.compile(_BULLET + r"nothing to improve\b", re.MULTILINE | re.IGNORECASE)


def read_suggestions(text: str) -> tuple[Suggestion, ...] | None:
    """The suggestions `- [aim] "place" -> change`, in order; empty for `- nothing to improve`; None for neither."""
    found = tuple(
        Suggestion(aim=cast(CritiqueAim, aim), place=line["place"].strip(), change=line["change"].strip())
        for line in _LINE.finditer(text)
        if (aim := line["aim"].lower()) in AIMS
    )
    return found if found or _NOTHING.search(text) else None


def write_suggestions(suggestions: Iterable[Suggestion]) -> str:
    """The same lines again, for the author."""
    return "\n".join(f'- [{one.aim}] "{one.place}" -> {one.change}' for one in suggestions)
