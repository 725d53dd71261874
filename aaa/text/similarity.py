"""How much two texts have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from aaa.text.styles import words


def rouge_l(a: str, b: str) -> float:
    """ROUGE-L F-measure (Lin 2004, equal weight of precision and recall) on words, in 0..1.

    0 where either text has no words. Symmetric; 1 for equal sequences of words.
    """
    left, right = words(a), words(b)
    if not left or not right:
        return 0.0
    return 2 * _common_subsequence(left, right) / (len(left) + len(right))


def _common_subsequence(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest common subsequence, bit-parallel (Hyyrö 2004): one step for each word of `b`.

    Bit i of `open_places` is 0 once `a[:i + 1]` adds a word to the subsequence that `a[:i]` has with `b` so far.
    """
    places: dict[str, int] = defaultdict(int)
    for index, word in enumerate(a):
        places[word] |= 1 << index
    everything = (1 << len(a)) - 1
    open_places = everything
    for word in b:
        matched = open_places & places.get(word, 0)
        open_places = ((open_places + matched) | (open_places - matched)) & everything
    return len(a) - open_places.bit_count()
