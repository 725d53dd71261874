"""Values of an attribute known by the words of a text: fast, and silent where words do not tell (our design)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aaa.scenario import Taxonomy
from aaa.text import words

READ = 8000
"""Characters of a text that are read (ours): what is asked stands at one of its ends."""
OPENING = 15
"""Words at either end of a text in which a cue counts double (ours): there it says what is asked."""
GAP = 3
"""Words that a `*` between words may stand for, at most (ours)."""
MARK = 3.0
"""What the marks of an entry count, one or many; a word counts 1 (ours): `def ` says more than a word that may mean
many things."""
ANY = "*"


@dataclass(frozen=True, slots=True)
class _Cue:
    """A phrase of an entry: words, each to the letter or, where `open`, with any ending."""

    entry: str
    parts: tuple[tuple[str, bool], ...]

    @property
    def weight(self) -> float:
        """Longer phrases are surer."""
        return 1.0 + 0.5 * (len(self.parts) - 1)


class Cues:
    """Reads one attribute off texts by the cues and marks of a taxonomy."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self._exact: dict[str, list[_Cue]] = {}
        self._prefixes: dict[str, list[_Cue]] = {}
        for name, entry in taxonomy.entries.items():
            for cue in (_Cue(name, _parts(text)) for text in entry.cues):
                if cue.parts:
                    first, is_open = cue.parts[0]
                    (self._prefixes if is_open else self._exact).setdefault(first, []).append(cue)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._begun: dict[str, tuple[_Cue, ...]] = {}
        self._marks = {name: entry.marks for name, entry in taxonomy.entries.items() if entry.marks}

    def value(self, text: str, english: Sequence[str] | None) -> str | None:
        """The entry for which most speaks, if more does than for any other; else None, or what the taxonomy says of
        English texts without a cue. `english`: the words of an English text, or None where cues do not count."""
        scores = {name: MARK for name, marks in self._marks.items() if any(mark in text for mark in marks)}
        for name, score in self._scored(english or ()):
            scores[name] = scores.get(name, 0.0) + score
        ordered = sorted(scores.items(), key=lambda one: -one[1])
        if not ordered:
            return None if english is None else self.taxonomy.otherwise
        clear = len(ordered) == 1 or ordered[0][1] > ordered[1][1]
        return ordered[0][0] if clear else None

    def _scored(self, found: Sequence[str]) -> Iterator[tuple[str, float]]:
        """Each cue once, where it counts most."""
        best: dict[_Cue, float] = {}
        for at, word in enumerate(found):
            for cue in self._beginning(word):
                if _matches(cue.parts, found, at):
                    outer = at < OPENING or at >= len(found) - OPENING
                    best[cue] = max(best.get(cue, 0.0), cue.weight * (2.0 if outer else 1.0))
        return ((cue.entry, score) for cue, score in best.items())

    def _beginning(self, word: str) -> tuple[_Cue, ...]:
        """Cues that may begin with a word; remembered, since most texts are made of the same words."""
        found = self._begun.get(word)
        if found is None:
            open_ = (self._prefixes.get(word[:length], ()) for length in self._lengths if length <= len(word))
            found = self._begun[word] = (*self._exact.get(word, ()), *(cue for cues in open_ for cue in cues))
        return found


def ends(text: str) -> str:
    """What is read of a text: all of it, or its two ends."""
    return text if len(text) <= READ else f"{text[: READ // 2]}\n{text[-READ // 2 :]}"


def _parts(text: str) -> tuple[tuple[str, bool], ...]:
    """The words of a cue as `words` reads them."""
    parts: list[tuple[str, bool]] = []
    for piece in text.split():
        if piece == ANY:
            parts.append((ANY, False))
            continue
        pieces = words(piece.rstrip(ANY))
        parts += [(word, False) for word in pieces[:-1]]
        parts += [(word, piece.endswith(ANY)) for word in pieces[-1:]]
    return tuple(parts)


def _matches(parts: Sequence[tuple[str, bool]], found: Sequence[str], at: int) -> bool:
    for number, (word, is_open) in enumerate(parts):
        if word == ANY:
            rest = parts[number + 1 :]
            return any(_matches(rest, found, at + gap) for gap in range(1, GAP + 1))
        if at >= len(found) or not (found[at].startswith(word) if is_open else found[at] == word):
            return False
        at += 1
    return True
