"""How hard a prompt looks from outside: by its length and the demands in it (ours)."""

from __future__ import annotations

import re
from math import log2

from aaa.text import words
from aaa.types import Message

MOST = 6
"""Demands that count (ours): a long list of small wishes is not ten times as hard as one."""
_DEMAND = re.compile(
    r"\b(?:must|should|at least|at most|exactly|without|ensure|including?|also|only|avoid|each|then|prove|design"
    r"|analy[sz]e|implement|optimi[sz]\w*|efficien\w*|complex\w*|detailed|comprehensive|compare|evaluate|justify"
    r"|derive|algorithm\w*|step[- ]by[- ]step|plan|from scratch|research|theor\w*|constraint\w*|multiple"
    r"|differential|quantum|strateg\w*|conjecture|system)\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\b(?:simple|basic|what is|define|name|list|who|when|easy|short|brief|example)\b", re.IGNORECASE)


def looks_hard(messages: tuple[Message, ...]) -> float:
    """1 to 10, a whole number. A weak measure, which knows demands in English only: docs/data-in.md says how weak."""
    text = "\n".join(message.text for message in messages)[:8000]
    demands, plain = len(_DEMAND.findall(text)), len(_PLAIN.findall(text))
    points = 2.0 + 0.6 * log2(1 + len(words(text))) + 0.6 * min(MOST, demands) - 0.5 * min(MOST // 2, plain)
    return float(min(10, max(1, round(points))))
