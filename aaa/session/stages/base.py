"""What a stage of a running session is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from aaa.prompts import PromptSet
from aaa.scenario import ComparingStage, Procedure, StageBase, Where
from aaa.session.cast import Cast
from aaa.session.item import Item
from aaa.types import Instruction, Place, Sandbox, SessionRecord, content_hash

PRIORITY_DIGITS = 13  # 52 bits: a float holds them exactly (ours)


@dataclass(frozen=True)
class Kit:
    """What every stage works with."""

    cast: Cast
    prompts: PromptSet
    seed: int
    sandbox: Sandbox


class RunningStage(Protocol):
    """One stage of the plan. Its `fingerprint` is a hash of all that its episodes depend on beside the item."""

    @property
    def spec(self) -> StageBase: ...

    @property
    def fingerprint(self) -> str: ...

    def missing(self, item: Item) -> str | None:
        """Why the stage has nothing to do with this item, or None."""
        ...

    async def run(self, item: Item, place: Place) -> Sequence[SessionRecord]:
        """All rows that the episode makes, failures included."""
        ...


def takes(where: Where, seed: int, stage: str, instruction: Instruction) -> bool:
    """Whether a stage takes an instruction."""
    if where.skill and instruction.skill not in where.skill:
        return False
    if where.language and instruction.language not in where.language:
        return False
    difficulty = instruction.difficulty
    if where.min_difficulty is not None and (difficulty is None or difficulty < where.min_difficulty):
        return False
    if where.max_difficulty is not None and (difficulty is None or difficulty > where.max_difficulty):
        return False
    return where.share >= 1.0 or priority(seed, stage, instruction.source_id) < where.share


def priority(seed: int, *position: str | int) -> float:
    """A number in 0..1 by hash: taking all below a share keeps every smaller share's items."""
    digits = content_hash([seed, *position])[:PRIORITY_DIGITS]
    return int(digits, 16) / (1 << 4 * PRIORITY_DIGITS)


def panels(spec: ComparingStage) -> list[str]:
    """Groups that judge in the stage."""
    return [spec.judges] if spec.escalate is None else [spec.judges, spec.escalate]


def comparing_prompts(spec: Procedure) -> list[str]:
    """Method prompts of a comparison."""
    return ["judge_pairwise" if spec.verdict == "choice" else "judge_pairwise_scores", "ask_again"]


def fingerprint(kit: Kit, spec: StageBase, groups: Sequence[str], prompts: Sequence[str]) -> str:
    """Hash of a stage's parameters, its cast and its prompts."""
    parameters = spec.model_dump(mode="json", exclude={"where", "name", "mode"})
    definitions = [kit.cast.definition(group) for group in groups]
    panels = [kit.cast.panel_name(group) for group in groups]
    hashes = [kit.prompts.hash_of(name) for name in prompts]
    running = [kit.sandbox.model_dump()] if kit.sandbox.python else []
    return content_hash([parameters, definitions, panels, hashes, kit.seed, *running])
