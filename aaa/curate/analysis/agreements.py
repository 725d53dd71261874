"""How far two sources say the same of prompts: rules and a tagger, what rows say and either, or two taggers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np

from aaa.curate.attributes import Attribute
from aaa.rate.clusters import PSEUDO, Estimate, Z
from aaa.rate.coefficients import alpha, cohen, counts_of
from aaa.rate.table import Floats

ROUNDS: Final = 1000
"""Samples of the bootstrap (ours)."""
NEAR: Final = 1
"""Points by which two difficulties may differ and count as near."""
Table = Mapping[tuple[str, str], int]
"""How often two values came together."""


@dataclass(frozen=True)
class Agreement:
    """Two sources on one attribute, over the prompts of which both say something."""

    attribute: str
    one: str
    other: str
    rows: int
    raw: Estimate
    """Share of prompts on which they say the same."""
    kappa: Estimate | None
    """Beyond chance: Cohen's kappa; for difficulties Krippendorff's alpha with squared distances, which counts a near
    miss less. None where it is not defined."""
    near: Estimate | None = None
    """Difficulties: share that differ by a point at most."""


def agreement(attribute: Attribute, one: str, other: str, table: Table, *, seed: int = 0) -> Agreement | None:
    """The agreement that a table of values shows; None for an empty one.

    Intervals hold 95 %: of shares by Agresti and Coull, of coefficients by a bootstrap over prompts.
    """
    rows = sum(table.values())
    if not rows:
        return None
    ordinal = attribute == "difficulty"
    cells = {(float(a), float(b)): count for (a, b), count in table.items()} if ordinal else {}
    return Agreement(
        attribute=attribute,
        one=one,
        other=other,
        rows=rows,
        raw=_share(sum(count for (a, b), count in table.items() if a == b), rows),
        kappa=_beyond_chance(table, seed, ordinal=ordinal),
        near=_share(sum(n for (a, b), n in cells.items() if abs(a - b) <= NEAR), rows) if ordinal else None,
    )


def confusions(table: Table, most: int) -> list[tuple[str, str, int]]:
    """The most frequent ways in which the two differ."""
    differing = Counter({pair: count for pair, count in table.items() if pair[0] != pair[1]})
    ordered = sorted(differing.items(), key=lambda one: (-one[1], one[0]))
    return [(*pair, count) for pair, count in ordered[:most]]


def _share(hits: int, rows: int) -> Estimate:
    """As `Share` has it, for prompts that count once each."""
    padded = rows + 2 * PSEUDO
    centre = (hits + PSEUDO) / padded
    margin = Z * sqrt(centre * (1 - centre) / (padded - 1))
    return Estimate(hits / rows, max(0.0, centre - margin), min(1.0, centre + margin), rows)


def _beyond_chance(table: Table, seed: int, *, ordinal: bool) -> Estimate | None:
    """The coefficient; its bootstrap draws all rows at once, as so many of each cell of the table."""
    cells = sorted(table)
    labels = sorted({value for cell in cells for value in cell}, key=float if ordinal else str)
    number = {label: index for index, label in enumerate(labels)}
    codes = np.array([[number[a], number[b]] for a, b in cells], np.intp)
    counts = counts_of(codes.tolist(), len(labels))
    values = np.array([float(label) for label in labels]) if ordinal else np.arange(len(labels), dtype=np.float64)

    def coefficient(weights: Floats) -> float | None:
        if ordinal:
            return alpha(counts, weights, values, "interval")
        return cohen(codes[:, 0], codes[:, 1], weights)

    held = np.array([table[cell] for cell in cells], dtype=np.float64)
    rows = int(held.sum())
    value = coefficient(held)
    if value is None:
        return None
    draws = np.random.default_rng(seed).multinomial(rows, held / rows, size=ROUNDS).astype(np.float64)
    found = [one for drawn in draws if (one := coefficient(drawn)) is not None]
    low, high = np.percentile(found, (2.5, 97.5))
    return Estimate(value, min(value, float(low)), max(value, float(high)), rows)
