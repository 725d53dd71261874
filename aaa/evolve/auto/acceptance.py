"""Whether a candidate method is better than the current one beyond noise. Pure, and the same for whatever order.

Both methods evolve the same instructions, so only those count on which exactly one of them failed: the exact form of
McNemar's test (1947, Psychometrika 12), one-sided, which is a sign test. It compares several candidates at several
steps, and by chance one of them looks better: the level of the run is divided by both numbers (Bonferroni; Dunn 1961,
JASA 56). It holds whatever the number of instructions and without any assumption on how often methods fail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb

from aaa.types import MethodCandidate, MethodFault

Outcomes = Mapping[str, MethodFault | None]
"""What came of each instruction, by id; None where nothing was wrong. What could not be tried is not in it."""


def p_value(better: int, worse: int) -> float:
    """Chance of at least `better` heads in `better + worse` tosses of a fair coin; 1 where there are none."""
    tosses = better + worse
    return sum(comb(tosses, heads) for heads in range(better, tosses + 1)) / (1 << tosses)


def discordant(current: Outcomes, candidate: Outcomes) -> tuple[int, int]:
    """On how many instructions only the current method failed, and on how many only the candidate."""
    both = current.keys() & candidate.keys()
    better = sum(current[id_] is not None and candidate[id_] is None for id_ in both)
    worse = sum(current[id_] is None and candidate[id_] is not None for id_ in both)
    return better, worse


def level_for_each(level: float, *, steps: int, candidates: int) -> float:
    """The p-value that one candidate has to reach at one step, for the whole run to keep `level`."""
    return level / (steps * candidates)


def could_be_beaten(failed: int, level: float) -> bool:
    """Whether any candidate could: at best it fails on none of those that the current method failed on."""
    return p_value(failed, 0) <= level


def choose(candidates: Sequence[MethodCandidate], level: float) -> int | None:
    """The candidate that takes the current method's place: the surest, then who fails least, then the first."""
    order = sorted(range(len(candidates)), key=lambda at: (candidates[at].p_value, candidates[at].rate, at))
    return next((at for at in order if candidates[at].p_value <= level), None)
