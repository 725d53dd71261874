"""All that a session made of one instruction, as selections read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from aaa.types import Answer, AnswerContext, AnswerEvolution, Game, Instruction, Judgment, Score, StepVerdict, Verdict

if TYPE_CHECKING:
    from aaa.curate.lengths import LengthEffect


@dataclass(frozen=True)
class ItemRecord:
    """One instruction with its answers, judgments, verdicts, evolutions of answers and verdicts on their steps, each
    sorted by id."""

    instruction: Instruction
    answers: Sequence[Answer]
    judgments: Sequence[Judgment]
    verdicts: Sequence[Verdict]
    evolutions: Sequence[AnswerEvolution] = ()
    step_verdicts: Sequence[StepVerdict] = ()
    duplicates: frozenset[str] = frozenset()
    """Answers that say what another, which was kept, says too."""
    length: LengthEffect | None = None
    """What length does to grades, where selections go by grades without it."""

    @cached_property
    def by_id(self) -> dict[str, Answer]:
        return {answer.id: answer for answer in self.answers}

    @cached_property
    def grades(self) -> dict[str, float]:
        """Mean of the scores that count, of each graded answer, in points of the scale."""
        scores: dict[str, list[float]] = {}
        for judgment in self.judgments:
            if isinstance(judgment.reading, Score) and not judgment.measured_only:
                scores.setdefault(judgment.reading.answer, []).append(judgment.reading.score)
        return {answer: sum(points) / len(points) for answer, points in scores.items()}

    @cached_property
    def points(self) -> dict[str, float]:
        """The grades that selections go by: less what the answer's length adds to them, where that is controlled."""
        if self.length is None:
            return self.grades
        words = {id_: self.by_id[id_].style.words for id_ in self.grades if id_ in self.by_id}
        return {id_: self.length.without(self.grades[id_], number) for id_, number in words.items()}

    def verdict_of(self, one: str, other: str) -> Verdict | None:
        """The verdict on a match of these two answers."""
        pair = {one, other}
        return next((v for v in self.verdicts if {v.left, v.right} == pair), None)

    def sides(self, verdict: Verdict) -> tuple[Answer, Answer]:
        """Winner and loser of a decided match."""
        if verdict.winner is None or verdict.loser is None:
            raise ValueError(f"verdict {verdict.id} is {verdict.outcome}: it has no winner")
        return self.by_id[verdict.winner], self.by_id[verdict.loser]

    def net_wins(self, answer: str, *, among: AnswerContext | None = None) -> int:
        """Matches won less matches lost; `among` counts only those in which both sides were of this context.

        That an answer withstood rewritings of itself says nothing of its worth: these wins do not count.
        """
        return sum(
            (v.winner == answer and not self._withstood(answer, v.loser)) - (v.loser == answer)
            for v in self.verdicts
            if among is None or self.by_id[v.left].context == self.by_id[v.right].context == among
        )

    def _withstood(self, answer: str, other: str | None) -> bool:
        return other is not None and self.evolution_of(other) is not None and self.by_id[other].lineage.parent == answer

    def evolution_of(self, candidate: str) -> AnswerEvolution | None:
        """The attempt that an evolved answer was."""
        return next((one for one in self.evolutions if one.candidate == candidate), None)

    def superseded(self, answer: Answer) -> bool:
        """Whether a revision of this answer won against it, or a rewriting took its place."""
        if any(one.answer == answer.id and one.replaced for one in self.evolutions):
            return True
        revisions = [other.id for other in self.answers if other.lineage.parent == answer.id]
        verdicts = [self.verdict_of(answer.id, revision) for revision in revisions]
        return any(v is not None and v.loser == answer.id for v in verdicts)

    def stands(self, answer: Answer) -> bool:
        """Whether nothing took the answer's place, and it took that of what it was made from."""
        if answer.context in ("revised", "hinted") and self.net_wins(answer.id) <= 0:
            return False
        evolution = self.evolution_of(answer.id)
        return not self.superseded(answer) and (evolution is None or evolution.replaced)

    def first_of(self, answer: Answer) -> Answer:
        """The answer at the beginning of this one's lineage."""
        while answer.lineage.parent in self.by_id:
            answer = self.by_id[answer.lineage.parent]
        return answer

    def lost_battle(self, answer: Answer) -> bool:
        """Whether another plain answer won against this one."""
        return any(v.loser == answer.id and self.by_id[str(v.winner)].context == "plain" for v in self.verdicts)

    def judges_of(self, *answers: str) -> tuple[str, ...]:
        """Names of all jurors who read any of these answers, sorted."""
        wanted = set(answers)
        return tuple(sorted({j.judge for j in self.judgments if wanted & _read(j)}))

    def judgments_on(self, *answers: str) -> list[Judgment]:
        """Readings that concern only these answers."""
        wanted = set(answers)
        return [j for j in self.judgments if _read(j) <= wanted]


def _read(judgment: Judgment) -> set[str]:
    reading = judgment.reading
    return {reading.first, reading.second} if isinstance(reading, Game) else {reading.answer}
