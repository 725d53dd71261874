"""Files of prompts that evolve: an anonymous scenario of one stage, with the usual journal and budget."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from aaa import sim
from aaa.errors import ScenarioError
from aaa.graphs import Version
from aaa.prompts import PromptSet
from aaa.scenario import ModelsFile, RefusedRow, Scenario, check_references, load_card, load_method
from aaa.session.resolved import Resolved, refuse_mix
from aaa.session.run import RunOptions, RunResult, Watch, run_session
from aaa.session.sources import source_rows
from aaa.store import Store
from aaa.types import Evolution, Failure, Instruction

EVOLVERS, RATERS = "evolvers", "raters"
CARDS = {EVOLVERS: "evolver", RATERS: "judge"}
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class EvolveOptions:
    """How a file is to evolve."""

    db: Path | str
    evolvers: ModelsFile
    """Its budget is that of the session."""
    raters: ModelsFile | None = None
    stage: Mapping[str, Any] | None = None
    """Parameters of `EvolveStage`."""
    session: str | None = None
    accept_changes: bool = False
    """Go on although the session was begun with something else."""
    stop: asyncio.Event | None = None
    watch: Watch | None = None


@dataclass(frozen=True)
class EvolvedFile:
    """What came of a file: instructions, attempts, failures, and lines that are no prompts."""

    run: RunResult
    instructions: Sequence[Instruction]
    attempts: Sequence[Evolution]
    failures: Sequence[Failure]
    refused: Sequence[RefusedRow]
    simulated: bool

    @property
    def made(self) -> list[dict[str, Any]]:
        """A row for each new instruction."""
        names = self._names
        return [_row(one, names) for one in self.instructions if one.episode is not None]

    @property
    def rejected(self) -> list[dict[str, Any]]:
        """A row for each attempt that was dropped, each that failed, and each line that is no prompt; all say why."""
        names = self._names
        dropped = [
            {
                "parent": names.get(one.parent, one.parent),
                "instruction": one.text,
                "reason": one.outcome,
                **{name: getattr(one, name) for name in ("operation", "round", "attempt", "evolver", "prompt")},
            }
            for one in self.attempts
            if one.outcome != "kept"
        ]
        failed = [
            {"parent": names.get(one.instruction or "", one.instruction), "reason": one.kind, "message": one.message}
            for one in self.failures
        ]
        lines = [
            {"line": one.place.line, "instruction": one.excerpt, "reason": one.reason, "message": one.detail}
            for one in self.refused
        ]
        return [*dropped, *failed, *lines]

    @property
    def versions(self) -> list[Version]:
        """The instructions as nodes of a lineage."""
        return [_version(one) for one in self.instructions]

    @property
    def _names(self) -> dict[str, str]:
        return {one.id: one.source_id for one in self.instructions}


async def evolve_file(path: Path, options: EvolveOptions) -> EvolvedFile:
    """Evolve all prompts of a file (`instruction`, optional `input`, `id`, `skill`, ...).

    Raises `ScenarioError` or `UsageError` before anything is written for what cannot be read or cannot work.
    """
    resolved = _resolved(path, options)
    refused = [row for row in source_rows(resolved) if isinstance(row, RefusedRow)]
    run = await run_session(
        resolved, RunOptions(options.db, options.accept_changes, stop=options.stop, watch=options.watch)
    )
    with Store.open(options.db) as store:
        return EvolvedFile(
            run,
            list(store.rows(Instruction, session=run.session)),
            list(store.rows(Evolution, session=run.session)),
            list(store.rows(Failure, session=run.session)),
            refused,
            resolved.simulated,
        )


def _resolved(path: Path, options: EvolveOptions) -> Resolved:
    """The anonymous scenario."""
    groups = {EVOLVERS: options.evolvers.models}
    if options.raters is not None:
        groups[RATERS] = options.raters.models
    models = {name: sim.resolve(model) for group in groups.values() for name, model in group.items()}
    stage = {"by": EVOLVERS, **({"rate": RATERS} if RATERS in groups else {}), **(options.stage or {})}
    name = options.session or f"{_NO_NAME.sub('-', path.stem).strip('-._') or 'prompts'}-evolve"
    try:
        scenario = Scenario.model_validate(
            {
                "name": name[:64],
                "models": {key: model.model_dump(mode="json") for key, model in models.items()},
                "cast": {key: {"models": list(group), "card": CARDS[key]} for key, group in groups.items()},
                "prompts": {"from": [str(path)], "faults": "set_aside"},
                "stages": [{"evolve": stage}],
                "budget": options.evolvers.budget.model_dump(mode="json"),
            }
        )
    except ValidationError as error:
        raise ScenarioError("; ".join(one["msg"] for one in error.errors(include_url=False))) from error
    cards = {key: load_card(CARDS[key], near=[Path.cwd()]) for key in groups}
    check_references(scenario, cards)
    resolved = Resolved(scenario.name, scenario, Path.cwd(), models, cards, PromptSet.load())
    refuse_mix(resolved)
    if "method" in stage:
        load_method(resolved.folder / str(stage["method"]))  # refused here, before there is a store
    return resolved


def _row(one: Instruction, names: Mapping[str, str]) -> dict[str, Any]:
    known = {"system": one.system, "skill": one.skill, "language": one.language, "difficulty": one.difficulty}
    parent = one.lineage.parent or ""
    return {
        "id": one.source_id,
        "instruction": one.text,
        **{name: value for name, value in known.items() if value is not None},
        "lineage": one.lineage.model_dump(mode="json") | {"parent": names.get(parent, parent)},
        "producers": [producer.model_dump(mode="json") for producer in one.producers],
        **({"meta": {"simulated": True}} if any(producer.simulated for producer in one.producers) else {}),
    }


def _version(one: Instruction) -> Version:
    lineage = one.lineage
    return Version(
        id=one.id,
        label=one.text,
        parent=lineage.parent,
        operation=lineage.operation or "",
        round=lineage.round,
        model=lineage.model or "",
        prompt=lineage.prompt or "",
    )
