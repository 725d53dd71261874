"""A critic says how an answer could be made better."""

from __future__ import annotations

from aaa.agents import Agent, answer_text, ask_until_read, shown_messages
from aaa.prompts import PromptSet
from aaa.teach.suggestions import read_suggestions
from aaa.text import fence
from aaa.types import Answer, Critique, Instruction

FORM = 'Write each suggestion on a line of its own as - [aim] "words" -> change, or only "- nothing to improve".'


async def suggest(
    instruction: Instruction, answer: Answer, critic: Agent, prompts: PromptSet, *, seed: int
) -> Critique:
    """The critic's suggestions, in persona. It does not see whose answer it is.

    Raises `ParseError` if two replies cannot be read, `CallError` or `StopError`.
    """
    mark = fence(seed, "critique", answer.id)
    prompt = prompts.render(
        "critique",
        messages=shown_messages(instruction.prompt, mark),
        answer=answer_text(answer, mark),
        fence=mark,
    )
    step = f"{answer.id}/critique/{critic.name}"
    reading = await ask_until_read(critic, prompt.text, read_suggestions, prompts, wanted=FORM, step=step)
    place = critic.place
    return Critique(
        id=place.row("critique", answer.id, critic.name),
        session=place.session,
        episode=place.episode,
        instruction=instruction.id,
        answer=answer.id,
        critic=critic.name,
        producer=critic.producers(reading.call)[0],
        suggestions=reading.value,
        words=reading.words,
        prompt=prompt.hash,
        call=reading.call.id,
    )
