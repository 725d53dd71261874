"""How diverse and how complex prompts are by their tags (InsTag, arXiv 2308.07074)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log


@dataclass(frozen=True)
class TagFigures:
    """Figures of a set of prompts by their tags."""

    rows: int
    """Rows with a tag."""
    different: int
    per_row: float
    """InsTag's complexity: mean tags of a row that has any; 0 without such a row."""
    effective: float
    """Tags that equally frequent ones would be worth: the exponential of their entropy (Jost 2006)."""
    coverage: float | None
    """InsTag's diversity: share of a vocabulary that occurs; None where none was given."""


def tag_figures(rows: Iterable[Sequence[str]], pool: Iterable[str] | None = None) -> TagFigures:
    """`pool` is the vocabulary that diversity is a share of, such as all tags of what the rows were drawn from."""
    counts: Counter[str] = Counter()
    tagged = 0
    for row in rows:
        counts.update(set(row))
        tagged += bool(row)
    whole, known = counts.total(), None if pool is None else set(pool)
    entropy = -sum(count / whole * log(count / whole) for count in counts.values())
    return TagFigures(
        rows=tagged,
        different=len(counts),
        per_row=whole / tagged if tagged else 0.0,
        effective=exp(entropy) if whole else 0.0,
        coverage=len(known & set(counts)) / len(known) if known else None,
    )
