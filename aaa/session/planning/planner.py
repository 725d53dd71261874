"""`plan`: what a scenario would take, before it is paid for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from aaa.errors import InterruptedSessionError, StoreError, UsageError
from aaa.scenario import Scenario
from aaa.session.instructions import root_of
from aaa.session.planning.forecast import Forecast, Line, Probe, Rows, duration
from aaa.session.planning.lengths import Expected, in_journal, measure
from aaa.session.planning.lines import Facts, probed_lines, rehearsed_lines
from aaa.session.planning.made import MadeCall, made_calls
from aaa.session.planning.population import Part, Population, evolves_before, population
from aaa.session.planning.rehearsal import Rehearsal, rehearse
from aaa.session.planning.worst import worst_case
from aaa.session.resolved import Resolved
from aaa.session.run import RunOptions, run_session
from aaa.store import Store
from aaa.types import (
    Decision,
    Episode,
    Instruction,
    LabelledSample,
    PreferencePair,
    Session,
    SftSample,
    SteppedSample,
    content_hash,
    row_id,
)

REHEARSED = 100
"""Prompts that are rehearsed for each stage (ours); where there are more, these stand for all."""
FORECAST = "forecast"
"""Name of the decision that keeps a session's forecast."""


@dataclass(frozen=True)
class PlanOptions:
    """How to plan."""

    db: Path | str
    """Where the journal lies, if there is one; a probe begins it."""
    probe: int = 0
    """Prompts of each stage to pay for, in the session's own store; 0: none."""
    probe_usd: float = 0.0
    """What the probe may cost; the scenario's budget holds too."""
    rehearsed: int = REHEARSED
    stop: asyncio.Event | None = None
    """Set from outside to stop after the calls in flight."""


async def plan(real: Resolved, twins: Resolved, options: PlanOptions) -> Forecast:
    """Forecast the session `real`; `twins` is the same scenario resolved for a rehearsal.

    Only a probe calls models and writes to the store, beside the forecast itself, which is kept where the session is
    in the store. Raises `UsageError` for a scenario that cannot work or a probe that lacks a key or a price, and
    `InterruptedSessionError` where it is stopped.
    """
    facts, prompts = Facts.of(real), population(real)
    if options.probe:
        _refuse_unpriced(real, facts)
    part = prompts.part(options.rehearsed)
    # Under the session's own name all lots (seats, critics, teachers) fall as they will in the run.
    rehearsal = await rehearse(replace(twins, session=real.session), part, options.stop)
    basis = _Basis(real, facts, prompts, part, rehearsal)
    probe = await _probe(real, prompts.part(options.probe), options) if options.probe else None
    with _journal(options.db) as store:
        forecast = _forecast(basis, _lines(basis, store, options.probe, probe), probe)
        if store is not None and store.get(Session, real.session) is not None:
            await _keep(store, forecast)
    return forecast


@dataclass(frozen=True)
class _Basis:
    """What a forecast rests on beside the journal."""

    real: Resolved
    facts: Facts
    prompts: Population
    part: Part
    rehearsal: Rehearsal

    @property
    def taken(self) -> dict[str, int]:
        """How many prompts each stage takes."""
        return {stage: len(sources) for stage, sources in self.prompts.taken.items()}


def kept_forecast(store: Store, session: str) -> Forecast | None:
    """The session's last forecast. Raises `StoreError` for one that this AAA cannot read."""
    decision = store.get(Decision, row_id("decision", session, FORECAST))
    if decision is None:
        return None
    try:
        return Forecast.model_validate(decision.value)
    except ValidationError as error:
        raise StoreError(
            f"the forecast of session {session!r} was made by another version of AAA; make it anew: aaa plan"
        ) from error


def _forecast(basis: _Basis, lines: list[Line], probe: Probe | None) -> Forecast:
    real, prompts = basis.real, len(basis.prompts.sizes)
    at_once = real.scenario.episodes_at_once
    return Forecast(
        session=real.session,
        prompts=prompts,
        rehearsed=len(basis.part.head),
        failures=dict(basis.rehearsal.failures),
        lines=tuple(lines),
        worst=worst_case(real, basis.facts, basis.prompts, basis.rehearsal.calls),
        duration=duration(lines, real.models.values(), basis.taken, prompts=prompts, at_once=at_once),
        rows=_rows(real.scenario, basis.rehearsal, prompts / max(1, len(basis.part.head))),
        unpriced=tuple(name for name, price in basis.facts.prices.items() if price is None),
        probe=probe,
    )


async def _keep(store: Store, forecast: Forecast) -> None:
    value = forecast.model_dump(mode="json")
    id_ = row_id("decision", forecast.session, FORECAST)
    inputs = content_hash(value)
    await store.write(Decision(id=id_, session=forecast.session, name=FORECAST, inputs=inputs, value=value))


def _refuse_unpriced(real: Resolved, facts: Facts) -> None:
    """A probe has a cap in USD, which cannot hold for a model whose price nobody knows."""
    unpriced = [f"{name} ({real.models[name].model})" for name, price in facts.prices.items() if price is None]
    if unpriced:
        raise UsageError(
            f"A probe pays under a cap, but the price of these models is unknown: {', '.join(unpriced)}. Give it in "
            "the scenario: `price: {input: 0.15, output: 0.60}` in USD per million tokens, or `price: free`."
        )


