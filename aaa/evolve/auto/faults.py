"""What shows that a method failed: in the instruction that it made, or in an answer to that instruction. Pure."""

from __future__ import annotations

import re

from aaa.evolve.gates import SAME, adds_chatter, adds_scaffolding, given_input, loses
from aaa.text import is_refusal, rouge_l, words
from aaa.types import MethodFault

MOST_ADDED = 60
"""Words that one rewriting may add (ours): thrice the 10 to 20 that Evol-Instruct asks for (arXiv 2304.12244)."""
LEAST_NEW = 4
"""Content words that a rewriting must bring (ours): a floor, so that trivial instructions, which are easy to answer,
cannot make a method look good."""
LEAST_KEPT = 0.5
"""Share of the content words that it must keep (ours)."""
_PLAIN = """
    a about after all also an and answer any are as at be but by can could do does each else for from give given has
    have how i if in instruction into is it its just kindly like me more most my no not of on one only or other our
    out please same should so some such take than that the their them then there these they this those time to too up
    us very was we well were what when where which while who why will with would write you your
"""
_PLAIN_WORDS = frozenset(_PLAIN.split())
"""Words that ask for nothing."""

_STAGNANT = re.compile(r"^\W*(?:understood|thank you|that is correct|that['’]s correct|great|what)\b", re.IGNORECASE)
_SURE = re.compile(r"^\W*sure\b", re.IGNORECASE)
_PROVIDE = re.compile(r"\bplease (?:provide|share|send|paste)\b", re.IGNORECASE)


def text_fault(before: str, after: str) -> MethodFault | None:
    """What is wrong with the instruction that was made of `before`. Knows English chatter only; the rest is by form."""
    if rouge_l(before, after) >= SAME:
        return "unchanged"
    if adds_chatter(before, after) or adds_scaffolding(before, after):
        return "chatter"
    if loses(after, given_input(before)):
        return "lost_input"
    if len(words(after)) - len(words(before)) > MOST_ADDED:
        return "too_long"
    return "too_easy" if _too_easy(before, after) else None


def reply_fault(reply: str) -> MethodFault | None:
    """What an answer says of its instruction: the failure detectors of Auto Evol-Instruct (arXiv 2406.00770).

    They know English; refusals are known in seven languages.
    """
    asks = reply.rstrip().endswith("?")
    if asks and _STAGNANT.search(reply):
        return "stagnant"
    if asks and _SURE.search(reply):
        return "unqualified"
    if _PROVIDE.search(reply):
        return "asks_back"
    return "refusal" if is_refusal(reply) else None


def _too_easy(before: str, after: str) -> bool:
    """Whether a rewriting brings too little that is new, or drops too much of what was asked."""
    asked, asks = _content(before), _content(after)
    return len(asks - asked) < LEAST_NEW or len(asked & asks) < LEAST_KEPT * len(asked)


def _content(text: str) -> set[str]:
    return set(words(text)) - _PLAIN_WORDS
