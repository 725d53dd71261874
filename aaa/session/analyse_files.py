"""Prompts analysed: by rules alone, or by taggers too, in an anonymous scenario with the usual journal and budget."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from aaa import __version__, sim
from aaa.curate.analysis import Analysis, AnalysisRule, analyse, describe
from aaa.curate.attributes import GIVEN, RULES, Labels, Rules, Settled, Taxonomies, tagged
from aaa.curate.tagging import SHOWN
from aaa.errors import ScenarioError, SessionChangedError, UsageError
from aaa.prompts import PromptSet
from aaa.runner import Episodes
from aaa.scenario import (
    OPEN,
    SAFETY,
    SKILLS,
    TASKS,
    ModelsFile,
    PromptRow,
    Prompts,
    RefusedRow,
    Scenario,
    TagStage,
    load_card,
    load_taxonomy,
    to_instruction,
)
from aaa.session.changes import edited_sources
from aaa.session.judging import refuse_missing_keys
from aaa.session.resolved import Resolved, refuse_mix
from aaa.session.run import Watch
from aaa.session.sources import prompt_rows
from aaa.session.stages import Kit
from aaa.session.stages.tag import RunningTag, taxonomy_sources
from aaa.session.work import Work, WorkOptions, work_through
from aaa.store import Store
from aaa.types import Decision, Failure, Instruction, Place, Session, Tagging, content_hash, decision_id

STAGE = "tag"
TAGGERS = "taggers"
ROOM = 4 * SHOWN
"""Characters of instructions that share a call, at most (ours); a longer one is alone."""
BATCH = 500
"""Instructions in one transaction (ours)."""
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class AnalyseOptions:
    """How prompts are analysed."""

    skills: str = SKILLS
    """A taxonomy, or `open`."""
    pool: tuple[str, ...] | None = None
    """Tags of the vocabulary that diversity is a share of."""
    taggers: ModelsFile | None = None
    """Its budget is that of the session."""
    beside: int = 8
    """Instructions in a call, at most."""
    db: Path | str = "data/aaa.db"
    session: str | None = None
    stop: asyncio.Event | None = None
    watch: Watch | None = None


@dataclass(frozen=True)
class Analysed:
    """What came of a source of prompts. `work` is that of the taggers, where there are any."""

    refused: Sequence[RefusedRow]
    analysis: Analysis
    settled: Mapping[str, Settled]
    """What stands for each prompt, by its id."""
    session: str | None = None
    work: Work | None = None
    untagged: int = 0
    """Prompts that no tagger labelled: rules stand in."""
    unread: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Prompts that a tagger gave no label, by its name and the kind of failure."""
    simulated: bool = False


async def analyse_prompts(prompts: Prompts, options: AnalyseOptions) -> Analysed:
    """Analyse all prompts of these sources.

    Raises `ScenarioError` or `UsageError` before anything is written for what cannot be read or cannot work.
    """
    refused: list[RefusedRow] = []
    taxonomies = taxonomies_of(options.skills)
    rule = AnalysisRule(open_skills=options.skills == OPEN, pool=options.pool)
    if options.taggers is None:
        return Analysed(refused, *_analysis(prompt_rows(prompts, refused, near=Path.cwd()), taxonomies, {}, rule))
    resolved = _resolved(prompts, options, options.taggers)
    refuse_missing_keys(resolved, TAGGERS)
    work, taggings, unread = await _tagged(prompt_rows(prompts, refused, near=Path.cwd()), resolved, options)
    analysis, settled = _analysis(prompt_rows(prompts, [], near=Path.cwd()), taxonomies, taggings, rule)
    untagged = sum(id_ not in taggings for id_ in settled)
    return Analysed(refused, analysis, settled, resolved.session, work, untagged, unread, resolved.simulated)


def taxonomies_of(skills: str) -> Taxonomies:
    """The taxonomies by which prompts are analysed. Raises `ScenarioError`."""
    return Taxonomies(None if skills == OPEN else load_taxonomy(skills), load_taxonomy(TASKS), load_taxonomy(SAFETY))


def _analysis(
    rows: Iterable[PromptRow],
    taxonomies: Taxonomies,
    taggings: Mapping[str, Mapping[str, Labels]],
    rule: AnalysisRule,
) -> tuple[Analysis, dict[str, Settled]]:
    rules = Rules(taxonomies)
    return analyse((describe(row, rules, taggings.get(row.source_id, {})) for row in rows), rule)


async def _tagged(
    rows: Iterable[PromptRow], resolved: Resolved, options: AnalyseOptions
) -> tuple[Work, dict[str, dict[str, Labels]], dict[str, Counter[str]]]:
    """Let the taggers work; what each of them said, by prompt and name, and how often they said nothing, by name and
    kind of failure."""
    name, (spec,) = resolved.session, resolved.scenario.stages
    assert isinstance(spec, TagStage)
    with Store.open(options.db) as store, store.lock(name):
        session = _session(resolved, taxonomy_sources(spec, taxonomies_of(options.skills)))
        _refuse_other(store, session)
        instructions = {row.source_id: to_instruction(row, name) for row in rows}
        await store.write(session)
        for part in _parts(list(instructions.values())):
            await store.write(*part)
        batches = await _batches(store, name, instructions, options.beside)
        follow = partial(_label, spec, len(batches))
        judging = WorkOptions(db=options.db, session=name, stop=options.stop, watch=options.watch)
        work = await work_through(store, resolved, batches, follow, judging)
        if work.stopped is None:
            await store.write(session.model_copy(update={"complete": True}))
        sources = {instruction.id: source for source, instruction in instructions.items()}
        found: dict[str, dict[str, Labels]] = defaultdict(dict)
        for row in sorted(store.rows(Tagging, session=name), key=lambda row: row.tagger):
            if row.instruction in sources and row.tagger in resolved.models:
                found[sources[row.instruction]][row.tagger] = tagged(row)
        unread: dict[str, Counter[str]] = defaultdict(Counter)
        for failure in store.rows(Failure, session=name):
            if failure.instruction in sources:
                unread[failure.model or failure.role][failure.kind] += 1
        return work, dict(found), dict(sorted(unread.items()))


