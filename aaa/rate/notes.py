"""What one must know to read ratings, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from aaa.graphs import Group, connected_groups, unequalled_groups
from aaa.rate.rule import RatingRule
from aaa.rate.table import Table

SHOWN = 5
"""Names of a group that are shown (ours)."""


def notes(table: Table, rule: RatingRule) -> tuple[str, ...]:
    """Sentences on what limits these ratings; none where nothing does."""
    return tuple(_notes(table, rule))


def _notes(table: Table, rule: RatingRule) -> Iterator[str]:
    if rule.method == "elo":
        yield "Elo ratings depend on the order of the votes; Bradley-Terry ratings do not."
    groups = [group for group in connected_groups(table.models, table.meetings()) if len(group) > 1]
    if len(groups) > 1:
        centred = f" Each group lies around {rule.mean:g} by itself." if rule.method == "bradley-terry" else ""
        yield f"Models of different groups never met and cannot be compared: {_listed(groups)}.{centred}"
    if rule.method == "bradley-terry":
        yield from _unequalled(table)
    if rule.bootstrap and len(table.items) == 1:
        yield "There are no intervals: all votes are on one prompt."
    if rule.by_category and (without := int((table.category < 0).sum())):
        yield f"{without:,} of {len(table.category):,} votes have no category and count only overall."


def _unequalled(table: Table) -> Iterator[str]:
    """That the likelihood has no finite maximum, why, and what was done."""
    winners, losers = np.nonzero(table.points(np.ones(len(table.items))))
    points = zip(winners.tolist(), losers.tolist(), strict=True)
    unbeaten, winless = unequalled_groups(table.models, [(table.models[a], table.models[b]) for a, b in points])
    if unbeaten or winless:
        lost = f"lost no point to the others: {_listed(unbeaten)}"
        won = f"won none from the others: {_listed(winless)}"
        yield (
            f"These models {lost}; these {won}. Votes alone would set them infinitely far apart, so half a virtual tie "
            "was added for every pair of models that met; their distance from the rest says little."
        )


def _listed(groups: Sequence[Group]) -> str:
    """`{a, b} and {c}`."""
    texts = []
    for group in groups:
        more = f", and {len(group) - SHOWN:,} more" if len(group) > SHOWN else ""
        texts.append(f"{{{', '.join(group[:SHOWN])}{more}}}")
    return " and ".join(texts)
