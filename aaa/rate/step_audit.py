"""How far jurors who read answers step by step can be trusted: rates with intervals (see `clusters`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from aaa.rate.clusters import Estimate, Share

STEP_FIGURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "agreement": "of the other jurors' readings of the same answers named the same step, or none too",
        "refuted": "of the answers whose result a verifier failed were read as right in every step",
        "alarms": "of the answers whose result a verifier passed were said to have a wrong step (it may be so)",
        "unreadable": "of the readings brought no verdict that could be read",
    }
)
"""All figures, each with the words that follow its value."""


@dataclass(frozen=True, slots=True)
class StepRead:
    """One juror's reading of one answer."""

    item: str
    """The prompt."""
    answer: str
    judge: str
    first_wrong: int | None
    passed: bool | None
    """What a verifier says of the result; None where none does."""
    failure: str | None = None
    """Why there is no reading."""


@dataclass(frozen=True)
class StepAudit:
    """What the readings of one juror, or of all, say. A figure is None where no reading tells it."""

    readings: int
    """Those that could be read."""
    figures: Mapping[str, Estimate | None]

    def document(self) -> dict[str, Any]:
        """Plain JSON: each figure as a number, and its interval with the number of readings under `intervals`."""
        known = {name: figure for name, figure in self.figures.items() if figure is not None}
        return {
            "readings": self.readings,
            **{name: None if figure is None else figure.value for name, figure in self.figures.items()},
            "intervals": {name: {"low": f.low, "high": f.high, "n": f.n} for name, f in known.items()},
        }


def audit_steps(reads: Iterable[StepRead]) -> dict[str, StepAudit]:
    """Audits by juror, sorted by name."""
    everyone = list(reads)
    heard: dict[str, list[StepRead]] = defaultdict(list)
    for read in everyone:
        if read.failure is None:
            heard[read.answer].append(read)
    jurors: dict[str, list[StepRead]] = defaultdict(list)
    for read in everyone:
        jurors[read.judge].append(read)
    return {name: _audit(own, heard) for name, own in sorted(jurors.items())}


def _audit(own: Sequence[StepRead], heard: Mapping[str, Sequence[StepRead]]) -> StepAudit:
    read = [one for one in own if one.failure is None]
    agreement = Share()
    for one in read:
        for other in heard[one.answer]:
            if other.judge != one.judge:
                agreement.add(one.item, one.first_wrong == other.first_wrong)
    return StepAudit(
        len(read),
        {
            "agreement": agreement.estimate(),
            "refuted": _share((one for one in read if one.passed is False), lambda one: one.first_wrong is None),
            "alarms": _share((one for one in read if one.passed), lambda one: one.first_wrong is not None),
            "unreadable": _share(own, lambda one: one.failure == "parse_failed"),
        },
    )


def _share(reads: Iterable[StepRead], holds: Callable[[StepRead], bool]) -> Estimate | None:
    share = Share()
    for read in reads:
        share.add(read.item, holds(read))
    return share.estimate()
