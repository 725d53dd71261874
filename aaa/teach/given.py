"""Answers that a prompt brings along, as rows: to be graded and to meet those of the members."""

from __future__ import annotations

from aaa.text import is_refusal, style
from aaa.types import Answer, Instruction, Lineage, Place, Producer, Sandbox, assistant
from aaa.verify import checked

GIVEN = "given"
"""What the lineage of such an answer calls it: no model of the session can revise or evolve it."""


async def given_answers(instruction: Instruction, place: Place, most: int, sandbox: Sandbox) -> list[Answer]:
    """The first `most` of them, checked where the item has a verifier. Nobody is asked."""
    made = []
    for number, given in enumerate(instruction.answers[:most], 1):
        made.append(
            Answer(
                id=place.row("answer", "given", number),
                session=place.session,
                episode=place.episode,
                instruction=instruction.id,
                member=given.model,
                prompt=instruction.prompt,
                messages=(assistant(given.text),),
                lineage=Lineage(operation=GIVEN),
                producers=(Producer(model=given.model, family=given.family or given.model, license=given.license),),
                refused=is_refusal(given.text),
                check=await checked(instruction, given.text, sandbox),
                style=style(given.text),
            )
        )
    return made
