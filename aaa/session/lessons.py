"""What lessons were worth, skill by skill: answers after them against first attempts, blind or by a verifier."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from aaa.rate.clusters import Share
from aaa.scenario import LessonStage, Scenario
from aaa.session.item_records import records
from aaa.store import Store
from aaa.types import Answer, Session, Verdict


@dataclass
class Lessons:
    """Those of one teacher for one student on one skill."""

    number: int = 0
    """Lessons that led to another answer."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """Of the last answer against the first attempt: `better`, `worse`, and the undecided ones by their name."""
    better: Share = field(default_factory=Share)
    """Whether it was better, of the decided ones."""
    checked: int = 0
    """Lessons whose attempt and last answer a program checked."""
    right_before: int = 0
    right_after: int = 0

    def add(self, item: str, attempt: Answer, final: Answer, outcome: str) -> None:
        """One lesson more, on this prompt."""
        self.number += 1
        self.outcomes[outcome] += 1
        if outcome in ("better", "worse"):
            self.better.add(item, outcome == "better")
        if attempt.check is not None and final.check is not None:
            self.checked += 1
            self.right_before += attempt.check.passed
            self.right_after += final.check.passed


def lessons_of(store: Store, session: Session) -> dict[tuple[str, str, str], Lessons]:
    """By skill, teacher and student; none where no stage gives lessons. Prompts without a skill have an empty one."""
    found: dict[tuple[str, str, str], Lessons] = {}
    if not any(isinstance(stage, LessonStage) for stage in Scenario.model_validate(session.scenario).stages):
        return found
    for record in records(store, session.id, list(session.stages)):
        for final in record.answers:
            attempt = record.by_id.get(final.lineage.parent or "")
            if final.context != "hinted" or attempt is None:
                continue
            teachers = dict.fromkeys(one.model for one in final.influences if one not in attempt.influences)
            key = record.instruction.skill or "", ", ".join(teachers), final.member
            outcome = _outcome(record.verdict_of(attempt.id, final.id), final)
            found.setdefault(key, Lessons()).add(record.instruction.id, attempt, final, outcome)
    return dict(sorted(found.items()))


def _outcome(verdict: Verdict | None, final: Answer) -> str:
    if verdict is None:
        return "not compared"
    return verdict.outcome if verdict.winner is None else "better" if verdict.winner == final.id else "worse"
