"""What a session found: who beat whom, what was selected, what was left out and why, what failed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from aaa.scenario import Scenario
from aaa.session.item_records import records
from aaa.session.selections import selections_of
from aaa.session.spared import Spared
from aaa.session.transcripts import Transcripts, count_transcript
from aaa.store import Store
from aaa.types import (
    Answer,
    AnswerEvolution,
    LabelledSample,
    PreferencePair,
    Rejection,
    Session,
    SftSample,
    SteppedSample,
    StepVerdict,
    Verdict,
)

REVISED = "Revisions against their drafts"
TAUGHT = "Answers after a lesson against the first attempts"
TAUGHT_AGAINST_TEACHER = "Answers after a lesson against the teachers' own"
DRAWN = "Later draws of one model against earlier ones"


@dataclass
class Tally:
    """Outcomes of the matches between two members; `left` comes first by name."""

    left: str
    right: str
    left_wins: int = 0
    right_wins: int = 0
    ties: int = 0
    inconsistent: int = 0
    no_quorum: int = 0

    @property
    def decided(self) -> int:
        return self.left_wins + self.right_wins

    def count(self, verdict: Verdict, winner: str | None) -> None:
        if verdict.outcome == "win":
            self.left_wins += winner == self.left
            self.right_wins += winner == self.right
        else:
            self.ties += verdict.outcome == "tie"
            self.inconsistent += verdict.outcome == "inconsistent"
            self.no_quorum += verdict.outcome == "no_quorum"


@dataclass
class Standings:
    """Figures of a session, counted from its rows."""

    battles: dict[tuple[str, str], Tally] = field(default_factory=dict)
    improvements: dict[str, Counter[str]] = field(default_factory=dict)
    """Outcomes of later answers against those they were to better, by kind of match (see `REVISED` and others):
    `better`, `worse`, and the undecided ones by their name."""
    evolutions: dict[str, list[AnswerEvolution]] = field(default_factory=dict)
    """Attempts to better an answer, by aim."""
    grades: dict[str, list[float]] = field(default_factory=dict)
    """Mean panel scores of each member's plain answers."""
    checks: dict[str, list[bool]] = field(default_factory=dict)
    """Whether each member's checked plain answers passed."""
    transcripts: dict[str, Transcripts] = field(default_factory=dict)
    """How conversations went, by what made them."""
    sft: Counter[str] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    stepped: Counter[str] = field(default_factory=Counter)
    """Samples, pairs, labels and answers with labelled steps by selection."""
    steps: dict[str, Counter[str]] = field(default_factory=dict)
    """What came of each member's answers that a panel read step by step: `right` (all steps), `wrong` (one of them),
    `recovered` (wrong, and a verifier passed the result), and what was not decided by its outcome."""
    readers: dict[str, Counter[str]] = field(default_factory=dict)
    """Each juror's readings of steps: `read`, `agreed` and `differed` with the panel that decided, `refuted` (no step
    wrong in an answer whose result a verifier failed)."""
    rejections: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What was left out, by what it would have become and reason."""
    spared: Spared = field(default_factory=Spared)
    """Games that were not played."""
    spared_usd: float = 0.0
    """About what they would have cost."""


def standings(store: Store, session: Session) -> Standings:
    """Count a session's rows; memory does not grow with their number."""
    found, scenario = Standings(), Scenario.model_validate(session.scenario)
    for record in records(store, session.id, list(session.stages)):
        for answer in record.answers:
            count_transcript(found.transcripts, answer)
            if answer.context == "plain" and answer.lineage.operation is None:
                if answer.id in record.grades:
                    found.grades.setdefault(answer.member, []).append(record.grades[answer.id])
                if answer.check is not None:
                    found.checks.setdefault(answer.member, []).append(answer.check.passed)
        for evolution in record.evolutions:
            found.evolutions.setdefault(evolution.aim, []).append(evolution)
        evolved = {evolution.verdict for evolution in record.evolutions}
        for verdict in record.verdicts:
            if verdict.id in evolved:
                continue
            _count(found, verdict, record.by_id[verdict.left], record.by_id[verdict.right])
        for stepped in record.step_verdicts:
            count_steps(found, stepped, record.by_id[stepped.answer].member)
        found.spared.count(
            scenario, session.id, record.instruction.id, record.verdicts, record.judgments, record.step_verdicts
        )
    found.spared_usd = found.spared.usd(store.spent_by_name(session.id))
    for selection in selections_of(session):
        found.sft[selection] = store.count(SftSample, session=session.id, selection=selection)
        found.pairs[selection] = store.count(PreferencePair, session=session.id, selection=selection)
        found.labels[selection] = store.count(LabelledSample, session=session.id, selection=selection)
        found.stepped[selection] = store.count(SteppedSample, session=session.id, selection=selection)
    for rejection in store.rows(Rejection, session=session.id):
        found.rejections[rejection.target, rejection.reason] += 1
    return found


def _count(found: Standings, verdict: Verdict, left: Answer, right: Answer) -> None:
    sides = {left.id: left, right.id: right}
    if left.context == right.context == "plain" and left.member != right.member:
        first, second = sorted((left.member, right.member))
        tally = found.battles.setdefault((first, second), Tally(first, second))
        tally.count(verdict, None if verdict.winner is None else sides[verdict.winner].member)
        return
    kind, later = _improvement(left, right)
    outcome = verdict.outcome if verdict.winner is None else "better" if verdict.winner == later.id else "worse"
    found.improvements.setdefault(kind, Counter())[outcome] += 1


def count_steps(found: Standings, verdict: StepVerdict, member: str) -> None:
    """Take in what a panel found in an answer's steps."""
    outcomes = found.steps.setdefault(member, Counter())
    decided = verdict.outcome == "decided"
    wrong = verdict.first_wrong is not None
    outcomes[("wrong" if wrong else "right") if decided else verdict.outcome] += 1
    outcomes["recovered"] += wrong and verdict.passed is True
    for vote in (*verdict.votes, *verdict.first_votes):
        reader = found.readers.setdefault(vote.judge, Counter())
        reader["read"] += 1
        reader["refuted"] += verdict.passed is False and vote.first_wrong is None
        if decided:
            reader["agreed" if vote.first_wrong == verdict.first_wrong else "differed"] += 1


def _improvement(left: Answer, right: Answer) -> tuple[str, Answer]:
    """What kind of match it is, and which side came later."""
    for earlier, later in ((left, right), (right, left)):
        if later.context == "hinted":
            return (TAUGHT if later.lineage.parent == earlier.id else TAUGHT_AGAINST_TEACHER), later
        if later.lineage.parent == earlier.id:
            return REVISED, later
    return DRAWN, max(left, right, key=lambda answer: (answer.lineage.round, answer.id))
