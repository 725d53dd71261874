"""A panel of jurors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from aaa.agents import Agent
from aaa.judge.seating import Seating, may_stand_in, seat
from aaa.scenario import OwnFamily
from aaa.types import Answer, Judgment


@dataclass(frozen=True)
class Panel:
    """Jurors who judge together. `name` says what their readings depend on: the group and a hash of its definition."""

    name: str
    jurors: tuple[Agent, ...]
    quorum: int
    """Consistent readings that a verdict needs."""
    own_family: OwnFamily = "balanced"
    structured: bool = False
    """Whether verdicts are asked for as JSON by a schema."""
    reliability: Mapping[str, float] = field(default_factory=dict)
    """How often each juror is right where it chooses a side; without it all votes count alike."""

    @cached_property
    def weights(self) -> dict[str, float]:
        """What the vote of each juror counts."""
        if not self.reliability:
            return {juror.name: 1.0 for juror in self.jurors}
        from aaa.rate.reliability import weights  # heavy

        return weights(self.reliability)

    def seat(self, left: frozenset[str], right: frozenset[str], *, seed: int, match: str) -> Seating:
        """Who sits between texts of these families; see `seat`."""
        jurors = [(juror.name, juror.model.family) for juror in self.jurors]
        return seat(jurors, left, right, self.own_family, seed=seed, match=match)

    def admits(self, judgment: Judgment, juror: Agent, left: frozenset[str], right: frozenset[str]) -> bool:
        """Whether a reading counts, by the family of who really gave it; see `may_stand_in`."""
        return may_stand_in(judgment.family, juror.model.family, left, right, self.own_family)

    def seated(self, seating: Seating) -> list[Agent]:
        """The jurors who sit."""
        return [juror for juror in self.jurors if juror.name in seating.seated]

    def for_one(self, answer: Answer, *, seed: int) -> list[Agent]:
        """The jurors of a single answer: those of its own families step out, since it has no other side that could
        balance them.

        Under `balanced` all of them sit where the others would be fewer than the quorum: a reading by relatives, whom
        its judgments name, is worth more than none. Under `exclude` they never sit.
        """
        others = self.seated(self.seat(answer.families, frozenset(), seed=seed, match=answer.id))
        enough = len(others) >= self.quorum
        return others if enough or self.own_family == "exclude" else list(self.jurors)
