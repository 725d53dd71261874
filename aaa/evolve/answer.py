"""Evol-Answer: an answer bettered aim by aim, where each rewriting has to win against the answer that stands.

WizardLM-2 names Evol-Answer (answers are generated and rewritten several times, for logic, correctness and affinity)
without publishing how: this design is ours. A rewriting is a candidate, never a replacement: the verifier decides where
there is one, else a blind panel in both orders. A tie keeps the shorter text, and length is bounded by the answer that
the evolution began with, or each step would add to the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor

from aaa.agents import OFF, Agent, failure_row
from aaa.errors import WorkError
from aaa.evolve.rewriting import rewrite_answer
from aaa.judge import AloneCheck, Contest
from aaa.prompts import PromptSet
from aaa.text import fence
from aaa.types import Answer, AnswerAim, AnswerEvolution, AnswerOutcome, Instruction, Sandbox, SessionRecord, Verdict

ROOM = 60
"""Words that every answer may grow to, however short it is: a bound by ratio alone would forbid a bare result its
reasons (ours)."""


def outcome_of(verdict: Verdict, standing: Answer, candidate: Answer) -> AnswerOutcome:
    """What a verdict means for a candidate; of two that tie, the shorter one stands."""
    if verdict.outcome == "win":
        return "better" if verdict.winner == candidate.id else "worse"
    if verdict.outcome == "tie":
        return "shorter" if candidate.style.words < standing.style.words else "longer"
    return verdict.outcome


@dataclass(frozen=True)
class EvolvedAnswer:
    """What stands at the end, and all rows on the way: answers, attempts, verdicts, judgments, failures."""

    standing: Answer
    rows: tuple[SessionRecord, ...]


async def evolve_answer(
    instruction: Instruction,
    answer: Answer,
    rewriter: Agent,
    contest: Contest,
    prompts: PromptSet,
    *,
    aims: Sequence[AnswerAim],
    rounds: int,
    max_growth: float,
    seed: int,
    check: AloneCheck,
    sandbox: Sandbox = OFF,
) -> EvolvedAnswer:
    """Better an answer along each aim, at most `rounds` times over all of them; a round without change is the last.

    `max_growth`: words of a candidate over those of `answer`, at most (answers may grow to `ROOM` words in any case).
    An aim is tried once on each text. What does not pass `check`, written once more, is no candidate. The failure of
    one attempt is a row, and the next aim has its turn. Raises `StopError`.
    """
    limit = max(ROOM, floor(answer.style.words * max_growth))
    climb = _Climb(instruction, answer, rewriter, contest, prompts, limit, seed, sandbox, check)
    tried: set[tuple[str, AnswerAim]] = set()
    for round_ in range(1, rounds + 1):
        before = climb.standing
        for aim in aims:
            if (climb.standing.id, aim) not in tried:
                tried.add((climb.standing.id, aim))
                await climb.attempt(aim, round_)
        if climb.standing is before:
            break
    return EvolvedAnswer(climb.standing, tuple(climb.rows))


@dataclass
class _Climb:
    """The evolution of one answer while it goes on. `limit`: words of a candidate at most."""

    instruction: Instruction
    first: Answer
    rewriter: Agent
    contest: Contest
    prompts: PromptSet
    limit: int
    seed: int
    sandbox: Sandbox
    check: AloneCheck
    rows: list[SessionRecord] = field(default_factory=list)
    standing: Answer = field(init=False)

    def __post_init__(self) -> None:
        self.standing = self.first

    async def attempt(self, aim: AnswerAim, round_: int) -> None:
        """One candidate against the answer that stands."""
        standing, rewriter = self.standing, self.rewriter
        try:
            candidate = await rewrite_answer(
                self.instruction,
                standing,
                aim,
                rewriter,
                self.prompts,
                round=round_,
                words=self.limit,
                seed=self.seed,
                check=self.check,
                sandbox=self.sandbox,
            )
        except WorkError as error:
            step = f"{standing.id}/evolve/{aim}"
            self.rows.append(failure_row(error, rewriter.place, step=step, role=rewriter.role, model=rewriter.name))
            return
        if candidate is None:
            self.rows.append(self._evolution(aim, round_, None, "unchanged"))
            return
        self.rows.append(candidate)
        if (fault := self._fault(candidate, aim)) is not None:
            self.rows.append(self._evolution(aim, round_, candidate, fault))
            return
        found = await self.contest(standing, candidate)
        evolution = self._evolution(aim, round_, candidate, outcome_of(found.verdict, standing, candidate))
        self.rows += [evolution.model_copy(update={"verdict": found.verdict.id}), found.verdict]
        self.rows += [*found.judgments, *found.failures]
        if evolution.replaced:
            self.standing = candidate

    def _fault(self, candidate: Answer, aim: AnswerAim) -> AnswerOutcome | None:
        """Why a candidate is not worth a judge's time."""
        if candidate.text.strip() == self.standing.text.strip():
            return "unchanged"
        if candidate.finish_reason == "length":
            return "truncated"
        if candidate.refused:
            return "refusal"
        if fence(self.seed, "evolve_answer", self.standing.id, aim) in candidate.text:
            return "scaffolding"
        if not candidate.stands_alone:
            return "context_leak"
        return "too_long" if candidate.style.words > self.limit else None

    def _evolution(
        self, aim: AnswerAim, round_: int, candidate: Answer | None, outcome: AnswerOutcome
    ) -> AnswerEvolution:
        place, standing = self.rewriter.place, self.standing
        return AnswerEvolution(
            id=place.row("answer_evolution", standing.id, aim),
            session=place.session,
            episode=place.episode,
            instruction=self.instruction.id,
            answer=standing.id,
            candidate=None if candidate is None else candidate.id,
            aim=aim,
            round=round_,
            outcome=outcome,
            ratio=None if candidate is None else _ratio(candidate, standing),
            growth=None if candidate is None else _ratio(candidate, self.first),
        )


def _ratio(candidate: Answer, other: Answer) -> float:
    """Words of the one over those of the other, which counts at least as one word."""
    return candidate.style.words / max(1, other.style.words)
