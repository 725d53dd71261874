"""The passage a text task is about: what stands in quotation marks or after a colon."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"\"([^\"]+)\"|“([^”]+)”|„([^“”]+)[“”]|«\s?([^»]+?)\s?»|(?<![\w'’])['‘](\S[^'’]*?)['’](?!\w)")


def quoted(text: str) -> list[str]:
    """Everything in quotation marks, in order, without the marks."""
    return [next(part for part in match.groups() if part is not None) for match in _QUOTED.finditer(text)]


def outside(text: str) -> str:
    """The text with a blank for each quoted part: the words of the task itself."""
    return _QUOTED.sub(" _ ", text)


def after_colon(text: str) -> str | None:
    """What stands after the first colon that introduces something."""
    _, colon, rest = re.sub(r"(?<=\d):(?=\d)|:(?=//)", "\0", text).partition(":")
    rest = rest.replace("\0", ":").strip()
    return rest if colon and rest else None


def passage(text: str) -> str | None:
    """The passage to work on: the longest quoted part, else what follows the colon."""
    parts = quoted(text)
    return max(parts, key=len) if parts else after_colon(text)


def listed(text: str) -> list[str]:
    """The items of a written list: parted by commas, semicolons, line breaks, a last "and"; without a full stop."""
    text = re.split(r"(?<=[^\d])[.?!](?:\s|$)|(?<=\d)[.?!](?=\s|$)", text.strip())[0]
    parts = re.split(r"\s*[,;\n]\s*(?:(?:and|und|y|et|e)\s+)?|\s+(?:and|und|y|et|e)\s+", text)
    return [
        part.strip(" *-\"'") if not re.fullmatch(r"\s*-\s*[\d.]+\s*", part) else part.strip()
        for part in parts
        if part.strip()
    ]


def words(text: str) -> list[str]:
    """The words of a passage, without punctuation; inner apostrophes and hyphens belong to a word."""
    return re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text)
