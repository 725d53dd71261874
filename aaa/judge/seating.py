"""Who may judge a match: jurors of the contestants' own families (DESIGN.md 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aaa.scenario import OwnFamily
from aaa.types import content_hash


@dataclass(frozen=True, slots=True)
class Seating:
    """Names of jurors, in the order of the panel."""

    seated: tuple[str, ...]
    stepped_out: tuple[str, ...]


def seat(
    jurors: Sequence[tuple[str, str]],
    left: frozenset[str],
    right: frozenset[str],
    rule: OwnFamily,
    *,
    seed: int,
    match: str,
) -> Seating:
    """Seat a panel of (name, family) between two texts with these families.

    `allow`: everybody. `exclude`: nobody whose family is on a side. `balanced`: those partial to one side only sit in
    equal number for each; whom the longer side sends out is drawn by the hash of seed, match and name.
    """
    for_left = [name for name, family in jurors if family in left - right]
    for_right = [name for name, family in jurors if family in right - left]
    match rule:
        case "allow":
            out: set[str] = set()
        case "exclude":
            out = {name for name, family in jurors if family in left | right}
        case "balanced":
            keep = min(len(for_left), len(for_right))
            sides = [sorted(side, key=lambda name: content_hash([seed, match, name])) for side in (for_left, for_right)]
            out = {name for side in sides for name in side[keep:]}
    names = [name for name, _ in jurors]
    return Seating(tuple(n for n in names if n not in out), tuple(n for n in names if n in out))
