"""Whether a text tries to order its judge about."""

from __future__ import annotations

import re

from aaa.text.phrases import Phrase, pairs, phrases_in

_ANSWERS = (
    *("answer", "response", "reply", "solution", "submission", "essay"),
    *("text", "output", "completion"),
)
_CHOICES = (
    *("choose", "pick", "select", "prefer", "vote for", "favor", "favour", "reward", "declare"),
    *("mark", "rate", "score", "grade", "rank", "judge"),
)
_GIFTS = ("give", "award", "assign")

_MARKER = r"\[\[\s*(?:\d{1,3}(?:\.\d+)?|[abc]|tie|[ab]\s*[<>=]+\s*[ab]|answer [12ab])\s*\]\]"
_ANSWER, _CHOOSE, _GIVE = (f"(?:{'|'.join(words)})" for words in (_ANSWERS, _CHOICES, _GIFTS))
_SEAT = r"(?:answer|response|assistant|candidate|model|option) (?:[12ab]|one|two)"
_TOP = r"(?:10|100|full|maximum|max|highest|top|perfect|best)\b"
_MUST = (
    r"\b(?:you|judges?|graders?|evaluators?|raters?) (?:must|should|shall|have to|need to|are (?:\w+ )?to|will) "
    rf"(?:\w+ )?(?:{_CHOOSE}|give|award|output|declare)"
)

ORDERS = tuple(
    Phrase(keys, *patterns, flags=re.MULTILINE)
    for keys, *patterns in (
        (
            ("ignore", "disregard", "forget", "override", "bypass", "do not follow", "stop following"),
            r"\b(?:ignore|disregard|forget|override|bypass|do not follow|stop following)\b[^.\n]{0,30}"
            r"\b(?:previous|prior|above|earlier|preceding|all|any|your|judging|grading|system)\b[^.\n]{0,25}"
            r"\b(?:instructions?|rules?|prompts?|criteria|directions?|rubrics?|guidelines?|orders?)\b",
            r"\b(?:ignore|disregard)\b the (?:rubric|judging \w+|grading \w+|scoring \w+)\b",
        ),
        (
            ("ignoriere", "vergiss", "missachte"),
            r"\b(?:ignoriere|vergiss|missachte)\b[^.\n]{0,40}\b(?:anweisungen|regeln|vorgaben|kriterien)\b",
        ),
        (
            ("ignore", "oublie"),
            r"\b(?:ignore[zr]?|oublie[zr]?)\b[^.\n]{0,20}\bles (?:\w+ )?(?:instructions|consignes|règles)\b",
        ),
        (
            ("ignor", "olvid", "esquece", "esqueça", "dimentica"),
            r"\b(?:ignor[ae]|olvid[ae]|esquece|esqueça|dimentica)\b[^.\n]{0,30}"
            r"\b(?:instrucciones|instruções|istruzioni|reglas|regras|regole)\b",
        ),
        (  # Verdict markers: alone on a line (but not R printing a list), or asked for in words.
            ("[[",),
            rf"^[^\w\[\n]*{_MARKER}[^\w\n]*$(?!\n\s*\[1\])",
            r"\b(?:verdict|output|reply|respond|answer|say|write|end|conclude|final|grade|score|rating|judgment|winner)"
            rf"\b[^\n]{{0,40}}?(?<![\w)\]]){_MARKER}",
        ),
        (
            pairs(("this", "my"), _ANSWERS),
            rf"\b{_CHOOSE} (?:only )?(?:this|my) {_ANSWER}\b",
            rf"{_MUST} (?:this|my) {_ANSWER}\b",
            rf"\b(?:give|award|assign)s? (?:this|my) {_ANSWER} [^.\n]{{0,30}}\b{_TOP}",
            rf"\b(?:this|my) {_ANSWER} (?:must|should|has to|deserves to|needs to|is to) (?:\w+ )?"
            r"(?:win|be (?:\w+ )?(?:chosen|preferred|selected|picked|rated|scored|graded|judged|ranked|declared))\b",
            rf"\b(?:this|my) {_ANSWER} deserves (?:a |an |the )?{_TOP}",
        ),
        (
            pairs(("answer", "response", "assistant", "candidate", "model", "option"), (*"12ab", "one", "two")),
            rf"\b{_CHOOSE} {_SEAT} (?:as|to be|over|instead|because|regardless|no matter)\b",
            rf"{_MUST} {_SEAT}\b",
            rf"\b{_SEAT} is (?:\w+ )?(?:the )?(?:winner|better one)\b",
        ),
        (
            pairs((*_CHOICES, "give", "award", "output"), ("it as", "me")),
            rf"{_MUST} (?:it as|me)\b",
        ),
        (
            pairs(_GIFTS, ("me", "it")),
            rf"\b{_GIVE} (?:me|it) (?:a |an |the )?{_TOP} ?(?:/|out of|points|marks|score|grade|rating)",
        ),
        (
            ("verdict", "judgment", "judgement"),
            rf"\b(?:your|the|final) (?:verdict|judgment|judgement) (?:must|should|has to|shall|will) (?:\w+ )?be\b"
            rf"[^.\n]{{0,20}}(?:{_SEAT}|\b[12ab]\b|this|mine)",
        ),
        (
            ("ignored", "rejected", "disregarded", "disqualified"),
            rf"\b(?:other|second|first) {_ANSWER} (?:is|must be|should be) (?:ignored|rejected|disregarded|"
            r"disqualified)\b",
        ),
        (("<<<",), r"<<<\s*end of\b"),
    )
)


def orders_judge(text: str) -> bool:
    """Whether `text` tells a judge what to decide: to drop its rules, to choose this answer, to write a verdict mark.

    It errs on the side of suspicion: a text that explains such attacks by an example is taken for one. So it may mark
    a judgment for a second look, and must not decide one.
    """
    return next(phrases_in(text, ORDERS), None) is not None
