"""A match before a panel: both orders for each juror, and the verdict."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from aaa.agents import Agent, together
from aaa.judge.match import GameNumber, Match
from aaa.judge.pairwise import game_step, play
from aaa.judge.panel import Panel
from aaa.judge.readings import judged
from aaa.judge.seating import Seating
from aaa.judge.votes import Tally, decide, vote_of
from aaa.prompts import PromptSet
from aaa.types import Answer, Failure, Game, Instruction, Judgment, Place, Verdict, Vote

BOTH_ORDERS: tuple[GameNumber, GameNumber] = (1, 2)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict with the readings behind it, and the games that brought none."""

    verdict: Verdict
    judgments: tuple[Judgment, ...]
    failures: tuple[Failure, ...]


async def compare(
    instruction: Instruction,
    one: Answer,
    other: Answer,
    panel: Panel,
    prompts: PromptSet,
    *,
    seed: int,
    place: Place,
    poll_verified: bool = False,
    show_reference: bool = False,
) -> Comparison:
    """Compare two answers. Raises `StopError`; the failures of single jurors are rows.

    Where both were checked, the verifier decides; with `poll_verified` the panel votes there too, as a measurement of
    its jurors. Where fewer jurors may sit than the quorum asks for, none is asked.
    """
    match = Match.between(instruction, one, other)
    seating = panel.seat(match.left.families, match.right.families, seed=seed, match=match.id)
    checked = _by_verifier(match)
    wanted = poll_verified if checked else len(seating.seated) >= panel.quorum
    jurors = panel.seated(seating) if wanted else []
    game = partial(
        play,
        match=match,
        prompts=prompts,
        panel=panel.name,
        seed=seed,
        place=place,
        reference=instruction.reference if show_reference else None,
        measured_only=checked is not None,
    )
    admitted = partial(panel.admits, left=match.left.families, right=match.right.families)
    rows = await _in_both_orders(jurors, match, place, game, admitted)
    judgments = tuple(row for row in rows if isinstance(row, Judgment))
    votes = tuple(_vote(juror, judgments) for juror in jurors)
    tally = checked or decide(votes, panel.quorum)
    verdict = _verdict(match, panel, seating, votes, tally, by_verifier=checked is not None, place=place)
    return Comparison(verdict, judgments, tuple(row for row in rows if isinstance(row, Failure)))


async def _in_both_orders(
    jurors: Sequence[Agent],
    match: Match,
    place: Place,
    game: Callable[..., Awaitable[Judgment]],
    admitted: Callable[[Judgment, Agent], bool],
) -> list[Judgment | Failure]:
    return await together(
        judged(juror, place, game_step(match, juror, number), partial(game, juror, number=number), admitted)
        for juror in jurors
        for number in BOTH_ORDERS
    )


def _by_verifier(match: Match) -> Tally | None:
    """What the checks of both answers say; None where one of them has none."""
    left, right = match.left, match.right
    if left.check is None or right.check is None:
        return None
    if left.check.passed == right.check.passed:
        return Tally("tie")
    return Tally("win", left.id if left.check.passed else right.id, margin=1.0)


def _vote(juror: Agent, judgments: Sequence[Judgment]) -> Vote:
    games = [j.reading for j in judgments if j.judge == juror.name and isinstance(j.reading, Game)]
    return vote_of(juror.name, games)


def _verdict(
    match: Match,
    panel: Panel,
    seating: Seating,
    votes: tuple[Vote, ...],
    tally: Tally,
    *,
    by_verifier: bool,
    place: Place,
) -> Verdict:
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
        decided_by="verifier" if by_verifier else "panel",
        votes=votes,
        quorum=panel.quorum,
        stepped_out=seating.stepped_out,
    )
