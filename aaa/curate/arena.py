"""Battles as Arena Learning reads them (arXiv 2407.10627): what the target lost by enough is worth learning.

The threshold K on the points between the two grades keeps lucky losses, which are the judges' noise, out of the data.
"""

from __future__ import annotations

from collections.abc import Mapping

from aaa.curate.faults import Fault
from aaa.curate.record import ItemRecord
from aaa.types import Game, Verdict


def battle_gap(record: ItemRecord, verdict: Verdict) -> float | None:
    """Points by which the winner of a decided match stands above the loser: the mean over the games of the panel that
    decided, where its jurors graded both sides; else between the grades of the two answers; None where neither is
    there."""
    winner, loser = record.sides(verdict)
    panel = verdict.escalated or verdict.panel
    gaps = []
    for judgment in record.judgments:
        game = judgment.reading
        if (
            isinstance(game, Game)
            and game.scores is not None
            and (game.match, judgment.panel) == (verdict.match, panel)
        ):
            first, second = game.scores
            gaps.append(first - second if game.first == winner.id else second - first)
    if gaps:
        return sum(gaps) / len(gaps)
    if winner.id in record.grades and loser.id in record.grades:
        return record.grades[winner.id] - record.grades[loser.id]
    return None


def battle_fault(
    record: ItemRecord, verdict: Verdict, target: str | None, min_gap: float | Mapping[str, float]
) -> Fault | None:
    """Why a match is no battle to learn from; a verifier's word is always enough."""
    sides = [record.by_id[verdict.left], record.by_id[verdict.right]]
    if any(side.context != "plain" for side in sides) or sides[0].member == sides[1].member:
        return "excluded_context", "not a battle of two members' plain answers"
    if target not in (None, *(side.member for side in sides)):
        return "not_of_target", f"no battle of {target}"
    if verdict.outcome != "win":
        return verdict.outcome, f"decided by {verdict.decided_by}"
    if verdict.decided_by == "verifier":
        return None
    gap, bound = battle_gap(record, verdict), least_gap(record, min_gap)
    if gap is None:
        return "ungraded", "the jurors graded neither the sides of the match nor the answers"
    if gap <= 0 or gap < bound:
        return "low_margin", f"{gap:.2f} points < {bound:g}"
    return None


def battle_margin(record: ItemRecord, verdict: Verdict) -> float:
    """The margin of a battle without fault: points, or 1 where a verifier decided."""
    gap = None if verdict.decided_by == "verifier" else battle_gap(record, verdict)
    return verdict.margin if gap is None else gap


def least_gap(record: ItemRecord, min_gap: float | Mapping[str, float]) -> float:
    """The threshold of the item's slice; without one for it, that of `*`, else zero."""
    if isinstance(min_gap, Mapping):
        return min_gap.get(record.instruction.slice or "*", min_gap.get("*", 0.0))
    return min_gap
