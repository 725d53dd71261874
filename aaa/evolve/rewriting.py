"""A rewriter betters an answer in one respect: what is weak, then the whole answer anew, in one reply."""

from __future__ import annotations

import re
from typing import Final

from aaa.agents import OFF, Agent, answer_text, ask_until_read, shown_messages, written
from aaa.judge import AloneCheck
from aaa.prompts import PromptSet
from aaa.text import fence
from aaa.types import Answer, AnswerAim, Instruction, Lineage, Sandbox, assistant

FORM: Final = (
    'Write only "- nothing to improve", or put [[rewritten]] on a line of its own and the whole rewritten answer under '
    "it."
)
_MARK = re.compile(r"^[ \t*_`#]*\[\[rewritten\]\][ \t*_`:]*$", re.MULTILINE | re.IGNORECASE)
_NOTHING = re.compile(r"^[ \t]*\"?(?:[-*•]|\d+[.)])[ \t]*nothing to improve\b", re.MULTILINE | re.IGNORECASE)


def read_rewriting(words: str) -> str | None:
    """The rewritten answer, without the remarks before it; empty for "nothing to improve", None for neither."""
    mark = _MARK.search(words)
    if mark is not None:
        return words[mark.end() :].strip() or None
    return "" if _NOTHING.search(words) else None


async def rewrite_answer(
    instruction: Instruction,
    answer: Answer,
    aim: AnswerAim,
    rewriter: Agent,
    prompts: PromptSet,
    *,
    round: int,  # noqa: A002 - the field of the lineage has this name
    words: int,
    seed: int,
    check: AloneCheck,
    sandbox: Sandbox = OFF,
) -> Answer | None:
    """The answer bettered in one respect, or None where the rewriter finds nothing to improve.

    The rewriter sees the answer blind, has no persona, and is told of at most `words` words. A text that does not pass
    `check` is written once more; `stands_alone` says whether the result does. Raises `ParseError` if two replies cannot
    be read, `CallError` or `StopError`.
    """
    mark = fence(seed, "evolve_answer", answer.id, aim)
    prompt = prompts.render(
        "evolve_answer",
        messages=shown_messages(instruction.prompt, mark),
        answer=answer_text(answer, mark),
        aim=aim,
        words=words,
        fence=mark,
    )
    step = f"{answer.id}/evolve/{aim}"
    reading = await ask_until_read(
        rewriter, prompt.text, read_rewriting, prompts, wanted=FORM, step=step, in_persona=False
    )
    if not reading.value:
        return None
    alone = await check.passed(reading.value, rewriter, reading.call, step=step)
    return await written(
        instruction,
        rewriter,
        (assistant(alone.text),),
        row=rewriter.place.row("answer", answer.id, "evolve", aim),
        calls=alone.calls,
        sandbox=sandbox,
        context="evolved",
        lineage=Lineage(
            parent=answer.id, operation=f"evolve:{aim}", round=round, model=rewriter.name, prompt=prompt.hash
        ),
        producers=(*answer.producers, *rewriter.producers(*alone.calls)),
        influences=answer.influences,
        stands_alone=alone.stands,
        leak=alone.leak,
    )
