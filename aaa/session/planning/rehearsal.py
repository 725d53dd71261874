"""A part of a scenario run through with simulated twins, in a store that is thrown away."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from aaa.scenario import Budget, StepsStage
from aaa.session.instructions import root_of
from aaa.session.planning.anatomy import Anatomy, dissect, replies_of
from aaa.session.planning.made import MadeCall, made_calls
from aaa.session.planning.population import Part
from aaa.session.resolved import Resolved
from aaa.session.run import RunOptions, run_session
from aaa.store import Store
from aaa.types import (
    Instruction,
    LabelledSample,
    Model,
    PreferencePair,
    Sample,
    SftSample,
    SimFaults,
    SteppedSample,
)

SAMPLES: tuple[type[Sample], ...] = (PreferencePair, SftSample, LabelledSample, SteppedSample)


@dataclass(frozen=True, slots=True)
class RehearsedCall:
    """A call of a twin, and what its request was made of."""

    made: MadeCall
    source: str
    """Source id of its prompt, or of the one that its prompt was made of."""
    anatomy: Anatomy


@dataclass(frozen=True)
class Rehearsal:
    """What came of it."""

    calls: tuple[RehearsedCall, ...]
    rows: Mapping[type[Sample], Counter[str]]
    """Rows of each kind by selection that come of the part's `head`."""
    failures: Counter[str]
    """Failures by kind: what failed here is in no figure."""


async def rehearse(twins: Resolved, part: Part, stop: asyncio.Event | None = None) -> Rehearsal:
    """Run the prompts of `part`; nothing of it is kept.

    Raises `ScenarioError` for a scenario that cannot work, and `InterruptedSessionError` where `stop` is set.
    """
    calm = _calm(twins)
    with TemporaryDirectory(prefix="aaa-plan-") as folder:
        db = Path(folder) / "rehearsal.db"
        result = await run_session(calm, RunOptions(db=db, only=part.sources, stop=stop))
        if result.stopped is not None:
            raise result.stopped
        with Store.open(db, create=False) as store:
            return Rehearsal(
                tuple(_calls(store, calm)),
                {kind: _of_head(store, store.rows(kind), part) for kind in SAMPLES},
                result.progress.failures,
            )


def _of_head(store: Store, samples: Iterable[Sample], part: Part) -> Counter[str]:
    """Rows by selection."""
    made = ((row.selection, store.get(Instruction, row.instruction)) for row in samples)
    return Counter(name for name, one in made if one is not None and root_of(store, one).source_id in part.head)


def _calm(twins: Resolved) -> Resolved:
    """The same without what would make it wait, fail, stop or write files."""
    scenario = twins.scenario.model_copy(update={"budget": Budget(), "export": ()})
    models = {name: _calm_model(model) for name, model in twins.models.items()}
    return replace(twins, scenario=scenario, models=models)


def _calm_model(twin: Model) -> Model:
    assert twin.sim is not None, twin.name
    sim = twin.sim.model_copy(update={"latency": 0.0, "faults": SimFaults()})
    limits = dict.fromkeys(("rpm", "tpm", "input_tpm", "output_tpm", "concurrency"))
    free = {**limits, "price": "free", "route": "auto", "sim": sim}
    return twin.model_copy(update=free)


def _calls(store: Store, resolved: Resolved) -> Iterator[RehearsedCall]:
    stages = [stage.name for stage in resolved.scenario.stages]
    splits = {stage.name: stage.split for stage in resolved.scenario.stages if isinstance(stage, StepsStage)}
    made = sorted(made_calls(store, resolved.session, stages, resolved.models), key=lambda call: call.instruction)
    for id_, group in groupby(made, key=lambda call: call.instruction):
        if not id_:
            continue  # asked once for all prompts, such as the vectors of a benchmark
        instruction, calls = store.get(Instruction, id_), list(group)
        assert instruction is not None, id_
        source = root_of(store, instruction).source_id
        replies = replies_of([((one.model, one.role), one.call) for one in calls])
        for one in calls:
            yield RehearsedCall(one, source, dissect(one.call, instruction, replies, splits.get(one.stage)))
