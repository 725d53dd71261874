"""Stage `gaps`: who provably leads and trails on which skill, who teaches whom, and what a budget is spent on."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from pydantic import JsonValue

from aaa.graphs import Edge
from aaa.rate import GapRule, Gaps, SpreadRule, Vote, find_gaps, quotas, spread
from aaa.scenario import GapsStage
from aaa.session.item import Item
from aaa.session.stages.base import Crowd, Kit, RunningBarrier, decided, fingerprint, priority, set_aside
from aaa.session.teaching import taught, widths
from aaa.session.votes import votes_of
from aaa.types import Instruction, Place, SessionRecord, content_hash

OUTSIDE = "outside_budget"
"""Why prompts are set aside here."""


@dataclass(frozen=True)
class RunningGaps(RunningBarrier):
    """See `GapsStage`. With a `target` only that one is a student."""

    spec: GapsStage
    kit: Kit
    target: str | None

    @property
    def fingerprint(self) -> str:
        return f"{fingerprint(self.kit, self.spec, [], [])}/{self.target}"

    async def decide(self, crowd: Crowd, place: Place) -> list[SessionRecord]:
        """Raises `UsageError` where no vote has a skill, unless who teaches whom is given."""
        votes: list[Vote] = []
        prompts: list[tuple[str, str, str]] = []
        for item in crowd:
            votes += votes_of(item.record())
            prompts.append(_prompt(item.instruction))
        rule = GapRule(
            intervals=self.spec.intervals,
            bootstrap=self.spec.bootstrap,
            min_points=self.spec.min_points,
            seed=self.kit.seed,
        )
        asked = self.spec.teaching == "auto" or any(vote.category is not None for vote in votes)
        found = find_gaps(votes, rule) if asked else None
        edges = self._edges(found)
        known = {skill for _, _, skill in prompts if skill} if found is None else set(found.by)
        skills = sorted({*known, *(skill for _, _, skill, _ in edges)})
        shares = spread(widths(skills, edges), SpreadRule(floor=self.spec.floor, cap=self.spec.cap))
        value: dict[str, JsonValue] = {
            "found": None if found is None else found.model_dump(mode="json"),
            "teaching": [list(edge) for edge in edges],
            "shares": dict(shares),
        }
        inputs = content_hash([vote.model_dump(mode="json") for vote in votes])
        dropped = [] if self.spec.keep is None else self._outside(prompts, shares, self.spec.keep)
        return [decided(place, inputs, value), *(set_aside(place, id_, OUTSIDE) for id_ in dropped)]

    def _edges(self, found: Gaps | None) -> list[Edge]:
        """Who teaches whom, as it is given, or as it was found."""
        if self.spec.teaching == "auto":
            return [] if found is None else taught(found, self.target)
        return [(one.teacher, one.student, skill, one.points) for one in self.spec.teaching for skill in one.skill]

    def _outside(self, prompts: list[tuple[str, str, str]], shares: dict[str, float], keep: int) -> list[str]:
        """Ids of the prompts that the budget does not reach, each skill's kept by hash priority."""
        order = sorted(prompts, key=lambda one: (priority(self.kit.seed, "teach", one[1]), one[1]))
        if self.spec.by == "random":
            return sorted(id_ for id_, _, _ in order[keep:])
        numbers = quotas(shares, keep, Counter(skill for _, _, skill in prompts))
        taken: Counter[str] = Counter()
        outside = []
        for id_, _, skill in order:
            taken[skill] += 1
            if taken[skill] > numbers.get(skill, 0):
                outside.append(id_)
        return sorted(outside)


@dataclass(frozen=True)
class Teaching:
    """Who teaches whom, as the stage of this name decided; read once."""

    stage: str
    by_skill: dict[str, list[JsonValue]] = field(default_factory=dict)

    def of(self, item: Item) -> list[JsonValue]:
        """Teacher and student of every gap on the item's skill, the widest first."""
        if not self.by_skill:
            self.by_skill.update(teaching_of(item.decision(self.stage)))
        return self.by_skill.get(item.instruction.skill or "", [])


def teaching_of(decision: JsonValue) -> dict[str, list[JsonValue]]:
    """Teacher and student of every gap by skill, the widest first, as this stage decided."""
    edges = decision.get("teaching") if isinstance(decision, dict) else None
    found: dict[str, list[JsonValue]] = defaultdict(list)
    rows = [edge for edge in edges if isinstance(edge, list)] if isinstance(edges, list) else []
    known = [(str(row[0]), str(row[1]), str(row[2]), float(str(row[3]))) for row in rows]
    for teacher, student, skill, _ in sorted(known, key=lambda edge: (-edge[3], edge)):
        found[skill].append([teacher, student])
    return found


def _prompt(instruction: Instruction) -> tuple[str, str, str]:
    return instruction.id, instruction.source_id, instruction.skill or ""
