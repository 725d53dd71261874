"""Two answers that meet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from aaa.text import orders_judge
from aaa.types import Answer, Instruction, content_hash, row_id

GameNumber = Literal[1, 2]


@dataclass(frozen=True)
class Match:
    """Two answers to one instruction; `left` has the smaller id, whoever was named first."""

    instruction: Instruction
    left: Answer
    right: Answer

    @classmethod
    def between(cls, instruction: Instruction, one: Answer, other: Answer) -> Match:
        """The match of two different answers."""
        left, right = sorted((one, other), key=lambda answer: answer.id)
        return cls(instruction, left, right)

    @cached_property
    def id(self) -> str:
        """The same for the same two answers, in whatever episode they meet."""
        return row_id("match", self.left.id, self.right.id)

    @cached_property
    def injection(self) -> bool:
        """Whether one of the answers tries to order its judge about."""
        return any(orders_judge(message.text) for side in (self.left, self.right) for message in side.messages)

    def seats(self, juror: str, number: GameNumber, *, seed: int) -> tuple[Answer, Answer]:
        """First and second seat: game 1 by the hash of seed, match and juror, game 2 the other way round."""
        swap = int(content_hash(["seats", seed, self.id, juror])[:1], 16) % 2 == 1
        return (self.right, self.left) if swap == (number == 1) else (self.left, self.right)
