"""The hard worst case: every call that a stage can make, at `max_tokens`, with the longest prompt it can have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aaa.llm import resolve_params
from aaa.llm.request import MESSAGE_TOKENS, most_tokens
from aaa.session.planning.bounds import Bound, bounds
from aaa.session.planning.forecast import WorstCase, price_of
from aaa.session.planning.lines import Facts
from aaa.session.planning.population import Population
from aaa.session.planning.ranges import Range
from aaa.session.planning.rehearsal import RehearsedCall
from aaa.session.resolve import Resolved

FRAME_SLACK = 1000
"""Ours: bytes by which the words around an instruction may exceed the longest that were rehearsed."""
FOREIGN_TOKENS = 4
"""Ours: tokens that one model may need to read one token of another."""


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
    frames, found = _frames(calls), bounds(resolved.scenario)
    longest = max((_reply(resolved, bound) for of_stage in found.values() for bound in of_stage), default=0)
    sizes = {stage: [population.sizes[source] for source in population.taken[stage]] for stage in found}
    return tuple(_stage(resolved, facts, stage, found[stage], frames, longest, sizes[stage]) for stage in found)


def _frames(calls: Iterable[RehearsedCall]) -> dict[tuple[str, str], Frame]:
    """By stage and role, as rehearsed; under empty names the largest of all, for roles that were not heard."""
    found: dict[tuple[str, str], Frame] = {}
    for call in calls:
        for key in ((call.made.stage, call.made.role), ("", "")):
            found[key] = found.get(key, Frame()).or_larger(call.anatomy.frame, call.anatomy.copies)
    return found


def _stage(
    resolved: Resolved,
    facts: Facts,
    stage: str,
    bounds: Sequence[Bound],
    frames: Mapping[tuple[str, str], Frame],
    longest: int,
    sizes: Sequence[int],
) -> WorstCase:
    made, tokens, usd, unpriced = 0, 0, 0.0, 0
    for bound in bounds:
        calls = bound.calls * len(sizes)
        frame = frames.get((stage, bound.role)) or frames.get(("", "")) or Frame()
        quoted = bound.quoted * (longest * FOREIGN_TOKENS + MESSAGE_TOKENS)
        prompt = calls * (frame.size + FRAME_SLACK + quoted) + bound.calls * frame.copies * sum(sizes)
        completion = calls * _reply(resolved, bound)
        models = _answering(resolved, bound)
        costs = [price_of(facts.prices[model], Range.exactly(prompt), Range.exactly(completion)) for model in models]
        made, tokens = made + calls, tokens + prompt + completion
        usd += max((cost.high for cost in costs if cost is not None), default=0.0)
        unpriced += calls if None in costs else 0
    return WorstCase(stage=stage, calls=made, tokens=tokens, usd=usd, unpriced_calls=unpriced)


def _answering(resolved: Resolved, bound: Bound) -> tuple[str, ...]:
    """Models that may come to answer, fallbacks included."""
    chains = ((name, *resolved.models[name].fallbacks) for name in bound.models)
    return tuple(dict.fromkeys(name for chain in chains for name in chain))


def _reply(resolved: Resolved, bound: Bound) -> int:
    """Tokens of a reply at most."""
    card = resolved.cards[bound.group]
    models = (resolved.models[name] for name in _answering(resolved, bound))
    return max(most_tokens(resolve_params(model, card, bound.params)) for model in models)
