"""Gaps of a session, slice by slice, and how they moved."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from aaa.errors import UsageError
from aaa.graphs import Edge
from aaa.rate import Change, GapRule, Gaps, Vote, changes_of, find_gaps
from aaa.scenario import BattleStage, LessonStage, Scenario, TrainStage
from aaa.session.item import Item
from aaa.session.trained import models_of
from aaa.session.votes import votes_of
from aaa.store import Store
from aaa.types import Decision, Instruction, Session

UNMEASURED = (
    "Whether teaching narrowed any gap was not measured: that takes prompts with skills in two slices, and battles on "
    "one of them before and on the other after."
)
ROUGH = 200
"""Resamples behind what a run says at its end (ours); `aaa gaps` takes more."""
_SLICED = re.compile(r"(.+)-slice-(\d+)")


def taught(found: Gaps, target: str | None) -> list[Edge]:
    """Who teaches whom what: an edge for every real gap, to the target only where there is one."""
    return [(g.leader, g.trailer, g.skill, round(g.points, 1)) for g in found.real if target in (None, g.trailer)]


def widths(skills: Iterable[str], edges: Iterable[Edge]) -> dict[str, float]:
    """By skill, the widest gap of each student in points, summed over students; 0 for a skill without a gap."""
    widest: dict[tuple[str, str], float] = defaultdict(float)
    for _, student, skill, points in edges:
        widest[student, skill] = max(widest[student, skill], points)
    return {skill: sum(points for (_, what), points in widest.items() if what == skill) for skill in skills}


@dataclass(frozen=True)
class TaughtSlice:
    """The gaps among the votes of one slice, and the revisions that were compared."""

    session: str
    name: str | None
    """Of the slice; None for prompts without one."""
    gaps: Gaps
    revisions: dict[str, str]
    """By model, where one is known."""

    @property
    def title(self) -> str:
        """Its name, with the revisions."""
        known = ", ".join(f"{model} {revision}" for model, revision in self.revisions.items())
        return f"{self.name or self.session}{f' ({known})' if known else ''}"


@dataclass(frozen=True)
class Learned:
    """How the gaps of the students moved from one slice to a later one."""

    before: TaughtSlice
    after: TaughtSlice
    changes: tuple[Change, ...]

    def sentence(self) -> str:
        """What is proven, in words: also that nothing is."""
        narrowed, widened = (
            [f"{one.model} on {one.skill} (to {one.to})" for one in self.changes if one.proven == kind]
            for kind in ("narrowed", "widened")
        )
        said = [f"narrowed: {', '.join(narrowed)}"] if narrowed else []
        said += [f"widened: {', '.join(widened)}"] if widened else []
        if said:
            return f"Proven at 95 % among {len(self.changes)} comparisons: {'; '.join(said)}."
        return f"No gain is shown: none of {len(self.changes)} gaps changed by more than luck explains."


def slices_of(store: Store, session: Session, rule: GapRule) -> list[TaughtSlice]:
    """The slices of a session in order, after those of the sessions it goes on from; slices without votes left out.

    `NAME-slice-2` goes on from `NAME-slice-1`, or from `NAME`. Raises `UsageError` where votes have no skill.
    """
    found = []
    for one in _chain(store, session):
        votes: dict[str | None, list[Vote]] = defaultdict(list)
        ids = [instruction.id for instruction in store.rows(Instruction, session=one.id)]
        for item in Item.all_at_end(store, one.id, ids, list(one.stages)):  # those set aside later met before
            votes[item.instruction.slice] += votes_of(item.record())
        for number, name in enumerate(sorted(votes, key=lambda name: name or "")):
            if votes[name]:
                gaps = find_gaps(votes[name], rule)
                found.append(TaughtSlice(one.id, name, gaps, _revisions(store, one, last=number > 0)))
    return found


def learned_by(slices: list[TaughtSlice], target: str | None, rule: GapRule) -> list[Learned]:
    """The changes from each slice to the next: of the target, or of all models."""
    found = []
    for before, after in pairwise(slices):
        students = [target] if target is not None else [one.model for one in before.gaps.overall]
        found.append(Learned(before, after, changes_of(students, before.gaps, after.gaps, rule)))
    return found


def what_was_learned(store: Store, session: Session) -> list[str]:
    """For a session that teaches or trains: what became of the gaps from slice to slice, or why nobody can tell."""
    scenario = Scenario.model_validate(session.scenario)
    if not any(isinstance(stage, LessonStage | TrainStage) for stage in scenario.stages):
        return []
    parts = sum(len(store.counts(Instruction, "slice", session=one.id)) for one in _chain(store, session))
    if parts < 2 or not any(isinstance(stage, BattleStage) for stage in scenario.stages):
        return [UNMEASURED]
    rule = GapRule(bootstrap=ROUGH, seed=scenario.seed)
    try:
        steps = learned_by(slices_of(store, session, rule), scenario.target, rule)
    except UsageError:  # no prompt has a skill
        return [UNMEASURED]
    return [f"{step.before.title} to {step.after.title}: {step.sentence()}" for step in steps] or [UNMEASURED]


def _chain(store: Store, session: Session) -> list[Session]:
    """The session, after those it goes on from."""
    match = _SLICED.fullmatch(session.id)
    if match is None:
        return [session]
    earlier = [f"{match[1]}-slice-{number}" for number in range(1, int(match[2]))]
    known = [store.get(Session, name) for name in (match[1], *earlier)]
    return [*(one for one in known if one is not None), session]


def _revisions(store: Store, session: Session, *, last: bool) -> dict[str, str]:
    """Revisions of the scenario's models; those that the session trained where it is the `last` slice."""
    models = session.scenario.get("models")
    found = {
        name: str(model["revision"])
        for name, model in (models.items() if isinstance(models, dict) else ())
        if isinstance(model, dict) and model.get("revision")
    }
    for decision in store.rows(Decision, session=session.id) if last else ():
        found |= {name: model.revision for name, model in models_of(decision).items() if model.revision}
    return found
