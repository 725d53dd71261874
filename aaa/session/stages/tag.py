"""Stage `tag`: models say what kind of prompt each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from aaa.agents import together
from aaa.curate.attributes import Taxonomies
from aaa.curate.tagging import PROMPT, tag
from aaa.scenario import OPEN, TagStage, load_taxonomy
from aaa.session.item import Item
from aaa.session.stages.base import Kit, RunningStage, fingerprint
from aaa.types import Instruction, Place, SessionRecord, content_hash


@dataclass(frozen=True)
class RunningTag(RunningStage):
    """See `TagStage`."""

    spec: TagStage
    kit: Kit

    @cached_property
    def taxonomies(self) -> Taxonomies:
        """Raises `ScenarioError` for one that is not there or cannot be read."""
        near = [self.kit.cast.resolved.folder]
        skills = None if self.spec.skills == OPEN else load_taxonomy(self.spec.skills, near=near)
        return Taxonomies(skills, load_taxonomy(self.spec.tasks, near=near), load_taxonomy(self.spec.safety, near=near))

    @property
    def fingerprint(self) -> str:
        own = self.taxonomies
        shown = [found.meanings for found in (own.skills, own.tasks, own.safety) if found is not None]
        return content_hash([fingerprint(self.kit, self.spec, [self.spec.by], [PROMPT, "ask_again"]), shown])

    @property
    def sources(self) -> Mapping[str, str]:
        return taxonomy_sources(self.spec, self.taxonomies)

    def missing(self, item: Item) -> str | None:
        known = item.instruction
        whole = None not in (known.skill, known.difficulty, known.language)
        return "its labels are known" if whole and self.spec.whom == "unlabelled" else None

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        return await self.label([item.instruction], place)

    async def label(self, instructions: list[Instruction], place: Place) -> list[SessionRecord]:
        """What each model of the group says of instructions that stand in one prompt, and what could not be read."""
        kit, spec = self.kit, self.spec
        structured = kit.cast.resolved.scenario.cast[spec.by].structured
        taggers = kit.cast.agents(spec.by, "tagger", place, instructions[0], spec.params, batch=spec.mode == "batch")
        found = await together(
            tag(instructions, tagger, self.taxonomies, kit.prompts, seed=kit.seed, structured=structured)
            for tagger in taggers
        )
        return [row for rows in found for row in rows]


def taxonomy_sources(spec: TagStage, own: Taxonomies) -> dict[str, str]:
    """What taggers are told of each taxonomy: content hash by what it is."""
    named = {"skills": own.skills, "tasks": own.tasks, "safety": own.safety}
    return {
        f"taxonomy {getattr(spec, key)!r} of {key}": content_hash(found.meanings)
        for key, found in named.items()
        if found is not None
    }
