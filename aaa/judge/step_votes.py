"""What the votes on an answer's steps come to (our design)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aaa.types import StepOutcome, StepVote


@dataclass(frozen=True, slots=True)
class StepTally:
    """An outcome; `first_wrong` and `agreement` are those of `StepVerdict`."""

    outcome: StepOutcome
    first_wrong: int | None = None
    agreement: float | None = None


def decide_steps(votes: Sequence[StepVote], quorum: int, *, passed: bool | None) -> StepTally:
    """The step, or that all are right, that more than half of the weight of the votes names as one and the same.

    Where a verifier failed the result, some step must be wrong: a juror who found none is refuted, and has no vote. The
    reverse does not hold, since a right result may come of a mistake: of the 1,708 traces of BIG-Bench-Mistake (arXiv
    2311.08516) that hold one, 213 end in the right result.
    """
    if len(votes) < quorum:
        return StepTally("no_quorum")
    counted = [vote for vote in votes if not (passed is False and vote.first_wrong is None)]
    if len(counted) < quorum:
        return StepTally("contradicted")
    weights: dict[int | None, float] = {}
    for vote in counted:
        weights[vote.first_wrong] = weights.get(vote.first_wrong, 0.0) + vote.weight
    most, weight = max(weights.items(), key=lambda one: one[1])
    agreement = weight / sum(vote.weight for vote in counted)
    if agreement <= 0.5:
        return StepTally("split", agreement=agreement)
    return StepTally("decided", most, min(agreement, 1.0))
