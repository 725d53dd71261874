"""What a teacher says of an attempt: a hint that leaves the result open, a correction, or that it is right."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aaa.agents import Agent, Reading, answer_text, ask_until_read, shown_messages
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise
from aaa.types import Answer, Instruction
from aaa.verify import extract_final

RIGHT = "[[RIGHT]]"  # named in lesson_hint.jinja
SAY = f"Write what you say to the student, or only {RIGHT}."
WRONG = "A program has checked the attempt and found it wrong: do not call it right."
KEEP = "A hint has at most three sentences and does not give the result away."


@dataclass(frozen=True, slots=True)
class Hint:
    """A teacher's words; empty where it finds the attempt right."""

    words: str
    reading: Reading[str]


async def hint(
    instruction: Instruction,
    attempt: Answer,
    earlier: tuple[str, ...],
    teacher: Agent,
    prompts: PromptSet,
    *,
    seed: int,
    correct: bool,
) -> Hint:
    """The teacher's words on an attempt, in persona: a hint, or with `correct` the whole way to the result.

    It sees the reference, if there is one, but not whose attempt it is. A hint that gives the result away, or
    praise of an attempt that a program found wrong, is refused once. Raises `ParseError` if the second reply is no
    better, `CallError` or `StopError`.
    """
    mark = fence(seed, "lesson", attempt.id, len(earlier))
    prompt = prompts.render(
        "lesson_hint",
        messages=shown_messages(instruction.prompt, mark),
        reference=None if instruction.reference is None else neutralise(instruction.reference, mark),
        attempt=answer_text(attempt, mark),
        hints=neutralise("\n\n".join(earlier), mark),
        correct=correct,
        fence=mark,
    )
    wrong = attempt.check is not None and not attempt.check.passed
    rules = [SAY, *([WRONG] if wrong else []), *([] if correct else [KEEP])]

    def read(words: str) -> str | None:
        said = words.replace(RIGHT, "").strip()
        if RIGHT in words:
            return None if wrong else ""
        return None if not said or (not correct and gives_away(said, instruction, attempt)) else said

    step = f"{attempt.id}/{'correction' if correct else 'hint'}-{len(earlier) + 1}"
    reading = await ask_until_read(teacher, prompt.text, read, prompts, wanted=" ".join(rules), step=step)
    return Hint(reading.value, reading)


def gives_away(words: str, instruction: Instruction, attempt: Answer) -> bool:
    """Whether words state the result, which neither the instruction nor the attempt does. Without a reference nobody
    can tell, and it is False."""
    if instruction.reference is None:
        return False
    result = (extract_final(instruction.reference) or instruction.reference).strip()
    known = "\n".join((*(message.text for message in instruction.prompt), attempt.text))
    return _states(words, result) and not _states(known, result)


def _states(text: str, result: str) -> bool:
    return bool(result) and re.search(rf"(?<![\w.,-]){re.escape(result)}(?!\w|[.,]\d)", text, re.IGNORECASE) is not None
