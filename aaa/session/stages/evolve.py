"""Stage `evolve`: instructions made harder, simpler or new, round by round; what is kept flows on beside its parent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import cycle, islice

from pydantic import JsonValue

from aaa.agents import Agent, failure_row
from aaa.errors import WorkError
from aaa.evolve import Operation, choose_operation, evolve, form_for, operations_for, rate_versions, rated, user_method
from aaa.evolve.operations import FRAME, METHOD_FRAME, OPERATIONS
from aaa.scenario import EvolveStage, load_method
from aaa.session.cast import draw, ranked
from aaa.session.item import Item
from aaa.session.stages.base import Kit, RunningStage, fingerprint
from aaa.session.stages.gaps import Teaching
from aaa.types import (
    Direction,
    Evolution,
    EvolutionForm,
    Instruction,
    InstructionRating,
    Place,
    SessionRecord,
    content_hash,
)


@dataclass(frozen=True)
class RunningEvolve(RunningStage):
    """See `EvolveStage`. `teaching` is what the last stage before it that found gaps decided, if it goes by one."""

    spec: EvolveStage
    kit: Kit
    target: str | None = None
    teaching: Teaching | None = None

    @cached_property
    def method(self) -> Operation | None:
        """The user's method. Raises `ScenarioError` where it cannot be read."""
        folder = self.kit.cast.resolved.folder
        return user_method(load_method(folder / self.spec.method)) if self.spec.method else None

    @property
    def fingerprint(self) -> str:
        names = [FRAME, METHOD_FRAME, "evolve_check", "rate_instructions", "ask_again"]
        names += [operation.prompt for operation in OPERATIONS]
        groups = [self.spec.by, *([self.spec.rate] if self.spec.rate else [])]
        own = fingerprint(self.kit, self.spec, groups, names)
        return content_hash([own, self.method.method if self.method else None, self._declared_weak])

    @property
    def sources(self) -> Mapping[str, str]:
        return {f"method {self.spec.method!r}": content_hash(self.method.method)} if self.method else {}

    def missing(self, item: Item) -> str | None:
        if not item.instruction.text.strip():
            return "no turn of a user to be made anew"
        return None if any(self._options(item.instruction, way) for way in self._ways(item)) else "no operation fits it"

    def reads(self, item: Item) -> JsonValue:
        """Whether a student provably trails on the item's skill; None where nothing measured it."""
        return None if self.teaching is None else bool(self.teaching.of(item))

    def keeps(self, item: Item, made: Sequence[Instruction]) -> bool:
        return self.spec.keep == "all" or not made

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        rows: list[SessionRecord] = []
        children: list[Instruction] = []
        last: list[Instruction] = []
        for way in self._ways(item):
            made = [child async for child in self._chain(item.instruction, way, place, rows)]
            children += made
            last += made[-1:]
        children, ratings = await self._rated(item.instruction, children, place, rows)
        kept = {child.id for child in (children if self.spec.keep == "all" else last)}
        return [*rows, *ratings, *(child for child in children if child.id in kept)]

    def _ways(self, item: Item) -> list[Direction]:
        """The directions of the chains that begin with an instruction."""
        asked = self.spec.direction
        if asked == "auto":
            both = self._form(item.instruction) == "math" or self._weak(item)
            asked = "both" if both and self.method is None else "up"
        return ["down", "up"] if asked == "both" else [asked]

    def _weak(self, item: Item) -> bool:
        """Whether a student is weak on the item's skill: as measured, else as declared."""
        measured = self.reads(item)
        return self._declared_weak if measured is None else bool(measured)

    @property
    def _declared_weak(self) -> bool:
        """Whether the target is declared weak, or, where there is none, any model; of interest only to `auto`."""
        models = self.kit.cast.resolved.models
        students = models if self.target is None else [self.target]
        return self.spec.direction == "auto" and any(models[name].weak for name in students)

    def _form(self, instruction: Instruction) -> EvolutionForm:
        return form_for(instruction.skill) if self.spec.form == "auto" else self.spec.form

    def _options(self, instruction: Instruction, way: Direction) -> tuple[Operation, ...]:
        if self.method is not None:
            return (replace(self.method, direction=way),)
        weights, found = self._weights, operations_for(self._form(instruction), way)
        return tuple(one for one in found if not weights or weights.get(one.name, 0.0) > 0.0)

    @property
    def _weights(self) -> dict[str, float]:
        if self.spec.operations == "equal" or self.spec.method:
            return {}
        return {str(name): weight for name, weight in self.spec.operations.items()}

    async def _chain(
        self, seed: Instruction, way: Direction, place: Place, rows: list[SessionRecord]
    ) -> AsyncIterator[Instruction]:
        """What each round keeps, one made of the other; attempts and failures go to `rows`."""
        spec, kit, current, texts = self.spec, self.kit, seed, [seed.text]
        options = self._options(seed, way)
        agents = kit.cast.agents(spec.by, "evolver", place, seed, spec.params)
        earlier, checks = 0, 0 if way == "near" else spec.checks
        for number in range(1, spec.rounds + 1) if options else ():
            evolver = draw(agents, kit.seed, "evolver", seed.id, way, number)
            others = [agent for agent in agents if agent.name != evolver.name]
            checkers = ranked(others or agents, kit.seed, "checker", seed.id, way, number)
            responder = draw(agents, kit.seed, "responder", seed.id, way, number)
            found = await evolve(
                current,
                choose_operation(options, self._weights, kit.seed, seed.id, way, number),
                evolver,
                kit.prompts,
                round=number,
                seed=kit.seed,
                siblings=texts,
                earlier=earlier,
                tries=spec.tries,
                checkers=[replace(one, role="checker") for one in islice(cycle(checkers), checks)],
                responder=replace(responder, role="responder") if spec.answers else None,
            )
            rows += found.rows
            earlier += len(found.rows)
            if found.child is not None:
                current, earlier = found.child, 0
                texts.append(current.text)
                yield current

    async def _rated(
        self, seed: Instruction, children: list[Instruction], place: Place, rows: list[SessionRecord]
    ) -> tuple[list[Instruction], list[InstructionRating]]:
        """The new instructions with their difficulty, and the grades, by judges that evolved none of them."""
        ratings: list[InstructionRating] = []
        if self.spec.rate is None or not children:
            return children, ratings
        evolvers = {row.evolver for row in rows if isinstance(row, Evolution)}
        judges = self.kit.cast.agents(self.spec.rate, "judge", place, seed)
        for judge in judges:
            if judge.name not in evolvers:
                ratings += await self._ratings_of(judge, [seed, *children], place, rows)
        return rated(children, ratings), ratings

    async def _ratings_of(
        self, judge: Agent, versions: list[Instruction], place: Place, rows: list[SessionRecord]
    ) -> list[InstructionRating]:
        try:
            return await rate_versions(versions, judge, self.kit.prompts, seed=self.kit.seed)
        except WorkError as error:
            rows.append(failure_row(error, place, step=f"rate/{judge.name}", role="judge", model=judge.name))
            return []
