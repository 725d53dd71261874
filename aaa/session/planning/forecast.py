"""What a run would take: calls, tokens, cost and time. Pure figures; see `plan` for where they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import ceil
from typing import TypeVar

from pydantic import Field

from aaa.llm.endpoints import places
from aaa.llm.prices import rates_at
from aaa.session.planning.lengths import Source
from aaa.session.planning.ranges import ZERO, Range
from aaa.types import Model, Price, Value

K = TypeVar("K")

MINUTE = 60.0
_MILLION = 1e6


class Line(Value):
    """What one model does in one role of one stage."""

    stage: str
    model: str
    role: str
    calls: Range
    prompt_tokens: Range
    completion_tokens: Range
    usd: Range | None
    """None where the price is unknown."""
    seconds: float
    """That one of its calls takes, on average."""
    too_long: Range
    """Calls whose prompt and `max_tokens` do not fit into the model's context, as far as that is known."""
    source: Source
    """Where the lengths of its replies come from."""

    @property
    def tokens(self) -> Range:
        return self.prompt_tokens + self.completion_tokens


class Total(Value):
    """A sum of lines."""

    calls: Range = ZERO
    prompt_tokens: Range = ZERO
    completion_tokens: Range = ZERO
    usd: Range = ZERO
    """As far as prices are known."""
    unpriced_calls: float = 0.0
    """Likely calls whose price is unknown, and which `usd` leaves out."""

    @property
    def tokens(self) -> Range:
        return self.prompt_tokens + self.completion_tokens


class WorstCase(Value):
    """What a stage could come to: every call that it can make, at `max_tokens`, with the longest prompt."""

    stage: str
    calls: int
    tokens: int
    usd: float
    unpriced_calls: int


class Duration(Value):
    """About how long a run takes, and what holds it up."""

    seconds: float
    limited_by: str


class Rows(Value):
    """Rows that a selection would leave if models behaved as in the rehearsal."""

    selection: str
    preference_pairs: int
    sft_samples: int
    labelled_samples: int = 0
    stepped_samples: int = 0


class Probe(Value):
    """What a probe did."""

    prompts: int
    calls: int
    """Made now; the run goes on from there."""
    usd: float
    stopped: str | None
    """Why it ended early, if it did."""


class Forecast(Value):
    """A forecast of one session, from the first call to the last, as if nothing were in the journal."""

    session: str
    prompts: int
    rehearsed: int
    """Prompts of them that were rehearsed; the rest is scaled."""
    failures: dict[str, int] = Field(default_factory=dict)
    """What failed in the rehearsal, by kind; its calls are in no figure."""
    lines: tuple[Line, ...]
    worst: tuple[WorstCase, ...]
    duration: Duration
    rows: tuple[Rows, ...]
    unpriced: tuple[str, ...]
    """Models whose price is unknown."""
    probe: Probe | None

    @property
    def total(self) -> Total:
        return total(self.lines)

    @property
    def worst_total(self) -> WorstCase:
        return WorstCase(
            stage="total",
            calls=sum(worst.calls for worst in self.worst),
            tokens=sum(worst.tokens for worst in self.worst),
            usd=sum(worst.usd for worst in self.worst),
            unpriced_calls=sum(worst.unpriced_calls for worst in self.worst),
        )

    def by(self, key: Callable[[Line], K]) -> dict[K, Total]:
        """Totals of the lines that share a key, in the order of the lines."""
        groups: dict[K, list[Line]] = {}
        for line in self.lines:
            groups.setdefault(key(line), []).append(line)
        return {name: total(lines) for name, lines in groups.items()}


def total(lines: Iterable[Line]) -> Total:
    """The sum of lines."""
    found = list(lines)
    return Total(
        calls=sum((line.calls for line in found), ZERO),
        prompt_tokens=sum((line.prompt_tokens for line in found), ZERO),
        completion_tokens=sum((line.completion_tokens for line in found), ZERO),
        usd=sum((line.usd for line in found if line.usd is not None), ZERO),
        unpriced_calls=sum(line.calls.likely for line in found if line.usd is None),
    )


def price_of(price: Price | None, prompt: Range, completion: Range, *, longest: float) -> Range | None:
    """USD at list price; None where it is unknown. Discounts for cached prompts are left out.

    `longest`: tokens of a single prompt, by which the rates for long ones are chosen.
    """
    if price is None:
        return None
    rates = rates_at(price, longest)
    return prompt * (rates.input / _MILLION) + completion * (rates.output / _MILLION)


def duration(
    lines: Iterable[Line], models: Iterable[Model], taken: Mapping[str, int], *, prompts: int, at_once: int
) -> Duration:
    """The longest of what limits it: the limits of each model, or the chains of calls that wait for each other.

    `taken` is the number of prompts that each stage takes.
    """
    found = list(lines)
    chains = sum(_chain([line for line in found if line.stage == stage], number) for stage, number in taken.items())
    one = chains / max(1, prompts)
    limits = {f"episodes_at_once: {at_once}": ceil(prompts / at_once) * one}
    for model in models:
        for reason, seconds in _limits(model, [line for line in found if line.model == model.name]):
            limits[reason] = seconds + one
    reason = max(limits, key=lambda name: limits[name])
    return Duration(seconds=limits[reason], limited_by=reason)


def _chain(lines: list[Line], prompts: int) -> float:
    """Seconds of calls of one stage that wait for each other, over all prompts.

    In a conversation all do, and in an answer's evolution each rewriting and the match that it brings; elsewhere the
    calls of one role go side by side, and roles follow one another.
    """
    if any(line.role in ("student", "teacher") for line in lines):
        return sum(line.calls.likely * line.seconds for line in lines)
    if rewritings := [line for line in lines if line.role == "rewriter"]:
        matches = sum(line.calls.likely for line in rewritings)
        others = [line for line in lines if line.role != "rewriter"]
        judged = min(matches, sum(line.calls.likely for line in others))
        waits = judged * max((line.seconds for line in others), default=0.0)
        return sum(line.calls.likely * line.seconds for line in rewritings) + waits
    roles = ([line for line in lines if line.role == role] for role in {line.role for line in lines})
    return sum(
        min(prompts, sum(line.calls.likely for line in role)) * max(line.seconds for line in role) for role in roles
    )


def _limits(model: Model, lines: list[Line]) -> Iterator[tuple[str, float]]:
    """Seconds that each limit of a model makes for, over all its places. The first minute's worth leaves at once."""
    asked = total(lines)
    busy = sum((line.calls * line.seconds for line in lines), ZERO)
    figures = {"rpm": asked.calls, "tpm": asked.tokens, "input_tpm": asked.prompt_tokens}
    figures |= {"output_tpm": asked.completion_tokens, "concurrency": busy}
    for name, figure in figures.items():
        found = [getattr(place, name) for place in places(model)]
        if None not in found:
            limit = sum(found)
            seconds = figure.likely / limit if name == "concurrency" else max(0.0, figure.likely / limit - 1.0) * MINUTE
            yield f"models.{model.name}.{name}: {limit}", seconds
