"""Matches of simulated members before simulated judges, through real prompts, parsers and panels, without a store."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from aaa import sim
from aaa.agents import Agent
from aaa.judge import Comparison, Panel, compare
from aaa.llm import Ask, resolve_params
from aaa.prompts import PromptSet
from aaa.rate.games import PlayedGame, Side
from aaa.scenario import OwnFamily, Procedure, Prompts, read_prompts, to_instruction
from aaa.teach import answer
from aaa.types import TIE, Answer, Call, Game, Instruction, Model, Place

SEEDS = Path(__file__).resolve().parent.parent / "data" / "seeds"
FILES = ("numbers", "measures")
USUAL = Procedure()


@dataclass
class Desk:
    """Asks simulated models at once, and counts what that takes: nothing is kept."""

    spent: float = 0.0
    """Seconds of CPU."""
    calls: int = 0

    async def ask(self, ask: Ask) -> Call:
        begun = time.process_time()
        reply = sim.respond(ask.model, ask.messages, ask.params)
        self.calls += 1
        call = Call(id=f"call-{self.calls}", model=ask.model.name, request={}, reply=reply, simulated=True)
        self.spent += time.process_time() - begun
        return call


@dataclass(frozen=True)
class Simulated:
    """A simulated model as a bench declares it."""

    name: str
    family: str
    profile: Mapping[str, Any] = field(default_factory=dict)

    def agent(self, desk: Desk, place: Place, role: str) -> Agent:
        """The model in an episode."""
        declared = {"default_skill": 0.5, **self.profile}
        model = sim.resolve(
            Model.model_validate(
                {"name": self.name, "model": f"sim/{self.name}", "family": self.family, "license": "mit"}
                | {"sim": declared}
            )
        )
        return Agent(model, None, resolve_params(model), desk, place, role)


@dataclass(frozen=True)
class Jury:
    """Judges, and how they are asked."""

    judges: tuple[Simulated, ...]
    quorum: int = 1
    own_family: OwnFamily = "allow"
    procedure: Procedure = USUAL

    def panel(self, desk: Desk, place: Place) -> Panel:
        """The judges in an episode."""
        jurors = tuple(judge.agent(desk, place, "judge") for judge in self.judges)
        return Panel("jury", jurors, self.quorum, self.own_family)


def prompts(population: str) -> Iterator[Instruction]:
    """Seeds that a verifier can check."""
    sources = Prompts(patterns=tuple(str(SEEDS / f"{name}.jsonl") for name in FILES))
    for row in read_prompts(sources, near=SEEDS):
        yield to_instruction(row, population)


@dataclass(frozen=True)
class Written:
    """A prompt with the answers of all members."""

    instruction: Instruction
    answers: tuple[Answer, ...]


async def written(population: str, members: Sequence[Simulated], desk: Desk) -> list[Written]:
    """What the members answer to all prompts."""
    found = []
    for instruction in prompts(population):
        place = Place.of(population, "answer", instruction.id)
        agents = [member.agent(desk, place, "member") for member in members]
        found.append(Written(instruction, tuple([await answer(instruction, agent) for agent in agents])))
    return found


async def matches(
    texts: Iterable[Written], jury: Jury, desk: Desk, texts_of: PromptSet, seed: int
) -> list[tuple[Answer, Answer, Comparison]]:
    """Every pair of answers before the jury, whose votes are heard although a verifier decides."""
    found = []
    for one in texts:
        place = Place.of(one.instruction.session, "battle", one.instruction.id)
        panel = jury.panel(desk, place)
        for left, right in combinations(one.answers, 2):
            comparison = await compare(
                one.instruction,
                left,
                right,
                panel,
                texts_of,
                seed=seed,
                place=place,
                procedure=jury.procedure,
                poll_verified=True,
            )
            found.append((left, right, comparison))
    return found


def games(met: Iterable[tuple[Answer, Answer, Comparison]]) -> Iterator[PlayedGame]:
    """The games of the matches, with the better side as the verifier sees it."""
    for left, right, comparison in met:
        sides = {left.id: left, right.id: right}
        truth = comparison.verdict.winner or TIE
        for judgment in comparison.judgments:
            game = judgment.reading
            assert isinstance(game, Game)
            first, second = sides[game.first], sides[game.second]
            played = PlayedGame(
                item=left.instruction,
                match=game.match,
                judge=judgment.judge,
                first=first.id,
                second=second.id,
                winner=game.winner,
                first_length=len(first.text),
                second_length=len(second.text),
                truth=truth,
            )
            yield replace(played, own=_own(judgment.family, first, second))


def _own(family: str, first: Answer, second: Answer) -> Side | None:
    if (family in first.families) == (family in second.families):
        return None
    return "first" if family in first.families else "second"
