"""What each stage of a scenario will work on, and which part of it stands for the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aaa.scenario import EvolveStage, Scenario, SliceStage, Where
from aaa.session.intake import chosen, survey
from aaa.session.resolved import Resolved
from aaa.session.stages import takes
from aaa.types import Instruction, content_hash


@dataclass(frozen=True)
class Population:
    """The chosen prompts, by source id."""

    sizes: Mapping[str, int]
    """Bytes of UTF-8 of each prompt, its system message included, by priority."""
    taken: Mapping[str, tuple[str, ...]]
    """Prompts that each stage takes, by priority: any head of them is a random sample of all. After a stage that makes
    instructions these are all prompts, for what is made of one may be taken where the one itself is not."""

    def part(self, size: int) -> Part:
        """At most `size` prompts for each stage, and as many of all."""
        heads = {stage: frozenset(sources[:size]) for stage, sources in self.taken.items()}
        return Part(frozenset(list(self.sizes)[:size]), heads)


@dataclass(frozen=True)
class Part:
    """A sample of a population. A stage is judged by its own head alone, or a `where` elsewhere would colour it."""

    head: frozenset[str]
    """Sample of all prompts."""
    heads: Mapping[str, frozenset[str]]
    """Sample of the prompts that each stage takes."""

    @property
    def sources(self) -> frozenset[str]:
        """All prompts of all samples."""
        return self.head.union(*self.heads.values())


def evolves_before(scenario: Scenario, stage: str) -> str | None:
    """The last stage before this one that makes instructions."""
    names = [one.name for one in scenario.stages]
    earlier = scenario.stages[: names.index(stage)]
    return next((one.name for one in reversed(earlier) if isinstance(one, EvolveStage)), None)


def population(resolved: Resolved) -> Population:
    """Read all prompts and see who takes them; keeps ids and sizes only. Raises `ScenarioError`."""
    scenario = resolved.scenario
    wheres = _wheres(scenario)
    found: list[tuple[str, str, int, frozenset[str]]] = []
    for instruction in chosen(resolved, survey(resolved)):
        source = instruction.source_id
        size = sum(len(message.text.encode(errors="surrogatepass")) for message in instruction.prompt)
        stages = (
            name
            for name, (where, labelled) in wheres.items()
            if takes(_foreseen(where, instruction) if labelled else where, scenario.seed, name, instruction)
        )
        found.append((content_hash([scenario.seed, "plan", source]), source, size, frozenset(stages)))
    found.sort()
    return Population(
        sizes={source: size for _, source, size, _ in found},
        taken={
            stage.name: tuple(source for _, source, _, stages in found if stage.name in stages)
            for stage in scenario.stages
        },
    )


def _wheres(scenario: Scenario) -> dict[str, tuple[Where, bool]]:
    """What each stage takes, as far as it can be told before: after a `slice` stage a prompt may lie in any slice, and
    after one that makes instructions everything counts; and whether a stage before it gives labels."""
    found, sliced, labelled = {}, False, False
    for stage in scenario.stages:
        where = Where() if evolves_before(scenario, stage.name) else stage.where
        found[stage.name] = where.model_copy(update={"slice": ()}) if sliced else where, labelled
        sliced, labelled = sliced or isinstance(stage, SliceStage), labelled or stage.labels
    return found


def _foreseen(where: Where, instruction: Instruction) -> Where:
    """The conditions that can be told of before: a label that a prompt is still to get may be any."""
    unknown: dict[str, object] = {
        **({"skill": ()} if instruction.skill is None else {}),
        **({"language": ()} if instruction.language is None else {}),
        **({"min_difficulty": None, "max_difficulty": None} if instruction.difficulty is None else {}),
    }
    return where.model_copy(update=unknown)