async def _probe(real: Resolved, part: Part, options: PlanOptions) -> Probe:
    """Run a few prompts for real; their calls are in the journal when the session comes to them."""
    with _journal(options.db) as store:
        spent = 0.0 if store is None else store.spent(real.session).usd
    limits = (spent + options.probe_usd, real.scenario.budget.usd)
    budget = real.scenario.budget.model_copy(update={"usd": min(limit for limit in limits if limit is not None)})
    stages = tuple(stage.model_copy(update={"mode": "live"}) for stage in real.scenario.stages)  # no day's wait
    now = replace(real, scenario=real.scenario.model_copy(update={"budget": budget, "stages": stages}))
    result = await run_session(now, RunOptions(db=options.db, only=part.sources, stop=options.stop))
    if isinstance(result.stopped, InterruptedSessionError):
        raise result.stopped
    return Probe(
        prompts=len(part.sources),
        calls=result.gateway.tally.made,
        usd=result.gateway.tally.usd,
        stopped=None if result.stopped is None else str(result.stopped),
    )


def _lines(basis: _Basis, store: Store | None, size: int, probe: Probe | None) -> list[Line]:
    """Stages in their order: probed where enough of the probe came through, else rehearsed."""
    real, part, taken = basis.real, basis.part, basis.taken
    cut = probe is not None and probe.stopped is not None
    probed = _probed(real, basis.prompts, store, size, cut=cut) if store is not None and size else {}
    paid = _paid(real, basis.prompts, store) if store is not None and probed else ()
    scales = {stage: taken[stage] / len(head) for stage, head in part.heads.items() if head and stage not in probed}
    heard = (call for call in basis.rehearsal.calls if call.source in part.heads.get(call.made.stage, ()))
    lines = [
        *probed_lines(paid, basis.facts, probed, taken),
        *rehearsed_lines(heard, _expected(real, basis.rehearsal, store), basis.facts, scales),
    ]
    order = list(taken)
    return sorted(lines, key=lambda line: order.index(line.stage))


def _paid(real: Resolved, prompts: Population, store: Store) -> Iterator[tuple[MadeCall, str]]:
    """The session's calls of its present models, each with the source id of its prompt."""
    sources: dict[str, str | None] = {}
    for made in made_calls(store, real.session, list(prompts.taken), real.models):
        if made.instruction not in sources:
            found = store.get(Instruction, made.instruction)
            sources[made.instruction] = None if found is None else root_of(store, found).source_id
        if (source := sources[made.instruction]) in prompts.sizes and made.model in real.models:
            yield made, str(source)


def _probed(real: Resolved, prompts: Population, store: Store, size: int, *, cut: bool) -> dict[str, list[str]]:
    """Prompts that came through, with all that was made of them, by stage.

    A stage with too few for an interval is left out, and so is one for which a probe that was `cut` short may not have
    come to all that an earlier stage made.
    """
    met: dict[tuple[str, str], list[Episode]] = {}
    for episode in store.rows(Episode, session=real.session):
        if (made := store.get(Instruction, episode.instruction)) is not None:
            met.setdefault((episode.stage, root_of(store, made).source_id), []).append(episode)

    def through(stage: str, source: str) -> bool:
        makes = evolves_before(real.scenario, stage)
        begun, here = met.get((makes or stage, source), []), met.get((stage, source), [])
        return bool(begun) and not (cut and makes) and not any(one.retry for one in (*begun, *here))

    heads = prompts.part(size).heads
    found = {stage: [source for source in sorted(head) if through(stage, source)] for stage, head in heads.items()}
    return {stage: done for stage, done in found.items() if done and len(done) >= min(2, len(prompts.taken[stage]))}


def _expected(real: Resolved, rehearsal: Rehearsal, store: Store | None) -> Expected:
    """The journal knows best; simulated models say in the rehearsal what they will say in the run."""
    journal = [] if store is None else [in_journal(store, real.models)]
    simulated = (
        (call.made.model, call.made.role, call.made.call)
        for call in rehearsal.calls
        if real.models[call.made.model].simulated
    )
    return Expected((*journal, measure("simulated", simulated)))


def _rows(scenario: Scenario, rehearsal: Rehearsal, scale: float) -> tuple[Rows, ...]:
    return tuple(
        Rows(
            selection=name,
            preference_pairs=round(rehearsal.rows[PreferencePair][name] * scale),
            sft_samples=round(rehearsal.rows[SftSample][name] * scale),
            labelled_samples=round(rehearsal.rows[LabelledSample][name] * scale),
            stepped_samples=round(rehearsal.rows[SteppedSample][name] * scale),
        )
        for name in scenario.select
    )


@contextmanager
def _journal(db: Path | str) -> Iterator[Store | None]:
    """The store, or None where there is none yet."""
    if "://" not in str(db) and not Path(db).exists():
        yield None
    else:
        with Store.open(db, create=False) as store:
            yield store
