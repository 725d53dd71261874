"""Length and markup of a text: the features by which judges are known to be swayed."""

from __future__ import annotations

import re

from aaa.types import TextStyle

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[^\W_{_IDEOGRAPHS}]++(?:[-'’][^\W_{_IDEOGRAPHS}]++|[.,]\d++)*+")
_ASCII_WORD = re.compile(r"[A-Za-z0-9]++(?:[-'][A-Za-z0-9]++|[.,][0-9]++)*+")
"""The same where no other letters are: found in half the time."""
_CODE_BLOCK = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_HEADER = re.compile(r"\n {0,3}#{1,6}[ \t]+\S")
_LIST_ITEM = re.compile(r"\n[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+\S")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(?:(?!\1)[^\n])+(?<=\S)\1")


def words(text: str) -> list[str]:
    """The words of `text`, case folded: `don't` and `1,234.5` are one word each, and so is every CJK character."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return [word.casefold() for word in _WORD.findall(text)]


def style(text: str) -> TextStyle:
    """Count words, and outside of code blocks (where `#` and `-` mean something else) the markdown markup."""
    prose = _CODE_BLOCK.sub("", text) if "```" in text or "~~~" in text else text
    lines = f"\n{prose}"
    return TextStyle(
        words=len(words(text)),
        headers=len(_HEADER.findall(lines)),
        list_items=len(_LIST_ITEM.findall(lines)),
        bold=len(_BOLD.findall(prose)) if "**" in prose or "__" in prose else 0,
    )
