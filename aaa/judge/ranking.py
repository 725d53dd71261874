"""Several texts put in order by one juror in one prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aaa.agents import Agent, shown_messages
from aaa.judge.asking import ask_in_form
from aaa.judge.forms import ranking_form
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise, orders_judge
from aaa.types import Call, Instruction, content_hash


@dataclass(frozen=True, slots=True)
class Ranking:
    """An order of texts, with what the juror wrote."""

    order: tuple[int, ...]
    """Places of the texts in what was asked, the best first."""
    words: str
    call: Call
    prompt: str
    """Content hash of the method prompt."""
    injection: bool
    """Whether one of the texts tries to order its judge about."""


async def rank(
    texts: Sequence[str],
    juror: Agent,
    instruction: Instruction,
    prompts: PromptSet,
    *,
    seed: int,
    step: str,
    structured: bool = False,
    reference: str | None = None,
) -> Ranking:
    """The juror's order of two texts or more, seated by the hash of `seed`, texts and juror.

    `step` is the question's place in the episode. One prompt for k texts costs far less than their k(k-1)/2 matches,
    and tells less: places late in a long list are read with less care, so take it to thin texts out, not to label
    pairs. Raises `ParseError` if two replies cannot be read, `CallError`, `StopError`.
    """
    seats = sorted(range(len(texts)), key=lambda at: content_hash(["seats", seed, list(texts), juror.name, at]))
    mark = fence(seed, *texts)
    prompt = prompts.render(
        "judge_rank",
        messages=shown_messages(instruction.prompt, mark),
        answers=[neutralise(texts[at], mark) for at in seats],
        reference=reference and neutralise(reference, mark),
        structured=structured,
        fence=mark,
    )
    reply = await ask_in_form(juror, prompt, ranking_form(len(texts), structured=structured), prompts, step=step)
    order = tuple(seats[number - 1] for number in reply.value)
    return Ranking(order, reply.words, reply.call, prompt.hash, any(map(orders_judge, texts)))
