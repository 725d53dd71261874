"""The hard worst case: every call that a stage can make, at `max_tokens`, with the longest prompt it can have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aaa.llm import resolve_params
from aaa.llm.embedding import ROLE
from aaa.llm.request import MESSAGE_TOKENS, most_tokens
from aaa.session.planning.bounds import Bound, bounds
from aaa.session.planning.forecast import WorstCase, price_of
from aaa.session.planning.lines import Facts
from aaa.session.planning.population import Population
from aaa.session.planning.ranges import Range
from aaa.session.planning.rehearsal import RehearsedCall
from aaa.session.resolved import Resolved

FRAME_SLACK = 1000
"""Ours: bytes by which the words around an instruction may exceed the longest that were rehearsed."""
FOREIGN_TOKENS = 4
"""Ours: tokens that one model may need to read one token of another."""
ANY = ("", "")
"""Stands for all stages and roles: the largest frame of all counts for roles that were not heard."""


@dataclass(frozen=True)
class Frame:
    """The most that a prompt holds beside replies."""

    size: int = 0
    """Bytes around the instruction: a token is at least one byte."""
    copies: int = 1
    """Copies of the instruction."""

    def or_larger(self, size: int, copies: int) -> Frame:
        return Frame(max(self.size, size), max(self.copies, copies))


def worst_case(
    resolved: Resolved, facts: Facts, population: Population, calls: Iterable[RehearsedCall]
) -> tuple[WorstCase, ...]:
    """By stage. Attempts that fail and are tried again are not in it: a budget counts those too."""
    found = bounds(resolved.scenario)
    longest = max((_reply(resolved, bound) for of_stage in found.values() for bound in of_stage), default=0)
    measure = _Measure(resolved, facts, _frames(calls), longest)
    sizes = {stage: [population.sizes[source] for source in population.taken[stage]] for stage in found}
    return tuple(measure.stage(stage, found[stage], sizes[stage]) for stage in found)


@dataclass(frozen=True)
class _Measure:
    """What the worst case is measured by."""

    resolved: Resolved
    facts: Facts
    frames: Mapping[tuple[str, str], Frame]
    longest: int
    """Tokens of the longest reply that a prompt can quote."""

    def stage(self, stage: str, bounds: Sequence[Bound], sizes: Sequence[int]) -> WorstCase:
        """The worst of one stage, over prompts of these sizes in bytes."""
        calls, tokens, usd, unpriced = 0, 0, 0.0, 0
        for bound in bounds:
            made = bound.calls * len(sizes)
            prompt, completion = self._prompts(stage, bound, sizes), made * _reply(self.resolved, bound)
            prices = [self.facts.prices[model] for model in _answering(self.resolved, bound)]
            longest = self._prompts(stage, bound, [max(sizes, default=0)]) / max(bound.calls, 1)
            spent = (Range.exactly(prompt), Range.exactly(completion))
            costs = [price_of(price, *spent, longest=longest) for price in prices]
            usd += max((cost.high for cost in costs if cost is not None), default=0.0)
            calls, tokens = calls + made, tokens + prompt + completion
            unpriced += made if None in costs else 0
        return WorstCase(stage=stage, calls=calls, tokens=tokens, usd=usd, unpriced_calls=unpriced)

    def _prompts(self, stage: str, bound: Bound, sizes: Sequence[int]) -> int:
        """Tokens of all prompts together."""
        frame = self.frames.get((stage, bound.role)) or self.frames.get(ANY) or Frame()
        quoted = bound.quoted * (self.longest * FOREIGN_TOKENS + MESSAGE_TOKENS)
        return bound.calls * (len(sizes) * (frame.size + FRAME_SLACK + quoted) + frame.copies * sum(sizes))


def _frames(calls: Iterable[RehearsedCall]) -> dict[tuple[str, str], Frame]:
    """By stage and role, as rehearsed."""
    found: dict[tuple[str, str], Frame] = {}
    for call in calls:
        for key in ((call.made.stage, call.made.role), ANY):
            found[key] = found.get(key, Frame()).or_larger(call.anatomy.frame, call.anatomy.copies)
    return found


def _answering(resolved: Resolved, bound: Bound) -> tuple[str, ...]:
    """Models that may come to answer, fallbacks included."""
    chains = ((name, *resolved.models[name].fallbacks) for name in bound.models)
    return tuple(dict.fromkeys(name for chain in chains for name in chain))


def _reply(resolved: Resolved, bound: Bound) -> int:
    """Tokens of a reply at most; vectors have none."""
    if bound.role == ROLE:
        return 0
    card = resolved.cards[bound.group]
    models = (resolved.models[name] for name in _answering(resolved, bound))
    return max(most_tokens(resolve_params(model, card, bound.params)) for model in models)
