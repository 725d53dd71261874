"""What of an answer is judged: all of it, or one turn with those before it as its context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aaa.types import Answer, Message


@dataclass(frozen=True)
class View:
    """The messages of the task, and the answer to them."""

    task: tuple[Message, ...]
    answer: Answer

    @classmethod
    def of(cls, answer: Answer, turn: int | None = None) -> View | None:
        """The whole answer, or its `turn`-th assistant turn (from 1); None where it has not so many.

        The task is what the answer begins with: in a conversation about the instruction, how that was opened.
        """
        if turn is None:
            return cls(answer.prompt, answer)
        at = _place(answer.messages, turn)
        if at is None:
            return None
        task = (*answer.prompt, *answer.messages[:at])
        return cls(task, answer.model_copy(update={"messages": (answer.messages[at],)}))


def _place(messages: Sequence[Message], turn: int) -> int | None:
    spoken = [at for at, message in enumerate(messages) if message.role == "assistant"]
    return spoken[turn - 1] if turn <= len(spoken) else None
