"""An author revises its answer in the light of a critique, so that the new one stands alone."""

from __future__ import annotations

from aaa.agents import (
    OFF,
    Agent,
    answer_text,
    reply_of,
    rewrite_alone,
    shown_messages,
    spoken,
    stands_alone,
    written,
)
from aaa.prompts import PromptSet
from aaa.teach.suggestions import write_suggestions
from aaa.text import fence, neutralise
from aaa.types import Answer, Critique, Instruction, Lineage, Sandbox, user


async def revise(
    instruction: Instruction,
    answer: Answer,
    critique: Critique,
    author: Agent,
    prompts: PromptSet,
    *,
    seed: int,
    round: int,  # noqa: A002 - the field of the lineage has this name
    sandbox: Sandbox = OFF,
) -> Answer:
    """The author's new answer, written without a persona. `answer` is its draft in this round, from 1.

    A text that refers to what its reader has not seen is written once more; `stands_alone` says whether the result
    does. Raises `CallError` or `StopError`.
    """
    mark = fence(seed, "revise", answer.id)
    prompt = prompts.render(
        "revise",
        messages=shown_messages(instruction.prompt, mark),
        answer=answer_text(answer, mark),
        suggestions=neutralise(write_suggestions(critique.suggestions), mark),
        fence=mark,
    )
    calls = [await author.ask([user(prompt.text)], step=f"{answer.id}/revise")]
    if not stands_alone(instruction, text := reply_of(calls[-1]).text):
        calls.append(await rewrite_alone(instruction, text, author, prompts, mark, step=f"{answer.id}/rewrite"))
    return await written(
        instruction,
        author,
        (spoken(reply_of(calls[-1])),),
        row=author.place.row("answer", answer.id, "revise", round),
        calls=tuple(calls),
        sandbox=sandbox,
        context="revised",
        lineage=Lineage(parent=answer.id, operation="revise", round=round, model=author.name, prompt=prompt.hash),
        producers=(*answer.producers, *author.producers(*calls)),
        influences=(*answer.influences, critique.producer),
        stands_alone=stands_alone(instruction, reply_of(calls[-1]).text),
    )
