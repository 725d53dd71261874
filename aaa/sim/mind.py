"""Who thinks: a simulated model's declared nature, and what it believes about a task."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

from aaa.sim.chance import Chance
from aaa.sim.requests import Task
from aaa.sim.skills import Working, open_skill
from aaa.sim.voice import Voice, voice_of
from aaa.types import Model, SimEvolver, SimJudge, SimPerson, SimProfile, SimTagger, content_hash

MIDDLING = 5.0
"""The difficulty at which declared skills hold, on the scale of 1 to 10."""
SLOPE = 0.15
"""Ours: log-odds of a right answer lost for each point of difficulty."""
STEADINESS = 0.5
"""Ours: how often a further draw of the same request repeats the luck of the first."""


@dataclass(frozen=True)
class Mind:
    """A simulated model while it answers one request; `draw` tells several samples of the same request apart."""

    profile: SimProfile
    family: str
    identity: str
    draw: int = 0

    @property
    def voice(self) -> Voice:
        """How its family sounds."""
        return voice_of(self.family)

    def chance(self, *subject: str | int) -> Chance:
        """Luck in a matter, for this draw."""
        return Chance(self.identity, self.draw, *subject)

    def luck(self, name: str, task: Task) -> float:
        """A number in 0..1, evenly spread over tasks, that further draws partly share."""
        own = self.chance(name, task.key)
        lasting = Chance(self.identity, name, task.key)
        return (lasting if own.happens("steady", STEADINESS) else own).unit("luck")

    def skill(self, name: str, difficulty: float = MIDDLING) -> float:
        """Chance of a right answer to a task of this skill and difficulty."""
        declared = self.profile.skills.get(name, self.profile.default_skill)
        if not 0.0 < declared < 1.0:
            return declared
        odds = log(declared / (1.0 - declared)) - SLOPE * (difficulty - MIDDLING)
        return 1.0 / (1.0 + exp(-odds))

    def skill_for(self, task: Task) -> float:
        """Chance of a right answer to this task; for an open one, the level of what it writes."""
        if (solution := task.solution) is None:
            return self.skill(open_skill(task.text))
        return self.skill(solution.skill, solution.difficulty)

    def belief(self, task: Task) -> Working | None:
        """The working it holds for right, whatever role it is asked in; None where nothing can be computed."""
        solution = task.solution
        if solution is None:
            return None
        if self.luck("solve", task) < self.skill_for(task) or not solution.slips:
            return solution.right
        return self.chance("slip", task.key).pick("which", solution.slips)


def fingerprint(family: str, profile: SimProfile) -> str:
    """The identity of a simulated model: everything its replies depend on beside the request."""
    # What it would do wrong as an evolver, a person who asks, a tagger or a reader of texts that are to stand alone is
    # left out where nothing is declared: what it says elsewhere does not depend on it.
    silent = {
        "evolve": profile.evolve == SimEvolver(),
        "person": profile.person == SimPerson(),
        "tag": profile.tag == SimTagger(),
        "tools": profile.tools == SimProfile().tools,
    }
    declared = profile.model_dump(mode="json", exclude={name for name, unset in silent.items() if unset})
    if profile.judge.alone_errors == SimJudge().alone_errors:
        del declared["judge"]["alone_errors"]
    return f"sim:{content_hash([family, declared])[:20]}"


def mind_of(model: Model, draw: int = 0) -> Mind:
    """The mind of a resolved model; one that was not resolved thinks by its declared profile or the default one."""
    profile = model.sim or SimProfile()
    return Mind(profile, model.family, model.identity or fingerprint(model.family, profile), draw)
