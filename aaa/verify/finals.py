"""The final answer in a text that may explain much before it comes to it."""

from __future__ import annotations

import re

_HASHES = re.compile(r"^[ \t>*]*####[ \t]+(\S.*)$", re.MULTILINE)
_BOXED = re.compile(r"\\(?:boxed|fbox)\s*\{")
_BRACE = re.compile(r"(?<!\\)[{}]")
_ANSWER_WORD = r"\b(?:answer|antwort|respuesta|réponse|resposta|risposta)\b"
_ABOUT = r"(?:\s+(?:to|of|for|zu|auf|für|a|à|de|da|di|alla|al)\s[^\n:.=]{1,80}?)?"
_IS = r"(?:\s*[*_]*[:=]|\s+(?:is|was|would be|must be|should be|ist|lautet|es|est|é|è)\b(?!\s+not\b))"
_ANNOUNCED = re.compile(
    rf"{_ANSWER_WORD}[*_]*{_ABOUT}{_IS}\s*:?[ \t*_]*(?:\n\s*)?(?=\S)"
    r"|^[ \t>*_]*A[*_]*:[ \t]*(?P<short>\S.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_OPTION_B = re.compile(r"^[ \t>*_]*B[*_]*:", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St|vs))(?<!\bMrs)[.!?](?=[\s*_\"'”)]|$)")
_TEX_TEXT = re.compile(r"\\(?:text|mathrm|mathbf|textbf)\s*\{([^{}]*)\}")
_EMPHASIS = "*` \t\r\n"
_WRAPPERS = (("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"), ("_", "_"), ('"', '"'), ("“", "”"), ("'", "'"), ("(", ")"))


def extract_final(text: str) -> str | None:
    r"""The final answer of `text`, without markup and closing punctuation; None where the text is empty.

    In this order: `#### x` (GSM8K); the last `\boxed{x}`; the last "the answer is x", "Answer: x" or "A: x" (also
    German, Spanish, French, Portuguese, Italian); the last line that is not empty.
    """
    for find in (_after_hashes, _in_box, _announced, _last_line):
        if (found := find(text)) is not None and (final := _bare(found)):
            return final
    return None


def _after_hashes(text: str) -> str | None:
    """What follows the last `####`, unless that is a heading with more text below it."""
    marks = list(_HASHES.finditer(text))
    if not marks:
        return None
    last = marks[-1]
    heading = text[last.end() :].strip() and not re.match(r"[^\w\n]{0,3}\d[\d.,]*\W*$", last.group(1))
    return None if heading else last.group(1)


def _in_box(text: str) -> str | None:
    """The contents of the last box whose braces close."""
    boxes = {match.end() for match in _BOXED.finditer(text)}
    opened: list[int] = []
    last: tuple[int, int] | None = None
    for brace in _BRACE.finditer(text):
        if brace.group() == "{":
            opened.append(brace.end())
        elif opened and (start := opened.pop()) in boxes and (last is None or start > last[0]):
            last = (start, brace.start())
    return None if last is None else _TEX_TEXT.sub(r"\1", text[last[0] : last[1]])


def _announced(text: str) -> str | None:
    """The sentence or line after the last announcement of an answer."""
    is_option_list = _OPTION_B.search(text) is not None
    for match in reversed(list(_ANNOUNCED.finditer(text))):
        if (short := match["short"]) is not None:
            if not is_option_list:
                return short
        else:
            said = text[match.end() :].partition("\n")[0]
            end = _SENTENCE_END.search(said)
            return said[: end.start()] if end else said
    return None


def _last_line(text: str) -> str | None:
    return next((line for line in reversed(text.splitlines()) if _bare(line)), None)


def _bare(text: str) -> str:
    """`text` without emphasis, math delimiters, quotes and closing punctuation around it."""
    bare, before = text.strip(), None
    while bare != before:
        before = bare
        bare = bare.lstrip(_EMPHASIS).rstrip(_EMPHASIS + ".,;:!")
        for left, right in _WRAPPERS:
            inner = bare[len(left) : len(bare) - len(right)]
            if len(bare) > len(left + right) and bare == left + inner + right and right not in inner:
                bare = inner.strip()
    return bare
