"""How a budget is spread over skills: in proportion to their gaps, with something for every skill (our design)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from aaa.types import Value


class SpreadRule(Value):
    """Bounds of a skill's share."""

    floor: Annotated[float, Field(ge=0.0, le=1.0)] = 0.25
    """What every skill gets at least, as a part of an even share: 0 leaves skills without a gap out, 1 spreads evenly.
    So nothing is forgotten (ours)."""
    cap: Annotated[float, Field(gt=0.0, le=1.0)] = 0.5
    """What a skill gets at most, as a part of the whole; never less than an even share (ours)."""


def spread(gaps: Mapping[str, float], rule: SpreadRule) -> dict[str, float]:
    """Each skill's share; together they are 1. `gaps` are 0 or more, in any one unit.

    Without any gap all shares are even. What the cap takes from wide gaps goes to the others in proportion to theirs,
    and evenly to those without a gap once all others stand at the cap.
    """
    if not gaps:
        return {}
    even = 1.0 / len(gaps)
    cap, floor = max(rule.cap, even), rule.floor * even
    shares = dict.fromkeys(sorted(gaps), floor)
    left = 1.0 - floor * len(gaps)
    for _ in range(len(gaps) + 1):  # each round but the last brings a skill to the cap
        open_ = [skill for skill in shares if shares[skill] < cap - 1e-12]
        weights = {skill: gaps[skill] for skill in open_ if gaps[skill] > 0} or dict.fromkeys(open_, 1.0)
        total = sum(weights.values())
        if left <= 1e-12 or not total:
            break
        given = {skill: min(left * (weight / total), cap - shares[skill]) for skill, weight in weights.items()}
        for skill, more in given.items():
            shares[skill] += more
        left -= sum(given.values())
    return shares


def quotas(shares: Mapping[str, float], total: int, available: Mapping[str, int]) -> dict[str, int]:
    """Whole numbers for a budget of `total`, by largest remainder, none above what is available; what a skill cannot
    use goes to the others, so that together they are `total` or all that there is."""
    found = dict.fromkeys(sorted(shares), 0)
    left = min(total, sum(available.get(skill, 0) for skill in found))
    while left > 0:
        open_ = {skill: shares[skill] for skill in found if found[skill] < available.get(skill, 0)}
        weight = sum(open_.values())
        wanted = {skill: left * (share / weight if weight else 1 / len(open_)) for skill, share in open_.items()}
        whole = {skill: min(int(want), available[skill] - found[skill]) for skill, want in wanted.items()}
        if not any(whole.values()):  # fewer are left than there are skills: one each, by remainder
            order = sorted(wanted, key=lambda skill: (-wanted[skill], skill))
            whole = dict.fromkeys(order[:left], 1)
        for skill, number in whole.items():
            found[skill] += number
            left -= number
    return found
