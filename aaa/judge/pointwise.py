"""One score: a juror grades an answer by itself."""

from __future__ import annotations

from aaa.agents import Agent, answer_text, ask_until_read, shown_messages
from aaa.judge.parse import parse_score
from aaa.judge.record import judgment
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise, orders_judge
from aaa.types import Answer, Instruction, Judgment, Place, Score

FORM = "End with one line that holds nothing but a whole number from {low} to {high} in double brackets."


async def score(
    juror: Agent,
    instruction: Instruction,
    answer: Answer,
    prompts: PromptSet,
    *,
    panel: str,
    scale: tuple[int, int],
    seed: int,
    place: Place,
    reference: str | None = None,
) -> Judgment:
    """The juror's score on `scale` (low, high). It sees visible text only, and no names.

    `reference` is shown where it is given. Raises `ParseError` if two replies cannot be read, `CallError`, `StopError`.
    """
    low, high = scale
    mark = fence(seed, answer.id)
    prompt = prompts.render(
        "judge_score",
        messages=shown_messages(instruction.prompt, mark),
        answer=answer_text(answer, mark),
        reference=reference and neutralise(reference, mark),
        low=low,
        high=high,
        fence=mark,
    )
    reply = await ask_until_read(
        juror,
        prompt.text,
        lambda words: parse_score(words, low, high),
        again=prompts.render("ask_again", wanted=FORM.format(low=low, high=high)).text,
        step=score_step(answer, juror),
    )
    return judgment(
        place.row("judgment", panel, answer.id, juror.name),
        juror,
        reply,
        Score(answer=answer.id, score=reply.value, low=low, high=high),
        panel=panel,
        place=place,
        prompt=prompt.hash,
        injection=any(orders_judge(message.text) for message in answer.messages),
    )


def score_step(answer: Answer, juror: Agent) -> str:
    """The reading's place in its episode."""
    return f"{answer.id}/{juror.name}/score"
