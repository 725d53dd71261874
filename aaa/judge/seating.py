"""Who may judge a match: jurors of the contestants' own families (DESIGN.md 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

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


def may_stand_in(family: str, declared: str, left: frozenset[str], right: frozenset[str], rule: OwnFamily) -> bool:
    """Whether a reading counts that a fallback of `family` gave in the seat of a juror of the `declared` one.

    The panel was seated by declared families, so the fallback has to leave its balance as it is (our design). `allow`:
    anybody may. `exclude`: nobody whose family is on a side. `balanced`: only who is partial to the same side as the
    juror, or like it to none; a single text has no balance, and there an impartial fallback may always stand in.
    """
    if rule == "allow" or family == declared:
        return True
    if rule == "exclude":
        return family not in left | right
    partial = _side(family, left, right)
    return partial == _side(declared, left, right) or (partial is None and not right)


def _side(family: str, left: frozenset[str], right: frozenset[str]) -> Literal["left", "right"] | None:
    """The one side that a family is partial to."""
    if family in left - right:
        return "left"
    return "right" if family in right - left else None
