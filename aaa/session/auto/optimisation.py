"""The steps of an optimisation: minibatch, issues, candidates, comparison, and at most one acceptance each."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aaa.agents import Agent, together
from aaa.errors import CallError, ParseError
from aaa.evolve.auto import (
    Outcomes,
    Trial,
    choose,
    could_be_beaten,
    discordant,
    level_for_each,
    method_hash,
    name_issues,
    p_value,
    propose_method,
    try_method,
)
from aaa.scenario import AutoFile
from aaa.session.cast import draw
from aaa.session.stages import Kit
from aaa.types import Instruction, MethodCandidate, MethodStep, MethodTally, NamedIssue, Place


@dataclass(frozen=True)
class Tried:
    """A method on a set of instructions."""

    text: str
    trials: Mapping[str, Trial]
    missing: Counter[str]
    """What could not be tried, by kind of failure."""

    @property
    def outcomes(self) -> Outcomes:
        return {id_: trial.fault for id_, trial in self.trials.items()}

    @property
    def tally(self) -> MethodTally:
        faults = Counter(trial.fault for trial in self.trials.values() if trial.fault is not None)
        return MethodTally(
            method=method_hash(self.text),
            tried=len(self.trials),
            failed=faults.total(),
            faults=dict(sorted(faults.items())),
            missing=dict(sorted(self.missing.items())),
        )


@dataclass(frozen=True)
class Optimisation:
    """One run of it, as one episode: killed and run again, it finds its calls in the journal.

    Everything goes by the canonical order of the instructions, so the same replies always make the same history.
    """

    auto: AutoFile
    kit: Kit
    place: Place
    dev: Sequence[Instruction]
    pool: Sequence[Instruction]
    """The optimisation set."""
    busy: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "busy", asyncio.Semaphore(self.auto.episodes_at_once))

    async def run(self, method: str) -> list[MethodStep]:
        """The history, beginning with this method.

        Raises `ParseError` where an optimiser cannot be read, `CallError` for a call that failed for good or should be
        tried again by the next run, and `StopError`.
        """
        steps: list[MethodStep] = []
        current, idle = await self._tried(method, self.dev), 0
        for number in range(1, self.auto.steps + 1):
            step, current = await self._step(number, current)
            idle = 0 if step.accepted is not None else idle + 1
            if step.ended is None and idle == self.auto.patience:
                step = step.model_copy(update={"ended": f"{idle} steps in a row without a better method"})
            elif step.ended is None and number == self.auto.steps:
                step = step.model_copy(update={"ended": f"{number} steps were asked for"})
            steps.append(step)
            if step.ended is not None:
                break
        return steps

    async def _step(self, number: int, current: Tried) -> tuple[MethodStep, Tried]:
        """The step, and the method that stands after it."""
        level = level_for_each(self.auto.level, steps=self.auto.steps, candidates=self.auto.candidates)
        base = MethodStep(
            id=self.place.row("method_step", number),
            session=self.place.session,
            episode=self.place.episode,
            number=number,
            current=current.tally,
            text=current.text,
            level=level,
        )
        if not could_be_beaten(failed := current.tally.failed, level):
            ended = f"it fails on {failed} of {current.tally.tried}: no method could be better beyond noise"
            return base.model_copy(update={"ended": ended}), current
        issues = await self._issues(number, current)
        if not issues:
            return base.model_copy(update={"issues": issues}), current
        texts = await self._proposed(number, current.text, issues)
        tried = await together(self._tried(text, self.dev) for text in texts)
        candidates = tuple(_against(current, one) for one in tried)
        accepted = choose(candidates, level)
        step = base.model_copy(update={"issues": issues, "candidates": candidates, "accepted": accepted})
        return step, current if accepted is None else tried[accepted]

    async def _issues(self, number: int, current: Tried) -> tuple[NamedIssue, ...]:
        size, pool = self.auto.minibatch, self.pool
        batch = [pool[at % len(pool)] for at in range((number - 1) * size, number * size)]
        seen = await self._tried(current.text, batch)
        trials = [seen.trials[one.id] for one in batch if one.id in seen.trials]
        optimiser = self._optimiser(number)
        return await name_issues(current.text, trials, optimiser, self.kit.prompts, seed=self.kit.seed, number=number)

    async def _proposed(self, number: int, method: str, issues: Sequence[NamedIssue]) -> list[str]:
        """The texts that can be tried, each once. What cannot be read is no candidate."""

        async def one(at: int) -> str | None:
            prompts, seed = self.kit.prompts, self.kit.seed
            try:
                return await propose_method(
                    method, issues, self._optimiser(number + at), prompts, seed=seed, number=number, draw=at
                )
            except ParseError:
                return None

        found = await together(one(at) for at in range(self.auto.candidates))
        return list(dict.fromkeys(text for text in found if text is not None))

    async def _tried(self, method: str, instructions: Sequence[Instruction]) -> Tried:
        """The method on all of them. A transient failure is raised: the next run tries again."""

        async def one(instruction: Instruction) -> Trial | str:
            async with self.busy:
                evolver, responder = self._drawn("evolvers", instruction), self._drawn("responders", instruction)
                try:
                    return await try_method(
                        instruction, method, evolver, responder, self.kit.prompts, seed=self.kit.seed
                    )
                except ParseError:
                    return "parse_failed"
                except CallError as error:
                    if error.transient:
                        raise
                    return error.kind

        found = await together(one(instruction) for instruction in instructions)
        trials = {trial.instruction: trial for trial in found if isinstance(trial, Trial)}
        return Tried(method, trials, Counter(kind for kind in found if isinstance(kind, str)))

    def _drawn(self, group: str, instruction: Instruction) -> Agent:
        """The same for every method, or differences between models would look like differences between methods."""
        agents = self.kit.cast.agents(group, group.removesuffix("s"), self.place, instruction)
        return draw(agents, self.kit.seed, group, instruction.id)

    def _optimiser(self, turn: int) -> Agent:
        agents = self.kit.cast.agents("optimisers", "optimiser", self.place, self.dev[0])
        return agents[turn % len(agents)]


def _against(current: Tried, candidate: Tried) -> MethodCandidate:
    better, worse = discordant(current.outcomes, candidate.outcomes)
    return MethodCandidate(
        **candidate.tally.model_dump(),
        text=candidate.text,
        better=better,
        worse=worse,
        p_value=p_value(better, worse),
    )
