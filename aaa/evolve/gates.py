"""Cheap gates that a rewritten instruction has to pass: each sees one fault in the texts themselves. Pure.

They know English chatter and requests; refusals and languages are known as far as `aaa.text` knows them, and all else
is by form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from aaa.evolve.operations import Operation
from aaa.text import is_refusal, language_changed, language_of, rouge_l, words
from aaa.types import EliminationReason

SAME: Final = 0.95
"""ROUGE-L from which two instructions count as the same (ours)."""
LEAST_NEW: Final = 4
"""New words from which a long text with one more demand is no duplicate (ours)."""
LEAST_INPUT: Final = 3
"""Words from which what follows a colon counts as given input (ours)."""
REFUSED_WITHIN: Final = 80
"""Words below which an answer that says sorry counts as a refusal (arXiv 2304.12244)."""
LEAST_LENGTH: Final = 0.5
"""Words of a harder instruction over those of its parent, at least (ours): it keeps what is asked."""
NEW_LENGTH: Final = 3.0
"""How many times longer an instruction may be that is to be of about the same length (ours)."""
ROOM: Final = 30
"""Words that any such instruction may have (ours): a ratio alone forbids much where the parent is short."""

_CHATTER = re.compile(
    r"^\W*(?:sure|certainly|of course|okay|absolutely|great)\b[,!.: ]"
    r"|^\W*(?:here(?:['’]s| is| are)\b[^\n]{0,80}(?::|\n)|i(?:['’]ve| have) (?:rewritten|made|changed))"
    r"|\b(?:i hope this helps|let me know if|feel free to ask)\b[^\n]*\Z",
    re.IGNORECASE,
)
_SCAFFOLDING = re.compile(
    r"\b(?:given|rewritten|new|evolved|original|created) (?:instruction|prompt)\b"
    r"|\[\[\w+\]\]|<<<[^\n]*>>>|#\w+ prompt#",
    re.IGNORECASE,
)
_CODE = re.compile(r"^[ \t]*(```|~~~).*?^[ \t]*\1", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]+)[\"”“»]|[「『]([^「」『』]+)[」』]")
_DATA_LINE = re.compile(r"^[^\n]*(?:[{}<>|=;\t]|\w,\w[^\s,]*,\w)[^\n]*$", re.MULTILINE)
"""JSON, XML, SQL, tables, assignments, CSV."""
_AFTER_COLON = re.compile(r"[:：][ \t]*\n?([^\n:：]+(?:\n[^\n]+)*)\Z")
_STATED = re.compile(
    r"^\W*(?:the )?(?:final |short |right )?(?:answer|antwort|respuesta|réponse|risposta|solution|result)\b"
    r"(?:[*_]*\s*:|\s+(?:is|would be)\b)|\\boxed\{|^####\s",
    re.IGNORECASE | re.MULTILINE,
)
_ASKS_STATED = re.compile(
    r"(?:such as|like this|in (?:the|this) form|format|end with|\bas\b)[^\n]{0,60}\Z", re.IGNORECASE
)
_STOP = """
    a about all an and are as at be but by can could do for from had has have he her his i if in into is it its me my
    no not of on or our she so some that the their them then there they this to up us was we were what which who will
    with would you your
