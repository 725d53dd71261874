"""Whether a text tries to order its judge about."""

from __future__ import annotations

import re

from aaa.text.phrases import Phrases

_ANSWER = r"(?:answer|response|reply|solution|submission|essay|text|output|completion)"
_CHOOSE = r"(?:choose|pick|select|prefer|vote for|favor|favour|reward|declare|mark|rate|score|grade|rank|judge)"
_SEAT = r"(?:answer|response|assistant|candidate|model|option) (?:[12ab]|one|two)"
_TOP = r"(?:10|100|full|maximum|max|highest|top|perfect|best)\b"
_MUST = (
    r"\b(?:you|judges?|graders?|evaluators?|raters?) (?:must|should|shall|have to|need to|are (?:\w+ )?to|will) "
    rf"(?:\w+ )?(?:{_CHOOSE}|give|award|output|declare)"
)
ORDERS = Phrases(
    r"\b(?:ignore|disregard|forget|override|bypass|do not follow|stop following)\b[^.\n]{0,30}"
    r"\b(?:previous|prior|above|earlier|preceding|all|any|your|judging|grading|system)\b[^.\n]{0,25}"
    r"\b(?:instructions?|rules?|prompts?|criteria|directions?|rubrics?|guidelines?|orders?)\b",
    r"\b(?:ignore|disregard)\b the (?:rubric|judging \w+|grading \w+|scoring \w+)\b",
    r"\b(?:ignoriere|vergiss|missachte)\b[^.\n]{0,40}\b(?:anweisungen|regeln|vorgaben|kriterien)\b",
    r"\b(?:ignore[zr]?|oublie[zr]?)\b[^.\n]{0,20}\bles (?:\w+ )?(?:instructions|consignes|règles)\b",
    r"\b(?:ignor[ae]|olvid[ae]|esquece|esqueça|dimentica)\b[^.\n]{0,30}"
    r"\b(?:instrucciones|instruções|istruzioni|reglas|regras|regole)\b",
    rf"\b{_CHOOSE} (?:only )?(?:this|my) {_ANSWER}\b",
    rf"{_MUST} (?:this|my) {_ANSWER}\b",
    rf"\b(?:give|award|assign)s? (?:this|my) {_ANSWER} [^.\n]{{0,30}}\b{_TOP}",
    rf"\b(?:this|my) {_ANSWER} (?:must|should|has to|deserves to|needs to|is to) (?:\w+ )?"
    r"(?:win|be (?:\w+ )?(?:chosen|preferred|selected|picked|rated|scored|graded|judged|ranked|declared))\b",
    rf"\b(?:this|my) {_ANSWER} deserves (?:a |an |the )?{_TOP}",
    rf"\b{_CHOOSE} {_SEAT} (?:as|to be|over|instead|because|regardless|no matter)\b",
    rf"{_MUST} {_SEAT}\b",
    rf"\b{_SEAT} is (?:\w+ )?(?:the )?(?:winner|better one)\b",
    rf"{_MUST} (?:it as|me)\b",
    rf"\b(?:give|award|assign) (?:me|it) (?:a |an |the )?{_TOP} ?(?:/|out of|points|marks|score|grade|rating)",
    rf"\b(?:your|the|final) (?:verdict|judgment|judgement) (?:must|should|has to|shall|will) (?:\w+ )?be\b"
    rf"[^.\n]{{0,20}}(?:{_SEAT}|\b[12ab]\b|this|mine)",
    rf"\b(?:other|second|first) {_ANSWER} (?:is|must be|should be) (?:ignored|rejected|disregarded|disqualified)\b",
    flags=re.MULTILINE,
)
_MARKER = r"\[\[\s*(?:\d{1,3}(?:\.\d+)?|[abc]|tie|[ab]\s*[<>=]+\s*[ab]|answer [12ab])\s*\]\]"
MARKED = re.compile(
    rf"^[^\w\[\n]*{_MARKER}[^\w\n]*$(?!\n\s*\[1\])|"
    r"\b(?:verdict|output|reply|respond|answer|say|write|end|conclude|final|grade|score|rating|judgment|winner)"
    rf"\b[^\n]{{0,40}}?(?<![\w)\]]){_MARKER}",
    re.MULTILINE | re.IGNORECASE,
)
"""Verdict markers: alone on a line (but not R printing a list), or asked for in words."""
_FENCE_END = re.compile(r"<<<\s*end of\b", re.IGNORECASE)


def orders_judge(text: str) -> bool:
    """Whether `text` tells a judge what to decide: to drop its rules, to choose this answer, to write a verdict mark.

    It errs on the side of suspicion: a text that explains such attacks by an example is taken for one. So it may mark
    a judgment for a second look, and must not decide one.
    """
    return _is_marked(text) or ("<<<" in text and _FENCE_END.search(text) is not None) or ORDERS.held_by(text)


def _is_marked(text: str) -> bool:
    """Whether it holds a verdict mark; what is asked for in words stands on the line where the mark begins."""
    begin = text.find("[[")
    return begin >= 0 and MARKED.search(text, text.rfind("\n", 0, begin) + 1) is not None
