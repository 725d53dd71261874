"""Pairs of the versions of an instruction, for an instruction reward model (WizardMath, arXiv 2308.09583)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import mean

from aaa.curate.faults import Fault
from aaa.curate.origin import Origin
from aaa.scenario import InstructionRule
from aaa.types import Instruction, InstructionRating, PreferencePair, Rejection, assistant, content_hash, row_id, user

ASKED = "Write one task for an assistant: clear, exact, and with all that is needed to do it."
"""What stands before both sides of a pair of instructions: a model that is trained on them scores an instruction as the
answer to this sentence (ours)."""


@dataclass(frozen=True)
class RatedVersions:
    """The versions of one instruction, the first among them, and the grades that judges gave them beside each other."""

    versions: Sequence[Instruction]
    ratings: Sequence[InstructionRating]


def instruction_pairs(
    origin: Origin, found: RatedVersions, rule: InstructionRule
) -> Iterator[PreferencePair | Rejection]:
    """Pairs and rejections of one instruction's versions."""
    points = {version.id: _points(version, found.ratings, rule) for version in found.versions}
    rated = [version for version in found.versions if points[version.id] is not None]
    ranked = sorted(rated, key=lambda version: (-(points[version.id] or 0.0), len(version.text), version.id))
    fit: list[tuple[Instruction, Instruction, float]] = []
    for better, worse in combinations(ranked, 2) if rule.take == "all" else ((ranked[0], one) for one in ranked[1:]):
        margin = (points[better.id] or 0.0) - (points[worse.id] or 0.0)
        if (fault := _fault(better, worse, margin, rule)) is not None:
            yield origin.reject("pair", better.id, (better.id, worse.id), fault)
        else:
            fit.append((better, worse, margin))
    taken = _taken(origin, fit, rule)
    for better, worse, margin in fit:
        if (better, worse, margin) in taken:
            yield _pair(origin, found, better, worse, margin, points)
        else:
            yield origin.reject("pair", better.id, (better.id, worse.id), ("not_best", rule.take))


def _points(version: Instruction, ratings: Sequence[InstructionRating], rule: InstructionRule) -> float | None:
    """Mean grade of a version over judges and aspects."""
    grades = [float(getattr(one, aspect)) for one in ratings if one.rated == version.id for aspect in rule.aspects]
    return mean(grades) if grades else None


def _fault(better: Instruction, worse: Instruction, margin: float, rule: InstructionRule) -> Fault | None:
    if margin < rule.min_margin:
        return "low_margin", f"{margin:.2f} points < {rule.min_margin:g}"
    if not better.text.strip() or not worse.text.strip():
        return "empty", f"{better.id} or {worse.id}"
    return ("equal_text", f"{better.id} = {worse.id}") if better.text.strip() == worse.text.strip() else None


def _taken(
    origin: Origin, fit: Sequence[tuple[Instruction, Instruction, float]], rule: InstructionRule
) -> Sequence[tuple[Instruction, Instruction, float]]:
    if rule.take == "all" or not fit:
        return fit
    if rule.take == "best_worst":
        return fit[-1:]
    return [min(fit, key=lambda one: content_hash([origin.seed, "rejected", one[0].id, one[1].id]))]


def _pair(
    origin: Origin,
    found: RatedVersions,
    better: Instruction,
    worse: Instruction,
    margin: float,
    points: dict[str, float | None],
) -> PreferencePair:
    producers = origin.with_terms((*better.producers, *worse.producers))
    ratings = [one for one in found.ratings if one.rated in (better.id, worse.id)]
    return PreferencePair(
        id=row_id("pair", origin.session, origin.selection, better.id, worse.id),
        session=origin.session,
        selection=origin.selection,
        instruction=better.id,
        source_id=better.source_id,
        prompt=(user(ASKED),),
        skill=better.skill,
        language=better.language,
        producers=producers,
        licenses=tuple(sorted({producer.license for producer in producers})),
        judges=tuple(sorted({one.judge for one in ratings})),
        simulated=any(producer.simulated for producer in producers),
        lineage={
            "answers": [],
            "instructions": [better.id, worse.id],
            "verdict": None,
            "judgments": [one.id for one in ratings],
            "calls": sorted({one.call for one in ratings}),
        },
        chosen_answer=better.id,
        rejected_answer=worse.id,
        chosen_model=better.lineage.model or "unknown",
        rejected_model=worse.lineage.model or "unknown",
        chosen=(assistant(better.text),),
        rejected=(assistant(worse.text),),
        chosen_context="evolved" if better.lineage.parent else "plain",
        rejected_context="evolved" if worse.lineage.parent else "plain",
        by="instruction",
        decided_by="score",
        margin=margin,
        grade=points[better.id],
        rejected_grade=points[worse.id],
        disagree=None,
    )
