"""Whether a text declines what was asked."""

from __future__ import annotations

import re

from aaa.text.phrases import Phrases
from aaa.text.styles import words

_LONGEST = 120
"""Words: a longer text says something beside declining. Ours; the elimination rule of Evol-Instruct takes 80."""
_OPENING = 200
"""Characters within which a refusal comes out with it. Ours."""
_REACH = 300
"""Characters that such words take at most: what lies further on is not looked at. Ours."""

_HELPING = (
    r"(?:help|assist|provide|answer|comply|fulfill?|do that|do this|create|generate|write|produce|share|give|offer|"
    r"support|participate|engage|discuss|continue|respond|complete|carry out|advise|tell you|show you|explain how)"
)
DECLINING = Phrases(
    # English
    r"\bI(?:['’]m| am) (?:(?:really|very|truly|so) )?(?:sorry|afraid),? (?:but |that )?(?:I|this|that|it)\b.{0,25}"
    r"\b(?:can['’]?t|cannot|can not|unable|not able|won['’]?t|not something I)\b(?!.{0,15} (?:believe|wait))",
    rf"\bI(?:['’]m| am)? (?:can['’]?t|cannot|can not|won['’]?t|will not|unable to|not able to|not going to|"
    rf"could not in good conscience) (?:\w+ly )?{_HELPING}\b(?! but\b)",
    r"\bI (?:must|have to|need to|will have to) (?:\w+ly )?(?:decline|refuse)\b(?! (?:your|the|this) (?:\w+ )?"
    r"(?:invitation|offer|position|role))",
    r"\bI (?:\w+ly )?(?:decline|refuse) to (?:answer|help|assist|provide|write|do|engage|take part)\b",
    r"\bI(?:['’]m| am) not (?:comfortable|willing|allowed|permitted|prepared|designed|programmed) (?:to|with)\b",
    r"\bI (?:do not|don['’]t) feel comfortable\b",
    r"\b(?:that|this)(?:['’]s| is) not something I (?:can|will|am able|['’]m able)\b",
    r"\bI(?:['’]d| would) (?:rather|prefer) not (?:to )?(?:help|answer|write|provide|discuss|do|say)\b",
    r"^\W*(?:as an AI\b[^.!?]{0,80}?,? )I (?:can['’]?t|cannot|do not|don['’]t|am not|am unable|must)\b",
    r"\b(?:against|violates?) (?:my|our|the) (?:\w+ )?(?:guidelines|policy|policies|principles)\b",
    # German
    r"\b(?:tut mir leid|entschuldigung|leider|bedaure)\b.{0,40}\b(?:kann|darf|werde|möchte)\b.{0,60}\bnicht\b",
    r"\bich (?:kann|darf|werde|möchte) (?:\w+ ){0,5}nicht (?:\w+ ){0,4}(?:helfen|beantworten|weiterhelfen|"
    r"unterstützen|bereitstellen|erfüllen|schreiben|geben)\b",
    r"\bich (?:muss|möchte) (?:\w+ ){0,5}ablehnen\b",
    # French
    r"\b(?:désolée?|regrette|excusez-moi|malheureusement)\b.{0,40}\bje ne (?:peux|suis|saurais|vais|pourrai)\b",
    r"\bje ne (?:peux|saurais|vais|pourrai)(?: malheureusement)? pas (?:\w+ )?(?:vous |t['’])?(?:aider|répondre|"
    r"fournir|écrire|donner|accéder|faire|satisfaire)",
    r"\bje (?:dois|préfère) (?:\w+ )?(?:décliner|refuser)\b",
    # Spanish
    r"\b(?:lo siento|lamento|disculpa|perdón|lamentablemente)\b.{0,40}\bno (?:puedo|podré|me es posible|estoy en)\b",
    r"\bno (?:puedo|podré) (?:ayudar|responder|proporcionar|escribir|cumplir|ofrecer|dar|hacer eso|hacerlo)",
    # Portuguese
    r"\b(?:desculpe|lamento|sinto muito|infelizmente)\b.{0,40}\bnão (?:posso|poderei|consigo)\b",
    r"\bnão (?:posso|poderei) (?:ajudar|responder|fornecer|escrever|atender|fazer isso)",
    # Italian
    r"\b(?:mi dispiace|spiacente|purtroppo)\b.{0,40}\bnon (?:posso|sono in grado)\b",
    r"\bnon posso (?:aiutar|risponder|fornir|scriver|soddisfar|farlo)",
    # Dutch
    r"\b(?:het spijt me|sorry|helaas)\b.{0,40}\b(?:kan|mag)\b.{0,60}\bniet\b",
    r"\bik kan (?:\w+ ){0,4}niet (?:\w+ ){0,4}(?:helpen|beantwoorden|geven|schrijven)\b",
)
_SUBSTANCE = re.compile(r"```|^\s*(?:[-*+•]|\d{1,2}[.)])\s+\S|\bhere(?:['’]s| is| are)\b", re.IGNORECASE | re.MULTILINE)


def is_refusal(text: str) -> bool:
    """Whether `text` declines the request: short, says so at once, and offers nothing in place of an answer.

    Knows English, German, French, Spanish, Portuguese, Italian and Dutch. Conservative: a text of more than 120
    words, with code, a list, or a `here is` is taken for an answer.
    """
    if all(declined.start() > _OPENING for declined in DECLINING.first_matches(text[: _OPENING + _REACH])):
        return False
    return len(words(text)) <= _LONGEST and _SUBSTANCE.search(text) is None
