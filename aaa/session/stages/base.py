"""What a stage of a running session is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from aaa.agents import Simulator, ToolDesk
from aaa.judge import AloneCheck, Comparison, Contest, StepsFound, compare
from aaa.prompts import PromptSet
from aaa.scenario import ComparingStage, JudgedStage, Procedure, StageBase, StandAlone, ToolUse, Where
from aaa.session.cast import Cast
from aaa.session.item import Item, Track
from aaa.session.resolved import Resolved
from aaa.store import Store
from aaa.types import (
    Answer,
    Decision,
    Instruction,
    Place,
    Sandbox,
    SessionRecord,
    SetAside,
    content_hash,
    decision_id,
)

PRIORITY_DIGITS = 13  # 52 bits: a float holds them exactly (ours)


@dataclass(frozen=True)
class Kit:
    """What every stage works with."""

    cast: Cast
    prompts: PromptSet
    seed: int
    sandbox: Sandbox


class Running(ABC):
    """What every stage of a running session has."""

    spec: StageBase

    @property
    @abstractmethod
    def fingerprint(self) -> str:
        """Hash of all that its episodes depend on beside the items, and what it reads of earlier decisions."""

    @property
    def sources(self) -> Mapping[str, str]:
        """What of the fingerprint is in no scenario, such as a file: content hash by what it is."""
        return {}


class RunningStage(Running):
    """A stage that takes each item by itself, as soon as the stage before is done with it."""

    def missing(self, item: Item) -> str | None:
        """Why the stage has nothing to do with this item, or None."""
        return None

    def reads(self, item: Item) -> JsonValue:
        """What it takes from the decisions of earlier barriers for this item: a part of the episode's fingerprint."""
        return None

    @abstractmethod
    async def run(self, item: Item, place: Place) -> Sequence[SessionRecord]:
        """All rows that the episode makes, failures included.

        A stage whose spec `branches` may make instructions, which flow on from here as items of their own, and set its
        item aside.
        """

    def broken_off(self, item: Item, place: Place) -> Sequence[SessionRecord]:
        """What stands beside the Failure where the episode broke off: a stage that keeps prompts out sets aside what it
        could not look at."""
        return ()

    def keeps(self, item: Item, made: Sequence[Instruction]) -> bool:
        """Whether the item itself flows on beside what was made of it; asked of stages that branch."""
        return True


@dataclass(frozen=True)
class Crowd:
    """All items that reached a barrier and that its `where` takes, in canonical order."""

    store: Store
    resolved: Resolved
    tracks: Sequence[Track]

    def __iter__(self) -> Iterator[Item]:
        """The items, read a chunk at a time."""
        return Item.all_at(self.store, self.tracks)

    def __len__(self) -> int:
        return len(self.tracks)

    def keyed(self) -> Iterator[tuple[str, Instruction]]:
        """The instructions, each under a key that is the same in every session: its source id, and a number where an
        earlier one has that too (two stages may evolve one prompt in the same way)."""
        seen: Counter[str] = Counter()
        for item in self:
            source = item.instruction.source_id
            seen[source] += 1
            yield source if seen[source] == 1 else f"{source}#{seen[source]}", item.instruction


class RunningBarrier(Running):
    """A stage that waits for all items and decides over them together, in one episode."""

    def reads(self, crowd: Crowd) -> JsonValue:
        """What it takes from the decisions of earlier barriers, beside the items that they let pass: if that changes,
        it decides anew."""
        return None

    @abstractmethod
    async def decide(self, crowd: Crowd, place: Place) -> Sequence[SessionRecord]:
        """The decision (see `decided`) and what follows from it: items set aside, instructions with new labels.

        A decision whose value has `models` (name to the model's JSON) puts these in the place of the scenario's own for
        all later stages.
        """


UNDECIDED = "undecided"
"""Why prompts are set aside that a stage which keeps some out could not look at. Run again to try again."""


def decided(place: Place, inputs: str, value: JsonValue) -> Decision:
    """The decision of the barrier at `place`; `inputs` is a hash of what it was computed from."""
    id_ = decision_id(place.session, place.stage)
    return Decision(id=id_, session=place.session, name=place.stage, inputs=inputs, value=value)


def set_aside(
    place: Place,
    instruction: str,
    reason: str,
    detail: str = "",
    against: str = "",
    score: float | None = None,
    answer: str = "",
) -> SetAside:
    """The row that takes an instruction out of the session here, or an answer to it out of the selections."""
    return SetAside(
        id=place.row("aside", instruction, *([answer] if answer else [])),
        session=place.session,
        episode=place.episode,
        instruction=instruction,
        stage=place.stage,
        reason=reason,
        detail=detail,
        answer=answer,
        against=against,
        score=score,
    )


