"""The lines in which critics write suggestions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
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


def merged(lists: Sequence[Sequence[Suggestion]]) -> tuple[Suggestion, ...]:
    """The suggestions of several critics as one list: what more of them name first, each change once (our design).

    Suggestions concern the same if aim and place are equal, but for case and spaces; they then stand together, with
    the place as it was first written.
    """
    named: dict[tuple[str, str], dict[str, Suggestion]] = {}
    critics: Counter[tuple[str, str]] = Counter()
    for suggestions in lists:
        for one in suggestions:
            first = next(iter(named.setdefault(_concern(one), {}).values()), one)
            named[_concern(one)].setdefault(_plain(one.change), one.model_copy(update={"place": first.place}))
        critics.update({_concern(one) for one in suggestions})
    order = sorted(named, key=lambda concern: -critics[concern])  # stable: else as they came
    return tuple(one for concern in order for one in named[concern].values())


def _concern(suggestion: Suggestion) -> tuple[str, str]:
    return suggestion.aim, _plain(suggestion.place)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")
