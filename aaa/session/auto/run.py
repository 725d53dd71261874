"""`aaa evolve --auto`: a file of prompts and an anonymous scenario; the method that comes of it, with its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aaa import __version__, sim
from aaa.errors import UsageError
from aaa.llm import missing_key
from aaa.prompts import PromptSet
from aaa.runner import Episodes
from aaa.scenario import AutoFile, Prompts, Scenario, load_auto, load_method, read_prompts, to_instruction
from aaa.session.auto.optimisation import Optimisation
from aaa.session.changes import refuse_changes
from aaa.session.resolved import Resolved, refuse_mix
from aaa.session.stages import Kit
from aaa.session.work import Work, WorkOptions, work_through
from aaa.store import Store
from aaa.types import EVERYTHING, Failure, Instruction, MethodStep, Place, Session, content_hash

STAGE = "auto-evolve"
"""Name of the one stage."""
METHOD = "evolve_method"
"""The prompt that is AAA's own method."""


@dataclass(frozen=True)
class Optimised:
    """What came of a run. `method` is the text that stands; without steps it is the one it began with."""

    session: str
    method: str
    steps: Sequence[MethodStep]
    failures: Sequence[Failure]
    """Why it did not come to an end, where it did not."""
    work: Work
    simulated: bool


async def optimise_method(
    prompts: Path, file: Path, options: WorkOptions, *, accept_changes: bool = False
) -> Optimised:
    """Optimise a method on the prompts of a file, as the settings in `file` say.

    Raises `ScenarioError` or `UsageError` before anything is written for files that cannot be read or hold too little,
    or differ from those that the session was begun with, unless that is accepted.
    """
    auto = load_auto(file)
    resolved = _resolved(auto, prompts, file, options.session)
    _refuse_missing_keys(resolved)
    begin = load_method(file.parent / auto.method) if auto.method else resolved.prompts.render(METHOD).text.strip()
    dev, pool = split(_instructions(prompts, resolved.session), auto, prompts)
    place = Place.of(resolved.session, STAGE, EVERYTHING)
    mark, sources = _definition(auto, resolved, begin, [*dev, *pool])
    with Store.open(options.db) as store, store.lock(resolved.session):
        _refuse_other(store.get(Session, resolved.session))
        session = _session(resolved, mark, sources)
        if not accept_changes:
            refuse_changes(store, session, resolved.prompts)
        await store.write(session, *dev, *pool)

        async def follow(kit: Kit, episodes: Episodes, method: str) -> None:
            episodes.progress.expected = 1
            run = partial(Optimisation(auto, kit, place, dev, pool).run, method)
            await episodes.run(place, mark, run)

        work = await work_through(store, resolved, [begin], follow, options)
        steps = sorted(store.rows(MethodStep, session=resolved.session), key=lambda step: step.number)
        failures = list(store.rows(Failure, session=resolved.session, episode=place.episode))
        if steps and work.stopped is None:
            await store.write(session.model_copy(update={"complete": True}))
        return Optimised(resolved.session, standing(steps) or begin, steps, failures, work, resolved.simulated)


def standing(steps: Sequence[MethodStep]) -> str | None:
    """The method that stands after these steps; None before the first."""
    if not steps:
        return None
    last = steps[-1]
    return last.text if last.accepted is None else last.candidates[last.accepted].text


def split(
    instructions: Sequence[Instruction], auto: AutoFile, source: Path
) -> tuple[list[Instruction], list[Instruction]]:
    """Dev set and optimisation set, disjoint also by text, in an order by hash of seed and text.

    Raises `UsageError` where the prompts do not suffice.
    """
    texts: dict[str, Instruction] = {}
    for instruction in sorted(instructions, key=lambda one: one.id):
        words = " ".join(instruction.text.casefold().split())
        texts.setdefault(content_hash([auto.seed, "auto", words]), instruction)
    ordered = [texts[key] for key in sorted(texts)]
    needed = auto.dev + auto.minibatch
    if len(ordered) < needed:
        raise UsageError(
            f"{source} holds {len(ordered)} different prompts; {needed} are needed: `dev: {auto.dev}` and, apart from "
            f"them, at least `minibatch: {auto.minibatch}`. Add prompts, or lower one of the two (a smaller dev set "
            "finds only larger differences)."
        )
    return ordered[: auto.dev], ordered[auto.dev :][: auto.steps * auto.minibatch]


def _instructions(prompts: Path, session: str) -> list[Instruction]:
    rows = read_prompts(Prompts.model_validate({"from": [str(prompts)]}), near=Path.cwd())
    return [to_instruction(row, session) for row in rows]


def _definition(
    auto: AutoFile, resolved: Resolved, begin: str, instructions: Sequence[Instruction]
) -> tuple[str, dict[str, str]]:
    """Hash of all that the history depends on, and of what of it comes from files, by what it is."""
    settings = auto.model_dump(mode="json", exclude={"name", "models", "method", "budget", "episodes_at_once"})
    models = [
        [model.name, model.model, model.identity, model.revision, model.params.model_dump(mode="json")]
        for model in resolved.models.values()
    ]
    names = (METHOD, "evolve_by_method", "auto_analyse", "auto_propose", "ask_again")
    hashes = [resolved.prompts.hash_of(name) for name in names]
    texts = [[one.id, [message.text for message in one.prompt]] for one in instructions]
    files = {"settings": settings, "prompts": texts, f"method {auto.method or METHOD!r}": begin}
    sources = {what: content_hash(said) for what, said in files.items()}
    return content_hash([settings, models, hashes, begin, texts]), sources


def _resolved(auto: AutoFile, prompts: Path, file: Path, session: str | None) -> Resolved:
    """The anonymous scenario."""
    models = {name: sim.resolve(model) for name, model in auto.models.items()}
    name = session or auto.name
    scenario = Scenario.model_validate(
        {
            "name": name,
            "seed": auto.seed,
            "models": {key: model.model_dump(mode="json") for key, model in models.items()},
            "cast": {group: {"models": list(names)} for group, names in auto.groups.items()},
            "prompts": {"from": [str(prompts)]},
            "stages": [{"answer": {"name": STAGE, "models": "responders"}}],
            "budget": auto.budget.model_dump(mode="json"),
            "episodes_at_once": auto.episodes_at_once,
        }
    )
    resolved = Resolved(
        session=name,
        scenario=scenario,
        folder=file.resolve().parent,
        models=models,
        cards=dict.fromkeys(auto.groups),
        prompts=PromptSet.load({name: file.resolve().parent / path for name, path in auto.templates.items()}),
    )
    refuse_mix(resolved)
    return resolved


def _session(resolved: Resolved, mark: str, sources: dict[str, str]) -> Session:
    return Session(
        id=resolved.session,
        scenario=resolved.scenario.model_dump(mode="json"),
        cards=dict(resolved.cards),
        prompts=resolved.prompts.texts(),
        stages={STAGE: mark},
        sources={STAGE: sources},
        version=__version__,
        simulated=resolved.simulated,
    )


def _refuse_other(before: Session | None) -> None:
    """A session of the same name that is something else is left alone."""
    if before is not None and list(before.stages) != [STAGE]:
        raise UsageError(f"There is a session {before.id!r} already, of another kind: give `--session NAME`.")


def _refuse_missing_keys(resolved: Resolved) -> None:
    missing = {name: key for name, model in resolved.models.items() if (key := missing_key(model)) is not None}
    if missing:
        lines = ", ".join(f"{name} needs {key}" for name, key in missing.items())
        raise UsageError(f"API keys are missing: {lines}. Set them in the environment or in `.env`.")
