"""How prompts enter a session: read and checked whole, sampled, stored."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from pydantic import JsonValue

from aaa.curate.sampling import Entry, choose
from aaa.errors import ScenarioError, WorkError
from aaa.scenario import AnswerStage, PromptRow, Sampling, kept, to_instruction
from aaa.session.instructions import sampled
from aaa.session.pools import entry, likeness_of
from aaa.session.resolved import Resolved
from aaa.session.sources import source_rows, tallied
from aaa.types import Decision, Instruction, VerifierKind, content_hash, row_id
from aaa.verify import check, require

if TYPE_CHECKING:
    from aaa.store import Store

BATCH = 500  # instructions in one transaction (ours)
LABELS = frozenset({"slice", "split"})
"""What barriers may write on a prompt."""
FREE = {"meta"} | LABELS
"""What may change of a prompt without its being another one."""


@dataclass(frozen=True)
class Intake:
    """The prompts that a session will work on: their source ids in order, and a hash of all that was read."""

    chosen: tuple[str, ...]
    read: int
    digest: str
    verifiers: frozenset[VerifierKind] = frozenset()
    """Kinds that the prompts use."""
    refused: Mapping[str, int] = field(default_factory=dict)
    """Rows that were left out, by reason (`faults: set_aside`)."""
    slices: Mapping[str, str] = field(default_factory=dict)
    """Of each chosen prompt, where they are dealt to slices."""
    answers: int = 0
    """Answers that one prompt brings along at most."""

    @property
    def sources(self) -> dict[str, JsonValue]:
        """What became of all rows: read = kept + refused."""
        return {"read": self.read + sum(self.refused.values()), "kept": self.read, "refused": dict(self.refused)}


def survey(resolved: Resolved) -> Intake:
    """Read every prompt once and choose the sample; keeps only keys in memory.

    Raises `ScenarioError`, and `UsageError` where this machine lacks what a verifier needs.
    """
    scenario, digest, spec = resolved.scenario, hashlib.sha256(), _sampling(resolved)
    pool: list[Entry] = []
    refused: Counter[str] = Counter()
    kinds: set[VerifierKind] = set()
    skills: dict[str, str | None] = {}
    answers = 0
    likeness = likeness_of(spec, lambda: _rows(resolved), near=resolved.folder)
    for row in kept(tallied(source_rows(resolved), refused), scenario.prompts):
        digest.update(content_hash(row.model_dump(mode="json")).encode())
        if row.verifier is not None:
            kinds.add(row.verifier.kind)
            _refuse_uncheckable(row, resolved.session)
        skills[row.source_id] = row.skill
        answers = max(answers, len(row.answers))
        pool.append(entry(row, spec, likeness))
    spec = spec or Sampling(size=max(1, len(pool)))
    drawn = choose(pool, spec, seed=scenario.seed)
    require(kinds, scenario.sandbox)
    prompts = scenario.prompts
    slices = _dealt(skills, drawn.ids, prompts.slices)
    taken = tuple(source for source in drawn.ids if prompts.only is None or slices[source] == prompts.only)
    left_out = dict(sorted(refused.items()))
    return Intake(taken, len(pool), digest.hexdigest(), frozenset(kinds), left_out, slices, answers)


def _sampling(resolved: Resolved) -> Sampling | None:
    """How to sample, under the weights that come from elsewhere. Raises `UsageError` where they are not there."""
    prompts = resolved.scenario.prompts
    spec = prompts.sample
    if spec is None or spec.weights_from is None:
        return spec
    from aaa.session.skill_gaps import gaps_from  # heavy

    return gaps_from(spec.weights_from, db=prompts.db, near=resolved.folder).steer(spec)


def notes(resolved: Resolved, intake: Intake) -> Iterator[str]:
    """What is worth knowing of the prompts and stops nothing."""
    if intake.refused:
        reasons = ", ".join(f"{number:,} {reason}" for reason, number in intake.refused.items())
        yield f"of {sum(intake.refused.values()) + intake.read:,} rows {intake.read:,} are used; left out: {reasons}"
    taken = max((stage.given for stage in resolved.scenario.stages if isinstance(stage, AnswerStage)), default=0)
    if intake.answers > taken:
        yield (
            f"some prompts bring {intake.answers} answers along, and stages take in {taken} of them: see "
            "`answer: {given: N}`"
        )
    if "python_tests" in intake.verifiers and not resolved.scenario.sandbox.python:
        yield (
            "some prompts bring tests for answers that are programs; none is run, and panels decide, unless the "
            "scenario says `sandbox: {python: true}`"
        )


def _refuse_uncheckable(row: PromptRow, session: str) -> None:
    """A reference that its verifier cannot read would fail every answer after it was paid for: better now."""
    try:
        check(to_instruction(row, session), row.reference or "")
    except WorkError as error:
        raise ScenarioError(f"prompt {row.source_id!r} could never be checked: {error}") from error


def edited(resolved: Resolved, intake: Intake, store: Store) -> list[str]:
    """Source ids of chosen prompts whose text or reference differs from what the session holds."""
    if not sampled(store, resolved.session):
        return []
    return [new.source_id for old, new in _held(resolved, intake, store) if _differs(old, new)]


def part_of(intake: Intake, only: Collection[str], store: Store, session: str) -> Intake:
    """The prompts of `only` (source ids) and those that the session works on already."""
    held = set(sampled(store, session))
    kept = (source for source in intake.chosen if source in only or row_id("instruction", session, source) in held)
    return replace(intake, chosen=tuple(kept))


async def take_in(resolved: Resolved, intake: Intake, store: Store) -> None:
    """Store the chosen prompts, then the decision that names them."""
    labelled = (_labelled(new, old) for old, new in _held(resolved, intake, store))
    while batch := list(islice(labelled, BATCH)):
        await store.write(*batch)
    await store.write(
        Decision(
            id=row_id("decision", resolved.session, "sample"),
            session=resolved.session,
            name="sample",
            inputs=intake.digest,
            value=[row_id("instruction", resolved.session, source) for source in intake.chosen],
        ),
        Decision(
            id=row_id("decision", resolved.session, "sources"),
            session=resolved.session,
            name="sources",
            inputs=intake.digest,
            value=intake.sources,
        ),
    )


def _held(resolved: Resolved, intake: Intake, store: Store) -> Iterator[tuple[Instruction | None, Instruction]]:
    """The chosen prompts, each behind what the session holds in its place."""
    fresh = chosen(resolved, intake)
    while batch := list(islice(fresh, BATCH)):
        held = store.get_all(Instruction, [one.id for one in batch])
        yield from ((held.get(one.id), one) for one in batch)


def _rows(resolved: Resolved) -> Iterator[PromptRow]:
    return kept(source_rows(resolved), resolved.scenario.prompts)


def chosen(resolved: Resolved, intake: Intake) -> Iterator[Instruction]:
    """The chosen prompts as instructions of the session, in the order of their files."""
    wanted = set(intake.chosen)
    for row in _rows(resolved):
        if row.source_id in wanted:
            instruction, part = to_instruction(row, resolved.session), intake.slices.get(row.source_id)
            yield instruction if part is None else instruction.model_copy(update={"slice": part})


def _dealt(skills: Mapping[str, str | None], chosen: Sequence[str], slices: int | None) -> dict[str, str]:
    """The slice of each prompt, each skill dealt out in turn, so that every slice is a sample like the whole."""
    turns: Counter[str | None] = Counter()
    found = {}
    for source in chosen if slices is not None else ():
        found[source] = f"D{1 + turns[skills[source]] % (slices or 1)}"
        turns[skills[source]] += 1
    return found


def _labelled(new: Instruction, old: Instruction | None) -> Instruction:
    """The prompt under the labels that a barrier of an earlier run gave it."""
    if old is None:
        return new
    return new.model_copy(update={name: getattr(old, name) for name in LABELS if getattr(new, name) is None})


def _differs(old: Instruction | None, new: Instruction) -> bool:
    return old is not None and old.model_dump(exclude=FREE) != new.model_dump(exclude=FREE)