def takes(where: Where, seed: int, stage: str, instruction: Instruction) -> bool:
    """Whether a stage takes an instruction."""
    if where.skill and instruction.skill not in where.skill:
        return False
    if where.language and instruction.language not in where.language:
        return False
    if where.slice and instruction.slice not in where.slice:
        return False
    difficulty = instruction.difficulty
    if where.min_difficulty is not None and (difficulty is None or difficulty < where.min_difficulty):
        return False
    if where.max_difficulty is not None and (difficulty is None or difficulty > where.max_difficulty):
        return False
    return _drawn(where.share, seed, stage, instruction.source_id)


def _drawn(share: float, seed: int, *position: str | int) -> bool:
    """Whether a position is in a share of all, 0 to 1; those of a smaller share are in every larger one."""
    return share >= 1.0 or (share > 0.0 and priority(seed, *position) < share)


def priority(seed: int, *position: str | int) -> float:
    """A number in 0..1 by hash: taking all below a share keeps every smaller share's items."""
    digits = content_hash([seed, *position])[:PRIORITY_DIGITS]
    return int(digits, 16) / (1 << 4 * PRIORITY_DIGITS)


def panels(spec: JudgedStage) -> list[str]:
    """Groups that judge in the stage."""
    return [spec.judges] if spec.escalate is None else [spec.judges, spec.escalate]


def comparing_prompts(spec: Procedure) -> list[str]:
    """Method prompts of a comparison."""
    return ["judge_pairwise" if spec.verdict == "choice" else "judge_pairwise_scores", "ask_again"]


def alone_prompts(spec: StandAlone) -> list[str]:
    """Method prompts of the check that texts stand alone."""
    return ["rewrite_alone", *(["stands_alone", "ask_again"] if spec.stand_alone == "judge" else [])]


def alone_check(kit: Kit, spec: StandAlone, instruction: Instruction, place: Place) -> AloneCheck:
    """How the stage checks that texts stand alone."""
    read = spec.stand_alone == "judge"
    jurors = kit.cast.agents(spec.judges, "reader", place, instruction) if read else ()
    return AloneCheck(instruction, kit.prompts, kit.seed, jurors)


def contests(kit: Kit, spec: ComparingStage, instruction: Instruction, place: Place) -> Contest:
    """How the stage compares two answers to the instruction."""
    panel, escalate = kit.cast.panels(spec, place, instruction, batch=spec.mode == "batch")

    async def contest(one: Answer, other: Answer) -> Comparison:
        return await compare(
            instruction,
            one,
            other,
            panel,
            kit.prompts,
            seed=kit.seed,
            place=place,
            procedure=spec,
            escalate=escalate,
            show_reference=spec.reference == "show",
            poll_verified=_drawn(spec.measure_jurors, kit.seed, "measure", instruction.source_id),
        )

    return contest


def tool_desk(kit: Kit, spec: ToolUse, instruction: Instruction, place: Place) -> ToolDesk:
    """Who answers the calls of tools in the stage."""
    if spec.tools_by is None:
        return ToolDesk(spec.tool_rounds)
    agent = kit.cast.agents(spec.tools_by, "tool", place, instruction)[0]
    return ToolDesk(spec.tool_rounds, Simulator(agent, kit.prompts, kit.seed))


def tool_players(spec: ToolUse) -> tuple[list[str], list[str]]:
    """Groups and method prompts that play tools in the stage."""
    return ([], []) if spec.tools_by is None else ([spec.tools_by], ["tool_simulator"])


def rows_of(judged: Iterable[Comparison | StepsFound]) -> list[SessionRecord]:
    """Verdicts, the readings behind them, and those that failed."""
    return [row for found in judged for row in (found.verdict, *found.judgments, *found.failures)]


def fingerprint(kit: Kit, spec: StageBase, groups: Sequence[str], prompts: Sequence[str]) -> str:
    """Hash of a stage's parameters, its cast and its prompts."""
    parameters = spec.model_dump(mode="json", exclude={"where", "name", "mode"})
    definitions = [kit.cast.definition(group) for group in groups]
    panels = [kit.cast.panel_name(group) for group in groups]
    hashes = [kit.prompts.hash_of(name) for name in prompts]
    running = [kit.sandbox.model_dump()] if kit.sandbox.python else []
    return content_hash([parameters, definitions, panels, hashes, kit.seed, *running])
