"""What escalation, waves and an adaptive second order spared: games that were not played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aaa.scenario import ComparingStage, GradeStage, Scenario, StepsStage
from aaa.types import Judgment, Score, Spent, StepVerdict, Verdict, episode_id


@dataclass
class Spared:
    """Games that were not played, against every panel hearing every match in both orders."""

    kept: int = 0
    """Matches, grades and readings of steps that the first panel decided, in stages with one to escalate to."""
    escalated: int = 0
    games: Counter[str] = field(default_factory=Counter)
    """By juror. Those of a panel that was not needed count in full, also where one would have stepped out."""

    def count(
        self,
        scenario: Scenario,
        session: str,
        instruction: str,
        verdicts: Iterable[Verdict],
        judgments: Iterable[Judgment],
        stepped: Iterable[StepVerdict] = (),
    ) -> None:
        """Take in the verdicts, grades and readings of steps on an instruction."""
        stages = {episode_id(session, stage.name, instruction): stage for stage in scenario.stages}
        for verdict in verdicts:
            stage = stages.get(verdict.episode)
            if isinstance(stage, ComparingStage) and verdict.decided_by == "panel":
                self._count(scenario, stage, verdict)
        graded: dict[tuple[str, str], bool] = {}
        for judgment in judgments:
            if isinstance(judgment.reading, Score):
                seen = judgment.episode, judgment.reading.answer
                graded[seen] = graded.get(seen, False) or judgment.measured_only
        for (episode, _), escalated in graded.items():
            stage = stages.get(episode)
            if isinstance(stage, GradeStage) and stage.escalate is not None:
                self._count_one(scenario.cast[stage.escalate].models, escalated=escalated)
        for found in stepped:
            stage = stages.get(found.episode)
            if isinstance(stage, StepsStage) and stage.escalate is not None and found.votes:
                self._count_one(scenario.cast[stage.escalate].models, escalated=found.escalated is not None)

    def usd(self, spent: Mapping[str, Spent]) -> float:
        """About what they would have cost, at the mean price of the juror's calls in this session."""
        prices = {name: one.usd / one.calls for name, one in spent.items() if one.calls}
        return sum(number * prices.get(juror, 0.0) for juror, number in self.games.items())

    def _count_one(self, strong: Sequence[str], *, escalated: bool) -> None:
        """A grade, or an answer whose steps were read: one game of each juror."""
        self.escalated += escalated
        self.kept += not escalated
        self.games.update(() if escalated else strong)

    def _count(self, scenario: Scenario, stage: ComparingStage, verdict: Verdict) -> None:
        orders = 1 if stage.orders == "one" else 2
        for juror in verdict.unasked:
            self.games[juror] += orders
        if stage.orders == "adaptive" and verdict.orders == 1:
            self.games.update(vote.judge for vote in verdict.votes)
        if stage.escalate is None:
            return
        if verdict.escalated is not None:
            self.escalated += 1
            return
        self.kept += 1
        for juror in scenario.cast[stage.escalate].models:
            self.games[juror] += orders
