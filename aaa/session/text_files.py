"""Files of texts before models: vectors, and whether a benchmark asks the same; an anonymous session each."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from aaa import sim
from aaa.errors import ScenarioError, UsageError
from aaa.llm import missing_key
from aaa.prompts import PromptSet
from aaa.runner import Progress, open_gateway
from aaa.scenario import Budget, ModelsFile, Scenario, check_references, load_card
from aaa.session.cast import Cast
from aaa.session.changes import session_row
from aaa.session.embedder import Embedder
from aaa.session.resolved import Resolved, refuse_mix
from aaa.session.run import RunOptions, RunResult, Watch, run_session
from aaa.store import Store
from aaa.text import Vectors
from aaa.types import Episode, Model, Place, SetAside, content_hash, row_id

JUDGES = "judges"
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class TextFileOptions:
    """Who is asked about a file of texts, and in whose name."""

    db: Path | str
    session: str
    """Name of the anonymous session."""
    embedding: ModelsFile | None = None
    """One model that makes vectors."""
    judges: ModelsFile | None = None
    accept_changes: bool = False
    """Go on although the session was begun with something else."""
    stop: asyncio.Event | None = None
    watch: Watch | None = None

    @property
    def models(self) -> Mapping[str, Model]:
        """All models. Raises `UsageError` for two of one name, or several embeddings."""
        files = [file.models for file in (self.embedding, self.judges) if file is not None]
        if self.embedding is not None and len(self.embedding.models) != 1:
            raise UsageError("One model makes the vectors: name a single one with `--embedding`.")
        found: dict[str, Model] = {}
        for name, model in (pair for file in files for pair in file.items()):
            if found.setdefault(name, model) != model:
                raise UsageError(f"Two models are called {name!r}: name them apart in a file, under `models`.")
        return found

    @property
    def budget(self) -> Budget:
        """The judges' budget, else the embedding's."""
        files = [file.budget for file in (self.judges, self.embedding) if file is not None]
        return next((budget for budget in files if budget != Budget()), Budget())


@dataclass(frozen=True)
class CheckedFile:
    """What came of a file: by position of the row, why it is set aside."""

    run: RunResult
    aside: Mapping[int, SetAside]
    simulated: bool
    unchecked: Sequence[int] = field(default=())
    """Rows that an early end left open."""


async def vectors_of(texts: Sequence[str], options: TextFileOptions) -> Vectors:
    """Vectors of all texts by the model of `options.embedding`, through journal and budget.

    Raises `ScenarioError` or `UsageError` before anything is written, `CallError`, and `StopError`.
    """
    (name,) = options.models
    resolved = _resolved(options, [{"dedup": {"method": "embedding", "embedding": name}}])
    stop = options.stop or asyncio.Event()
    with Store.open(options.db) as store, store.lock(resolved.session):
        await store.write(session_row(resolved, []))
        async with open_gateway(store, resolved.scenario, resolved.session, stop=stop) as gateway:
            if options.watch is not None:
                options.watch(Progress(), gateway)
            places = (Place.of(resolved.session, "dedup", content_hash(text)[:20]) for text in texts)
            return await Embedder(Cast(resolved, gateway), name)(texts, list(places))


async def decontaminate_file(
    rows: Sequence[Sequence[str]], against: Path, parameters: Mapping[str, Any], options: TextFileOptions
) -> CheckedFile:
    """Hold rows, each a list of turns, against a benchmark by a stage `decontaminate` with these parameters.

    Raises `ScenarioError` or `UsageError` before anything is written.
    """
    names = {} if options.embedding is None else {"embedding": next(iter(options.embedding.models))}
    judge = {} if options.judges is None else {"judge": JUDGES}
    stage = {"decontaminate": {"against": str(against), **parameters, **names, **judge}}
    memory = [
        {"id": str(at), "messages": [{"role": "user", "content": turn} for turn in turns]}
        for at, turns in enumerate(rows)
        if any(turn.strip() for turn in turns)
    ]
    resolved = replace(_resolved(options, [stage]), rows=memory)
    how = RunOptions(options.db, options.accept_changes, options.stop, options.watch)
    run = await run_session(resolved, how)
    with Store.open(options.db) as store:
        ids = {row_id("instruction", run.session, str(row["id"])): int(str(row["id"])) for row in memory}
        found = store.rows(SetAside, session=run.session)
        aside = {ids[row.instruction]: row for row in found if row.instruction in ids}
        open_ = [] if run.stopped is None else _open(store, run.session, ids)
        return CheckedFile(run, aside, resolved.simulated, open_)


def _open(store: Store, session: str, ids: Mapping[str, int]) -> list[int]:
    """Rows without a finished episode."""
    done = {episode.instruction for episode in store.rows(Episode, session=session, status="done")}
    return sorted(at for id_, at in ids.items() if id_ not in done)


def session_name(path: Path, what: str) -> str:
    """`data.jsonl` and `dedup` to `data-dedup`."""
    return f"{_NO_NAME.sub('-', path.stem).strip('-._') or 'texts'}-{what}"[:64]


def _resolved(options: TextFileOptions, stages: Sequence[Mapping[str, Any]]) -> Resolved:
    """The anonymous scenario. Raises `UsageError` where a key is missing."""
    models = {name: sim.resolve(model) for name, model in options.models.items()}
    cast = {} if options.judges is None else {JUDGES: {"models": list(options.judges.models), "card": "judge"}}
    try:
        scenario = Scenario.model_validate(
            {
                "name": options.session,
                "models": {name: model.model_dump(mode="json") for name, model in models.items()},
                "cast": cast,
                "prompts": {"from": ["memory"]},
                "stages": list(stages),
                "select": {},
                "budget": options.budget.model_dump(mode="json"),
            }
        )
    except ValidationError as error:
        raise ScenarioError("; ".join(one["msg"] for one in error.errors(include_url=False))) from error
    cards = {name: load_card("judge", near=[Path.cwd()]) for name in cast}
    check_references(scenario, cards)
    if missing := [f"{name} needs {key}" for name, model in models.items() if (key := missing_key(model))]:
        raise UsageError(f"API keys are missing: {', '.join(missing)}. Set them in the environment or in `.env`.")
    resolved = Resolved(scenario.name, scenario, Path.cwd(), models, cards, PromptSet.load())
    refuse_mix(resolved)
    return resolved
