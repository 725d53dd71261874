"""All that a session made of one instruction, as selections read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from aaa.types import Answer, Game, Instruction, Judgment, Score, Verdict


@dataclass(frozen=True)
class ItemRecord:
    """One instruction with its answers, judgments and verdicts, each sorted by id."""

    instruction: Instruction
    answers: Sequence[Answer]
    judgments: Sequence[Judgment]
    verdicts: Sequence[Verdict]

    @cached_property
    def by_id(self) -> dict[str, Answer]:
        return {answer.id: answer for answer in self.answers}

    @cached_property
    def grades(self) -> dict[str, float]:
        """Mean score of each graded answer, in points of the scale."""
        scores: dict[str, list[float]] = {}
        for judgment in self.judgments:
            if isinstance(judgment.reading, Score):
                scores.setdefault(judgment.reading.answer, []).append(judgment.reading.score)
        return {answer: sum(points) / len(points) for answer, points in scores.items()}

    def verdict_of(self, one: str, other: str) -> Verdict | None:
        """The verdict on a match of these two answers."""
        pair = {one, other}
        return next((v for v in self.verdicts if {v.left, v.right} == pair), None)

    def net_wins(self, answer: str) -> int:
        """Matches won less matches lost, by verdict."""
        return sum((v.winner == answer) - (v.loser == answer) for v in self.verdicts)

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
