"""Words that a text must hold for a pattern to match in it: a look at them spares most searches (ours).

Reads the part of Python's patterns that tables of phrases use: letters and marks, `[...]`, `(?:...)`, repetition,
`\\b`, `\\w`, `\\W`, `\\d`, `\\s`, `\\n`, `.`, `^`, `$`, and looks ahead and back. Patterns are taken without regard to
case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product

STEM = 5
"""Letters by which words are compared: of a longer one, its beginning."""
_MANY = 300
"""Texts above which a part of a pattern counts as anything at all."""
_GAP, _LETTERS, _ANY = " ", "\ue000", "\ue001"
"""How the texts of a part show what is no letter, one letter or more, and anything at all."""
_WORD = re.compile(r"[一-鿿]|[^\W一-鿿]+")
"""A word; of Chinese, a character."""
_APART = "".join(char.lower() if char.isalnum() or char == "_" else " " for char in map(chr, range(128)))
"""What stands for each character of ASCII where words are told apart by spaces: a quarter of the time of a pattern."""
_KNOWN = re.compile(rf"[一-鿿]|(?<![\w{_LETTERS}{_ANY}])[^\W一-鿿]+(?:(?<=\w{{{STEM}}})|(?![\w{_LETTERS}{_ANY}]))")
"""A word whose stem the text of a part tells: whole, or long enough."""
_PART = re.compile(
    r"(?P<look>\(\?<?[=!])|(?P<group>\(\?:)|(?P<edge>\\b|[\^$])|(?P<letters>\\[wd])|(?P<gap>\\[Wns]|\\[^\w\s])|(?P<any>\.)|"
    r"(?P<set>\[\^?(?:\\.|[^\]\\])+\])|(?P<plain>[^\\*+?{}()\[\]|])"
)
_TIMES = re.compile(r"([?*+]|\{\d+,\d+\})\??")
_Texts = frozenset[str]


def stems(text: str) -> frozenset[str]:
    """The stems of all words of a text."""
    if text.isascii():
        return frozenset([word[:STEM] for word in set(text.translate(_APART).split())])
    folded = text.casefold().replace("i\u0307", "i").replace("ı", "i")
    return frozenset([word[:STEM] for word in _WORD.findall(folded)])


def required(pattern: str) -> tuple[frozenset[str], ...]:
    """Sets of stems; a text in which the pattern matches holds one of each set. `ValueError` for patterns of other
    form."""
    reader = _Reader(pattern)
    ways = [list(parts) for parts in reader.ways()]
    if reader.at < len(pattern):
        raise ValueError(f"the pattern {pattern!r} is not of the form that phrases have, at {reader.at}")
    if len(ways) > 1:
        return ()
    return tuple(dict.fromkeys(found for texts in _between_gaps(ways[0]) if (found := _needs(texts)) is not None))


def _between_gaps(parts: Iterable[_Texts]) -> Iterator[_Texts]:
    """The texts of a pattern's parts, joined as far as there is no certain gap between them."""
    joined = frozenset([_ANY])
    for part in parts:
        if part == {_GAP}:
            yield _joined([joined, part])
            joined = part
        elif len(joined) * len(part) > _MANY:
            yield _joined([joined, frozenset([_ANY])])
            joined = _joined([frozenset([_ANY + _end(joined)]), part])
        else:
            joined = _joined([joined, part])
    yield _joined([joined, frozenset([_ANY])])


def _needs(texts: _Texts) -> frozenset[str] | None:
    """The stem of the longest known word of each text; None where one has no such word."""
    words = [max(_KNOWN.findall(text), key=len, default="") for text in sorted(texts)]
    return frozenset(word[:STEM] for word in words) if all(words) else None


def _joined(parts: Iterable[_Texts]) -> _Texts:
    """All texts that the parts make one after the other."""
    return frozenset("".join(texts) for texts in product(*parts))


def _end(texts: _Texts) -> str:
    """How all the texts end, if with a gap."""
    return _GAP if all(text.endswith(_GAP) for text in texts) else ""


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def ways(self) -> Iterator[list[_Texts]]:
        """The alternatives from here to the end of the group: the texts of their parts."""
        parts: list[_Texts] = []
        while (part := _PART.match(self.pattern, self.at)) or self.pattern.startswith("|", self.at):
            if part is None:
                self.at += 1
                yield parts
                parts = []
            else:
                self.at = part.end()
                parts.append(self._repeated(self._texts(part)))
        yield parts

    def _texts(self, part: re.Match[str]) -> _Texts:
        match part.lastgroup:
            case "look":
                list(self.ways())
                self._close()
                return frozenset([""])
            case "group":
                ways = list(self.ways())
                self._close()
                return self._together(ways)
            case "letters":
                return frozenset([_LETTERS])
            case "edge" | "gap":
                return frozenset([_GAP])
            case "any":
                return frozenset([_ANY])
            case "set":
                return _of_set(part.group()[1:-1])
        return frozenset([_plain(part.group())])

    def _close(self) -> None:
        if not self.pattern.startswith(")", self.at):
            raise ValueError(f"the pattern {self.pattern!r} is not of the form that phrases have, at {self.at}")
        self.at += 1

    def _together(self, ways: list[list[_Texts]]) -> _Texts:
        texts: set[str] = set()
        for parts in ways:
            number = 1
            for part in parts:
                number *= len(part)
            if number > _MANY:
                return frozenset([_ANY])
            texts |= _joined(parts)
        return frozenset(texts)

    def _repeated(self, texts: _Texts) -> _Texts:
        """The texts of a part with what says how often it comes."""
        times = _TIMES.match(self.pattern, self.at)
        if times is None:
            return texts
        self.at = times.end()
        often = times[1]
        if often != "?" and texts != {_GAP} and texts != {_LETTERS}:
            before = _GAP if all(text.startswith(_GAP) for text in texts) else ""
            texts = frozenset([before + _ANY + _end(texts)])
        least = "0" if often in "?*" else "1" if often == "+" else often[1:].split(",")[0]
        return texts | {""} if least == "0" else texts


def _of_set(inside: str) -> _Texts:
    """The texts of a set of characters, without its brackets."""
    if inside.startswith("^"):
        return frozenset([_GAP if r"\w" in inside else _ANY])
    if "-" in inside.strip("-") or re.search(r"\\[wds]", inside):
        return frozenset([_ANY])
    return frozenset(_plain(character) for character in inside if character != "\\")


def _plain(character: str) -> str:
    return character.casefold() if character.isalnum() or character == "_" else _GAP
