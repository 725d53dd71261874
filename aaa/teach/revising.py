"""An answer is revised in the light of one or several critiques, so that the new one stands alone."""

from __future__ import annotations

from collections.abc import Sequence

from aaa.agents import OFF, Agent, answer_text, reply_of, shown_messages, spoken, written
from aaa.judge import AloneCheck
from aaa.prompts import PromptSet
from aaa.teach.suggestions import merged, write_suggestions
from aaa.text import fence, neutralise
from aaa.types import Answer, Critique, Instruction, Lineage, Sandbox, user


async def revise(
    instruction: Instruction,
    answer: Answer,
    critiques: Sequence[Critique],
    reviser: Agent,
    prompts: PromptSet,
    *,
    seed: int,
    round: int,  # noqa: A002 - the field of the lineage has this name
    check: AloneCheck,
    sandbox: Sandbox = OFF,
) -> Answer:
    """The reviser's new answer, written without a persona. `answer` is the draft in this round, from 1.

    The reviser may be the draft's author or not, and gets the suggestions of all critics as one list. A text that does
    not pass `check` is written once more; `stands_alone` says whether the result does. Raises `ParseError`, `CallError`
    or `StopError`.
    """
    mark = fence(seed, "revise", answer.id)
    suggestions = merged([critique.suggestions for critique in critiques])
    prompt = prompts.render(
        "revise",
        messages=shown_messages(instruction.prompt, mark),
        answer=answer_text(answer, mark),
        suggestions=neutralise(write_suggestions(suggestions), mark),
        own=reviser.name == answer.member,
        several=len(critiques) > 1,
        fence=mark,
    )
    step = f"{answer.id}/revise"
    call = await reviser.ask([user(prompt.text)], step=step)
    alone = await check.passed(reply_of(call).text, reviser, call, step=step)
    return await written(
        instruction,
        reviser,
        (spoken(reply_of(alone.calls[-1])),),
        row=reviser.place.row("answer", answer.id, "revise", round),
        calls=alone.calls,
        sandbox=sandbox,
        context="revised",
        lineage=Lineage(parent=answer.id, operation="revise", round=round, model=reviser.name, prompt=prompt.hash),
        producers=(*answer.producers, *reviser.producers(*alone.calls)),
        influences=(*answer.influences, *(critique.producer for critique in critiques)),
        stands_alone=alone.stands,
        leak=alone.leak,
    )