async def _label(spec: TagStage, expected: int, kit: Kit, episodes: Episodes, batch: list[Instruction]) -> None:
    """One call of each tagger, in an episode of its own."""
    episodes.progress.expected = expected
    stage, place = RunningTag(spec, kit), Place.of(batch[0].session, STAGE, batch[0].id)
    texts = [[one.id, [message.model_dump(mode="json") for message in one.prompt]] for one in batch]
    await episodes.run(place, content_hash([stage.fingerprint, texts]), partial(stage.label, batch, place))


async def _batches(
    store: Store, session: str, instructions: Mapping[str, Instruction], beside: int
) -> list[list[Instruction]]:
    """Instructions that share a call. Who shared one in an earlier run does so again, so that no call is repeated when
    prompts are added; the decision is committed before use."""
    id_, by_id = decision_id(session, "batches"), {one.id: one for one in instructions.values()}
    before = store.get(Decision, id_)
    value = before.value if before is not None and isinstance(before.value, list) else []
    known = [[str(one) for one in batch] for batch in value if isinstance(batch, list)]
    placed = {one for batch in known for one in batch}
    new = list(_shared([one for one in by_id.values() if one.id not in placed], beside))
    whole = [*known, *([one.id for one in batch] for batch in new)]
    inputs = content_hash(whole)
    await store.write(Decision(id=id_, session=session, name="batches", inputs=inputs, value=[[*one] for one in whole]))
    kept = ([by_id[one] for one in batch if one in by_id] for batch in whole)
    return [batch for batch in kept if batch]


def _shared(instructions: Iterable[Instruction], beside: int) -> Iterator[list[Instruction]]:
    """Parts of at most `beside` instructions that are not too long together."""
    part: list[Instruction] = []
    size = 0
    for one in instructions:
        length = min(SHOWN, sum(len(message.text) for message in one.prompt))
        if part and (len(part) == beside or size + length > ROOM):
            yield part
            part, size = [], 0
        part.append(one)
        size += length
    if part:
        yield part


def _parts(instructions: Sequence[Instruction]) -> Iterator[Sequence[Instruction]]:
    for begin in range(0, len(instructions), BATCH):
        yield instructions[begin : begin + BATCH]


def _resolved(prompts: Prompts, options: AnalyseOptions, taggers: ModelsFile) -> Resolved:
    """The anonymous scenario."""
    if taken := {GIVEN, RULES} & set(taggers.models):
        raise ScenarioError(f"a tagger cannot be called {min(taken)!r}: labels of another source have this name")
    models = {name: sim.resolve(model) for name, model in taggers.models.items()}
    name = options.session or f"{_NO_NAME.sub('-', Path(prompts.patterns[0]).stem).strip('-._') or 'prompts'}-analyse"
    try:
        scenario = Scenario.model_validate(
            {
                "name": name[:64],
                "models": {key: model.model_dump(mode="json") for key, model in models.items()},
                "cast": {TAGGERS: {"models": list(models), "card": "tagger"}},
                "prompts": prompts.model_dump(mode="json", by_alias=True),
                "stages": [{"tag": {"name": STAGE, "by": TAGGERS, "skills": options.skills, "whom": "all"}}],
                "budget": taggers.budget.model_dump(mode="json"),
            }
        )
    except ValidationError as error:
        raise ScenarioError("; ".join(one["msg"] for one in error.errors(include_url=False))) from error
    cards = {TAGGERS: load_card("tagger", near=[Path.cwd()])}
    resolved = Resolved(scenario.name, scenario, Path.cwd(), models, cards, PromptSet.load())
    refuse_mix(resolved)
    return resolved


def _session(resolved: Resolved, sources: dict[str, str]) -> Session:
    return Session(
        id=resolved.session,
        scenario=resolved.scenario.model_dump(mode="json"),
        cards={name: card and card.model_dump(mode="json") for name, card in resolved.cards.items()},
        prompts=resolved.prompts.texts(),
        stages={STAGE: ""},
        sources={STAGE: sources},
        version=__version__,
        simulated=resolved.simulated,
    )


def _refuse_other(store: Store, new: Session) -> None:
    """A session of the same name that is something else is left alone, and none is paid for again unasked."""
    before = store.get(Session, new.id)
    if before is None:
        return
    if before.stages != {STAGE: ""}:
        raise UsageError(f"There is a session {before.id!r} already, of another kind: give `--session NAME`.")
    if lines := edited_sources(before, new):
        raise SessionChangedError(
            f"Session {new.id!r} was begun with something else: {'; '.join(lines)}. Going on would ask for its "
            f"{store.count(Tagging, session=new.id):,} labels again. Give `--session NAME` to begin another one."
        )
