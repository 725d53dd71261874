"""Length and markup of two answers as covariates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aaa.errors import UsageError
from aaa.rate.table import Floats
from aaa.rate.votes import Vote
from aaa.types import TextStyle

FEATURES = ("length", "headers", "lists", "bold")


def style_covariates(votes: Sequence[Vote]) -> Floats:
    """A row for each vote, a column for each of `FEATURES`: difference over sum, left less right, standardised.

    As in LMArena's and Arena-Hard's style control, counts of markup begin at one. Each column is divided by its root
    mean square, not centred: a vote and its mirror image say the same. Raises `UsageError` for a vote without styles.
    """
    if any(vote.left_style is None or vote.right_style is None for vote in votes):
        raise UsageError(
            "Style can be controlled only where the length and markup of both answers of every vote are known: "
            "give the texts as `answer_a` and `answer_b`, or LMArena's `conv_metadata`, on every line."
        )
    left = _counts([vote.left_style for vote in votes if vote.left_style])
    right = _counts([vote.right_style for vote in votes if vote.right_style])
    total = left + right
    share = np.divide(left - right, total, out=np.zeros_like(total), where=total > 0)
    size = np.sqrt((share**2).mean(axis=0))
    return share / np.where(size > 0, size, 1.0)


def _counts(styles: Sequence[TextStyle]) -> Floats:
    rows = [(style.words, style.headers + 1, style.list_items + 1, style.bold + 1) for style in styles]
    return np.array(rows, np.float64).reshape(-1, len(FEATURES))