"""
_STOP_WORDS = frozenset(_STOP.split())
"""Stop words: a text of nothing else says nothing."""


def elimination(
    parent: str, child: str, siblings: Sequence[str], operation: Operation, language: str | None = None
) -> EliminationReason | None:
    """Why `child`, made of `parent` by `operation`, is dropped, or None.

    `siblings`: other versions of the lineage. `language`: that of the parent, such as `en`, where it is known.
    """
    texts = Texts(parent, child, siblings, operation, language)
    return next((reason for reason, holds in GATES if holds(texts)), None)


@dataclass(frozen=True, slots=True)
class Texts:
    """What a gate sees."""

    parent: str
    child: str
    siblings: Sequence[str]
    operation: Operation
    language: str | None = None


def empty(texts: Texts) -> bool:
    """Nothing but punctuation and stop words."""
    return says_nothing(texts.child)


def refusing(texts: Texts) -> bool:
    """It declines to rewrite."""
    return is_refusal(texts.child) and not is_refusal(texts.parent)


def copied_scaffolding(texts: Texts) -> bool:
    """Words of the rewriting prompt, as far as the parent does not have them."""
    return adds_scaffolding(texts.parent, texts.child)


def meta_chatter(texts: Texts) -> bool:
    """It speaks to whoever asked for a rewriting."""
    return adds_chatter(texts.parent, texts.child)


def answered(texts: Texts) -> bool:
    """It states a result instead of asking for one."""
    found = _STATED.search(texts.child)
    if found is None or _STATED.search(texts.parent):
        return False
    return _ASKS_STATED.search(texts.child[: found.start()].rstrip()) is None


def changed_language(texts: Texts) -> bool:
    """It is in another language: as the texts tell, or, of a parent too short to tell, as is known of it."""
    if texts.language is not None and language_of(texts.parent) is None:
        found = language_of(texts.child)
        return found is not None and found != texts.language.casefold().partition("-")[0]
    return language_changed(texts.parent, texts.child)


def lost_code(texts: Texts) -> bool:
    """A block of code is missing or altered."""
    return _loses(texts, [match.group() for match in _CODE.finditer(texts.parent)])


def lost_table(texts: Texts) -> bool:
    """A row of a table is missing or altered."""
    return _loses(texts, [match.group() for match in _TABLE.finditer(texts.parent)])


def lost_input(texts: Texts) -> bool:
    """Other given input is missing or altered."""
    return _loses(texts, given_input(texts.parent))


def wrong_length(texts: Texts) -> bool:
    """It grew or shrank more than its operation allows."""
    before, after = len(words(texts.parent)), len(words(texts.child))
    if texts.operation.direction in ("across", "near"):
        return after > max(ROOM, before * NEW_LENGTH)
    most, given = texts.operation.most_added, texts.operation.most_given
    if texts.operation.direction == "down":
        return after - before > most and after > ROOM
    said = len(words(without_data(texts.child))) - len(words(without_data(texts.parent)))
    return after - before > most + given or said > most or after < before * LEAST_LENGTH


def near_duplicate(texts: Texts) -> bool:
    """Almost the same words as its parent, or as another version, and hardly a new one."""
    new = set(words(texts.child))
    return any(
        len(new - set(words(other))) < LEAST_NEW and rouge_l(other, texts.child) >= SAME
        for other in (texts.parent, *texts.siblings)
    )


GATES: Final[tuple[tuple[EliminationReason, Callable[[Texts], bool]], ...]] = (
    ("empty", empty),
    ("refusing", refusing),
    ("copied_scaffolding", copied_scaffolding),
    ("meta_chatter", meta_chatter),
    ("answered", answered),
    ("language_changed", changed_language),
    ("lost_code", lost_code),
    ("lost_table", lost_table),
    ("lost_input", lost_input),
    ("length", wrong_length),
    ("near_duplicate", near_duplicate),
)
"""In order; the first that holds is the reason."""


def answer_fault(answer: str) -> EliminationReason | None:
    """What an answer says against its instruction (arXiv 2304.12244): "sorry" within 80 words, or nothing at all."""
    if says_nothing(answer):
        return "empty_answer"
    short = len(words(answer)) < REFUSED_WITHIN
    return "refused_answer" if is_refusal(answer) or (short and "sorry" in answer.casefold()) else None


def given_input(text: str) -> list[str]:
    """What an instruction hands over to be worked on: code, tables, quotations, and what follows its last colon."""
    found = [match.group() for match in _CODE.finditer(text)]
    found += [match.group() for match in _TABLE.finditer(text)]
    found += [piece for match in _QUOTED.finditer(text) if words(piece := match[1] or match[2])]
    after = _AFTER_COLON.search(text)
    if after and len(words(after[1])) >= LEAST_INPUT and not any(piece in after[1] for piece in found):
        found.append(after[1])
    return found


def loses(after: str, pieces: Sequence[str]) -> bool:
    """Whether one of these pieces is missing or altered in `after`; spaces and last marks aside."""
    kept = _squeezed(after)
    return any(_squeezed(piece) not in kept for piece in pieces)


def without_data(text: str) -> str:
    """A text without code, tables, quotations and lines that look like data: what it says in words of its own."""
    for pattern in (_CODE, _QUOTED, _DATA_LINE):
        text = pattern.sub(" ", text)
    return text


def adds_chatter(before: str, after: str) -> bool:
    """Whether `after` speaks to whoever asked for it, in words that `before` does not have."""
    return _adds(_CHATTER, before, after)


def adds_scaffolding(before: str, after: str) -> bool:
    """Whether `after` holds words of a rewriting prompt that `before` does not have."""
    return _adds(_SCAFFOLDING, before, after)


def _squeezed(text: str) -> str:
    """Words and marks on one line, without punctuation at the end."""
    return " ".join(text.split()).rstrip(" .;,!?")


def says_nothing(text: str) -> bool:
    """Whether a text holds only punctuation and stop words."""
    found = words(text)
    return not found or set(found) <= _STOP_WORDS


def _loses(texts: Texts, pieces: Sequence[str]) -> bool:
    """Whether a piece is missing where it had to be kept word for word: only in what became harder."""
    return texts.operation.direction == "up" and loses(texts.child, pieces)


def _adds(pattern: re.Pattern[str], before: str, after: str) -> bool:
    known = before.casefold()
    return any(found.group().casefold().strip() not in known for found in pattern.finditer(after))
