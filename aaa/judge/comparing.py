"""A match before a panel, and before a stronger one where the first leaves it open: the verdict."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, cast

from aaa.judge.hearing import Heard, Hearing
from aaa.judge.match import Match
from aaa.judge.panel import Panel
from aaa.judge.seating import Seating
from aaa.judge.votes import Tally, decide
from aaa.prompts import PromptSet
from aaa.scenario import Procedure
from aaa.types import Answer, Failure, Instruction, Judgment, Place, Verdict

USUAL = Procedure()


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict with the readings behind it, and the games that brought none."""

    verdict: Verdict
    judgments: tuple[Judgment, ...]
    failures: tuple[Failure, ...]


Contest = Callable[[Answer, Answer], Awaitable[Comparison]]
"""How two answers to an instruction are compared, with panel and place settled."""


async def compare(
    instruction: Instruction,
    one: Answer,
    other: Answer,
    panel: Panel,
    prompts: PromptSet,
    *,
    seed: int,
    place: Place,
    procedure: Procedure = USUAL,
    escalate: Panel | None = None,
    poll_verified: bool = False,
    show_reference: bool = False,
) -> Comparison:
    """Compare two answers. Raises `StopError`; the failures of single jurors are rows.

    Where both were checked, the verifier decides; with `poll_verified` the panel votes there too, as a measurement of
    its jurors. Where fewer jurors may sit than the quorum asks for, none is asked. The panel `escalate` decides where
    the first one finds no winner, or one by a single vote (cascades of judges: Jung et al. 2024, arXiv 2407.18370; the
    criterion is ours).
    """
    match = Match.between(instruction, one, other)
    checked = _by_verifier(match)

    async def before(jury: Panel, *, second: bool = False) -> Comparison:
        seating = jury.seat(match.left.families, match.right.families, seed=seed, match=match.id)
        wanted = poll_verified if checked else len(seating.seated) >= jury.quorum
        reference = instruction.reference if show_reference else None
        hearing = Hearing(
            match, jury, prompts, procedure, seed, place, reference, measured_only=checked is not None, second=second
        )
        heard = await hearing.hear(jury.seated(seating)) if wanted else Heard()
        verdict = _verdict(match, jury, seating, heard, checked, place)
        judgments = tuple(row for row in heard.rows if isinstance(row, Judgment))
        return Comparison(verdict, judgments, tuple(row for row in heard.rows if isinstance(row, Failure)))

    first = await before(panel)
    if escalate is None or checked is not None or _is_clear(first.verdict):
        return first
    return _escalated(first, await before(escalate, second=True))


def _by_verifier(match: Match) -> Tally | None:
    """What the checks of both answers say; None where one of them has none."""
    left, right = match.left, match.right
    if left.check is None or right.check is None:
        return None
    if left.check.passed == right.check.passed:
        return Tally("tie")
    return Tally("win", left.id if left.check.passed else right.id, margin=1.0)


def _is_clear(verdict: Verdict) -> bool:
    """Whether there is a winner by more than one vote, or by the only one."""
    return verdict.outcome == "win" and (verdict.margin > 1 or len(verdict.votes) == 1)


def _escalated(first: Comparison, last: Comparison) -> Comparison:
    """The verdict of the last panel as the one verdict of the match, and the readings of both."""
    verdict = last.verdict.model_copy(
        update={
            "id": first.verdict.id,
            "panel": first.verdict.panel,
            "escalated": last.verdict.panel,
            "first_votes": first.verdict.votes,
        }
    )
    return Comparison(verdict, (*first.judgments, *last.judgments), (*first.failures, *last.failures))


def _verdict(
    match: Match, panel: Panel, seating: Seating, heard: Heard, checked: Tally | None, place: Place
) -> Verdict:
    tally = checked or decide(heard.votes, panel.quorum)
    return Verdict(
        id=place.row("verdict", panel.name, match.id),
        session=place.session,
        episode=place.episode,
        instruction=place.instruction,
        match=match.id,
        panel=panel.name,
        left=match.left.id,
        right=match.right.id,
        outcome=tally.outcome,
        winner=tally.winner,
        margin=tally.margin,
        decided_by="panel" if checked is None else "verifier",
        votes=heard.votes,
        quorum=panel.quorum,
        stepped_out=seating.stepped_out,
        unasked=heard.unasked,
        orders=cast("Literal[1, 2]", heard.orders),
    )
