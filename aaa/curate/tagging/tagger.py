"""A tagger labels instructions, several in one call; InsTag (arXiv 2308.07074) and Magpie (2406.08464) do it singly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aaa.agents import Agent, ask_until_read, failure_row
from aaa.curate.attributes import Labels, Taxonomies
from aaa.curate.tagging.form import TagForm
from aaa.errors import CallError, ParseError
from aaa.prompts import Prompt, PromptSet
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
    form = TagForm(taxonomies, len(instructions))
    rows = _Rows(instructions, tagger, _prompt(instructions, taxonomies, prompts, seed))
    try:
        reading = await ask_until_read(
            tagger,
            rows.prompt.text,
            form.read,
            prompts,
            wanted=form.wanted,
            step=rows.step,
            response_format=form.response_format if structured else None,
        )
    except CallError as error:
        return [*rows.failed(error)]
    except ParseError as error:
        read = form.partly(error.raw or "")
        labelled = {row.instruction: row for row in rows.labelled(read, error.call or "")}
        return [labelled.get(failure.instruction, failure) for failure in rows.failed(error)]
    return [*rows.labelled(reading.value, reading.call.id)]


def shown(instruction: Instruction) -> str:
    """An instruction as a tagger sees it: its last turn, or a conversation turn by turn; the ends of a long one."""
    if len(instruction.prompt) == 1:
        text = instruction.prompt[0].text
    else:
        text = "\n\n".join(f"{message.role.capitalize()}: {message.text}" for message in instruction.prompt)
    half = (SHOWN - len(LEFT_OUT)) // 2
    return text if len(text) <= SHOWN else f"{text[:half]}{LEFT_OUT}{text[-half:]}"


def _prompt(instructions: Sequence[Instruction], taxonomies: Taxonomies, prompts: PromptSet, seed: int) -> Prompt:
    """The same texts make the same request in every session, so that it is paid for once."""
    texts = [shown(one) for one in instructions]
    mark = fence(seed, PROMPT, *texts)
    return prompts.render(
        PROMPT,
        texts=[neutralise(text, mark) for text in texts],
        skills=None if taxonomies.skills is None else taxonomies.skills.meanings,
        tasks=taxonomies.tasks.meanings,
        safety=taxonomies.safety.meanings,
        fence=mark,
    )


@dataclass(frozen=True)
class _Rows:
    """What one call makes of its instructions."""

    instructions: Sequence[Instruction]
    tagger: Agent
    prompt: Prompt

    @property
    def step(self) -> str:
        return f"tag/{self.tagger.name}"

    def labelled(self, read: dict[int, Labels], call: str) -> list[Tagging]:
        """A row for each instruction whose labels were read, by its number in the prompt."""
        numbered = enumerate(self.instructions, 1)
        return [self._tagging(one, read[number], call) for number, one in numbered if number in read]

    def failed(self, error: CallError | ParseError) -> list[Failure]:
        """A failure for each instruction."""
        found = []
        for one in self.instructions:
            step = f"{self.step}/{one.id}"
            row = failure_row(error, self.tagger.place, step=step, role=self.tagger.role, model=self.tagger.name)
            found.append(row.model_copy(update={"instruction": one.id}))
        return found

    def _tagging(self, instruction: Instruction, labels: Labels, call: str) -> Tagging:
        place = self.tagger.place
        return Tagging(
            id=place.row("tagging", instruction.id, self.tagger.name),
            session=place.session,
            episode=place.episode,
            instruction=instruction.id,
            tagger=self.tagger.name,
            family=self.tagger.model.family,
            skill=labels.skill,
            difficulty=None if labels.difficulty is None else int(labels.difficulty),
            language=labels.language,
            task=labels.task,
            safety=labels.safety,
            tags=labels.tags,
            beside=len(self.instructions),
            prompt=self.prompt.hash,
            call=call,
        )
