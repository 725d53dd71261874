"""How hard and how good the versions of an instruction are, each graded beside all others.

Graded one by one, evolved instructions all get the top grades: in one prompt a judge has to tell them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean
from typing import Final

from aaa.agents import Agent
from aaa.judge import ask_in_form, scores_form
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise
from aaa.types import Instruction, InstructionRating, content_hash

ASPECTS: Final = ("difficulty", "definition", "precision", "integrity")
LOW, HIGH = 1, 10


async def rate_versions(
    versions: Sequence[Instruction], judge: Agent, prompts: PromptSet, *, seed: int
) -> list[InstructionRating]:
    """The judge's grades of two versions or more, in their order; it sees them in an order drawn by hash.

    The judge must not be who evolved them. Raises `ParseError` if two replies cannot be read, `CallError`, `StopError`.
    """
    place, names = judge.place, [version.id for version in versions]
    seats = sorted(range(len(versions)), key=lambda at: content_hash(["seats", seed, judge.name, names[at]]))
    mark = fence(seed, "rate_instructions", *names)
    shown = [neutralise(versions[at].text, mark) for at in seats]
    prompt = prompts.render("rate_instructions", versions=shown, aspects=ASPECTS, fence=mark)
    lines = [f"version {seat} {aspect}" for seat in range(1, len(seats) + 1) for aspect in ASPECTS]
    form = scores_form(lines, LOW, HIGH, structured=False)
    reading = await ask_in_form(judge, prompt, form, prompts, step=f"{names[0]}/rate/{judge.name}")
    return [
        InstructionRating(
            id=place.row("instruction_rating", version.id, judge.name),
            session=place.session,
            episode=place.episode,
            instruction=place.instruction,
            rated=version.id,
            judge=judge.name,
            family=judge.model.family,
            **{aspect: reading.value[f"version {seats.index(at) + 1} {aspect}"] for aspect in ASPECTS},
            beside=len(versions),
            prompt=prompt.hash,
            call=reading.call.id,
        )
        for at, version in enumerate(versions)
    ]


def rated(versions: Sequence[Instruction], ratings: Sequence[InstructionRating]) -> list[Instruction]:
    """The versions with their mean difficulty, as far as they have a rating."""
    found = [[one.difficulty for one in ratings if one.rated == version.id] for version in versions]
    return [
        version.model_copy(update={"difficulty": round(mean(grades), 2)}) if grades else version
        for version, grades in zip(versions, found, strict=True)
    ]
