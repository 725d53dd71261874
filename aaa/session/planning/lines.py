"""From calls of a few prompts to lines of a forecast for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aaa.llm import known
from aaa.llm.prices import batch_price, cost
from aaa.llm.request import most_tokens
from aaa.session.planning.forecast import Line, price_of
from aaa.session.planning.lengths import TEXT_DENSITY, Expected, request_bytes, size_of
from aaa.session.planning.made import MadeCall
from aaa.session.planning.ranges import ZERO, Range, total_of
from aaa.session.planning.rehearsal import RehearsedCall
from aaa.session.resolved import Resolved
from aaa.types import Call, Params, Price, Usage

Key = tuple[str, str, str]
"""Stage, model, role."""


@dataclass(frozen=True)
class Facts:
    """What counts of each model."""

    prices: Mapping[str, Price | None]
    """List prices; None where one is unknown."""
    contexts: Mapping[str, int | None]
    batched: frozenset[str]
    """Stages whose calls go in batches, for less."""

    @classmethod
    def of(cls, resolved: Resolved) -> Facts:
        found = {name: known(model) for name, model in resolved.models.items()}
        return cls(
            {name: facts.price for name, facts in found.items()},
            {name: facts.context for name, facts in found.items()},
            frozenset(stage.name for stage in resolved.scenario.stages if stage.mode == "batch"),
        )

    def price(self, stage: str, model: str) -> Price | None:
        """What the stage pays."""
        price = self.prices[model]
        return batch_price(price) if stage in self.batched else price


def rehearsed_lines(
    calls: Iterable[RehearsedCall], expected: Expected, facts: Facts, scales: Mapping[str, float]
) -> list[Line]:
    """Lines of the stages in `scales`, which says how many prompts stand behind each that was rehearsed."""
    groups: dict[Key, list[RehearsedCall]] = {}
    for call in calls:
        if call.made.stage in scales:
            groups.setdefault((call.made.stage, call.made.model, call.made.role), []).append(call)
    return [
        _rehearsed_line(key, group, expected, facts, scales[key[0]])
        for key, group in sorted(groups.items(), key=lambda pair: (list(scales).index(pair[0][0]), pair[0]))
    ]


def _rehearsed_line(key: Key, calls: list[RehearsedCall], expected: Expected, facts: Facts, scale: float) -> Line:
    stage, model, role = key
    lengths = expected.reply(model, role)
    prompt = completion = too_long = ZERO
    longest = 0.0
    for call in calls:
        bound = most_tokens(Params.model_validate(call.made.call.request["params"]))
        needs = expected.prompt(model, call.anatomy.fixed, call.anatomy.quoted)
        prompt += needs
        longest = max(longest, needs.likely)
        completion += lengths.at_most(bound).completion
        too_long += _too_long(needs, bound, facts.contexts[model])
    prompt, completion = prompt * scale, completion * scale
    return Line(
        stage=stage,
        model=model,
        role=role,
        calls=Range.exactly(len(calls) * scale),
        prompt_tokens=prompt,
        completion_tokens=completion,
        usd=price_of(facts.price(stage, model), prompt, completion, longest=longest),
        seconds=lengths.seconds,
        too_long=too_long * scale,
        source=lengths.source,
    )


def _too_long(prompt: Range, bound: int, context: int | None) -> Range:
    room = float("inf") if context is None else context - bound
    return Range(low=prompt.low > room, likely=prompt.likely > room, high=prompt.high > room)


def probed_lines(
    calls: Iterable[tuple[MadeCall, str]],
    facts: Facts,
    probed: Mapping[str, Sequence[str]],
    populations: Mapping[str, int],
) -> list[Line]:
    """Lines from real calls, each with the source id of its prompt.

    `probed` holds the prompts that each stage was probed on, `populations` how many it takes.
    """
    groups: dict[Key, dict[str, list[MadeCall]]] = {}
    for made, source in calls:
        if source in probed.get(made.stage, ()):
            key = (made.stage, made.model, made.role)
            groups.setdefault(key, {}).setdefault(source, []).append(made)
    order = list(probed)
    return [
        _probed_line(key, [group.get(source, []) for source in probed[key[0]]], facts, populations[key[0]])
        for key, group in sorted(groups.items(), key=lambda pair: (order.index(pair[0][0]), pair[0]))
    ]


def _probed_line(key: Key, items: list[list[MadeCall]], facts: Facts, population: int) -> Line:
    stage, model, role = key

    def over_all(figure: Callable[[MadeCall], float]) -> Range:
        return total_of([sum(map(figure, item)) for item in items], population)

    price = facts.price(stage, model)
    calls = [made for item in items for made in item]
    return Line(
        stage=stage,
        model=model,
        role=role,
        calls=over_all(lambda _: 1.0),
        prompt_tokens=over_all(lambda made: usage_of(made.call).prompt_tokens),
        completion_tokens=over_all(lambda made: usage_of(made.call).completion_tokens),
        usd=None if price is None else over_all(lambda made: _usd(price, made.call)),
        seconds=sum(made.call.seconds for made in calls) / len(calls),
        too_long=over_all(lambda made: made.call.failure is not None and made.call.failure.kind == "context_length"),
        source="probe",
    )


def _usd(price: Price, call: Call) -> float:
    usage = usage_of(call)
    uncached = usage.model_copy(update={"cached_tokens": 0})
    return cost(price, uncached) or 0.0


def usage_of(call: Call) -> Usage:
    """Tokens of a call as its server counted them; where it did not, by the size of the texts."""
    if call.reply is None:
        return Usage(prompt_tokens=0, completion_tokens=0)
    if call.reply.usage is not None:
        return call.reply.usage
    said = size_of([call.reply.text, call.reply.reasoning or ""])
    return Usage(
        prompt_tokens=round(request_bytes(call.request) / TEXT_DENSITY.likely),
        completion_tokens=round(said / TEXT_DENSITY.likely),
    )
