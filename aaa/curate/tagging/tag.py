"""A tagger labels instructions, several in one call; InsTag (arXiv 2308.07074) and Magpie (2406.08464) do it singly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aaa.agents import Agent, ask_until_read, failure_row
from aaa.curate.attributes import Labels, Taxonomies
from aaa.curate.tagging.form import TagForm
from aaa.errors import CallError, ParseError
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise
from aaa.types import Failure, Instruction, Tagging

PROMPT: Final = "tag_instructions"
SHOWN: Final = 4000
"""Characters of an instruction that a tagger sees (ours): of a longer one its two ends."""
LEFT_OUT: Final = "\n[...]\n"


async def tag(
    instructions: Sequence[Instruction],
    tagger: Agent,
    taxonomies: Taxonomies,
    prompts: PromptSet,
    *,
    seed: int,
    structured: bool = False,
) -> list[Tagging | Failure]:
    """One row for each instruction, in order: its labels, or why it has none.

    A reply that leaves any of them open is asked for once more; of the second, what can be read counts. `structured`
    asks for it by a schema, too. Raises `StopError`.
    """
    place, form = tagger.place, TagForm(taxonomies, len(instructions))
    texts = [shown(one) for one in instructions]
    mark = fence(seed, PROMPT, *texts)  # the same texts make the same request in every session: it is paid for once
    prompt = prompts.render(
        PROMPT,
        texts=[neutralise(text, mark) for text in texts],
        skills=None if taxonomies.skills is None else taxonomies.skills.meanings,
        tasks=taxonomies.tasks.meanings,
        safety=taxonomies.safety.meanings,
        fence=mark,
    )

    def row(instruction: Instruction, labels: Labels, call: str) -> Tagging:
        return Tagging(
            id=place.row("tagging", instruction.id, tagger.name),
            session=place.session,
            episode=place.episode,
            instruction=instruction.id,
            tagger=tagger.name,
            family=tagger.model.family,
            skill=labels.skill,
            difficulty=None if labels.difficulty is None else int(labels.difficulty),
            language=labels.language,
            task=labels.task,
            safety=labels.safety,
            tags=labels.tags,
            beside=len(instructions),
            prompt=prompt.hash,
            call=call,
        )

    def failed(instruction: Instruction, error: CallError | ParseError) -> Failure:
        step = f"tag/{tagger.name}/{instruction.id}"
        found = failure_row(error, place, step=step, role=tagger.role, model=tagger.name)
        return found.model_copy(update={"instruction": instruction.id})

    again = prompts.render("ask_again", wanted=form.wanted).text
    try:
        reading = await ask_until_read(
            tagger,
            prompt.text,
            form.read,
            again=again,
            step=f"tag/{tagger.name}",
            response_format=form.response_format if structured else None,
        )
    except CallError as error:
        return [failed(one, error) for one in instructions]
    except ParseError as error:
        read, call = form.partly(error.raw or ""), error.call or ""
        return [
            row(one, read[number], call) if number in read else failed(one, error)
            for number, one in enumerate(instructions, 1)
        ]
    return [row(one, reading.value[number], reading.call.id) for number, one in enumerate(instructions, 1)]


def shown(instruction: Instruction) -> str:
    """An instruction as a tagger sees it: its last turn, or a conversation turn by turn; the ends of a long one."""
    if len(instruction.prompt) == 1:
        text = instruction.prompt[0].text
    else:
        text = "\n\n".join(f"{message.role.capitalize()}: {message.text}" for message in instruction.prompt)
    half = (SHOWN - len(LEFT_OUT)) // 2
    return text if len(text) <= SHOWN else f"{text[:half]}{LEFT_OUT}{text[-half:]}"
