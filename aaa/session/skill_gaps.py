"""The gaps of skills that a sample or a schedule follows: of a stage, of an earlier session, or from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from aaa.curate.sampling import ANY
from aaa.errors import UsageError
from aaa.rate import GapRule, SpreadRule, spread
from aaa.scenario import SESSION, GapsStage, Sampling
from aaa.scenario.tree import plain
from aaa.scenario.yaml_reader import read_yaml
from aaa.session.teaching import slices_of, taught, widths
from aaa.store import Store
from aaa.types import Decision, Session, content_hash, decision_id

STAGE = "gaps"
"""Stands for the `gaps` stage before, where a stage asks."""


@dataclass(frozen=True)
class SkillGaps:
    """What is known of each skill."""

    widths: Mapping[str, float]
    """How wide its gap is: points of rating, or what a file says."""
    shares: Mapping[str, float]
    """Its part of a budget, or the weight that a file gives it."""

    @classmethod
    def of_decision(cls, value: JsonValue) -> SkillGaps:
        """As a `gaps` stage decided; nothing where it has not."""
        match value:
            case {"teaching": list(edges), "shares": dict(shares)}:
                return cls(
                    widths(shares, map(_edge, edges)), {skill: float(str(part)) for skill, part in shares.items()}
                )
        return cls({}, {})

    @classmethod
    def of_edges(cls, skills: Mapping[str, object], edges: list[Any]) -> SkillGaps:
        """Of skills and the edges of a teaching graph."""
        found = widths(skills, map(_edge, edges))
        return cls(found, spread(found, SpreadRule()))

    def document(self) -> JsonValue:
        """Plain JSON."""
        return [dict(self.widths), dict(self.shares)]

    def steer(self, spec: Sampling) -> Sampling:
        """The sampling under these weights; a skill that nobody measured weighs as little as the least."""
        weights = {**self.shares, ANY: min(self.shares.values(), default=1.0)}
        return spec.model_copy(update={"weights": {**spec.weights, "skill": weights}})


def gaps_from(source: str, *, db: Path | str, near: Path) -> SkillGaps:
    """The gaps of a `session:NAME` in the store `db`, or of a file: what `aaa gaps --json` wrote, or `{skill: number}`.

    Raises `UsageError` for a source that is not there or says nothing.
    """
    name = source.removeprefix(SESSION)
    found = _of_session(name, db) if name != source else _of_file(_found(source, near))
    if not found.shares:
        raise UsageError(f"{source} tells the gap of no skill.")
    return found


@dataclass(frozen=True)
class GapSource:
    """Where a stage takes gaps from: nowhere, the `gaps` stage before it, or elsewhere."""

    source: str | None
    stage: GapsStage | None
    """The `gaps` stage before, if there is one."""
    db: Path | str
    near: Path

    @property
    def definition(self) -> JsonValue:
        """What comes from elsewhere; None where nothing does. Raises `UsageError`."""
        return None if self._elsewhere is None else self._elsewhere.document()

    @property
    def sources(self) -> Mapping[str, str]:
        """The same as `sources` of a stage that asks here."""
        return {} if self._elsewhere is None else {f"gaps of {self.source}": content_hash(self.definition)}

    def reads(self, store: Store, session: str) -> JsonValue:
        """What comes of the decision of a `gaps` stage; None where nothing does."""
        found = self.read(store, session) if self.source == STAGE else None
        return None if found is None else found.document()

    def read(self, store: Store, session: str) -> SkillGaps | None:
        """The gaps as they stand now; None where nobody asks. Raises `UsageError`."""
        if self.source != STAGE or self.stage is None:
            return self._elsewhere
        decision = store.get(Decision, decision_id(session, self.stage.name))
        return SkillGaps.of_decision(None if decision is None else decision.value)

    @cached_property
    def _elsewhere(self) -> SkillGaps | None:
        return None if self.source in (None, STAGE) else gaps_from(str(self.source), db=self.db, near=self.near)


def _of_session(name: str, db: Path | str) -> SkillGaps:
    """The last decision of its `gaps` stages; without one, as its battles show."""
    with Store.open(db, create=False) as store:
        session = store.get(Session, name)
        if session is None:
            known = ", ".join(sorted(row.id for row in store.rows(Session))) or "none"
            raise UsageError(f"{db} holds no session {name!r}; it holds {known}.")
        for stage in reversed(list(session.stages)):
            decision = store.get(Decision, decision_id(name, stage))
            found = SkillGaps.of_decision(None if decision is None else decision.value)
            if found.shares:
                return found
        slices = slices_of(store, session, GapRule())
        if not slices:
            return SkillGaps({}, {})
        target = session.scenario.get("target")
        gaps = slices[-1].gaps
        return SkillGaps.of_edges(gaps.by, list(taught(gaps, target if isinstance(target, str) else None)))


def _of_file(path: Path) -> SkillGaps:
    match plain(read_yaml(path)):
        case {"slices": [*_, {"by": dict(by), "teaching": list(edges)}]}:
            return SkillGaps.of_edges(by, edges)
        case {"skill": dict(numbers)} | dict(numbers) if all(map(_is_weight, numbers.values())):
            given = {skill: float(str(number)) for skill, number in numbers.items()}
            return SkillGaps(given, given)
    raise UsageError(
        f"{path} holds no gaps: it is to be what `aaa gaps SESSION --json` prints, or a number for each skill, such as "
        "`coding: 3`."
    )


def _is_weight(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0.0 <= value < float("inf")


def _edge(edge: Any) -> tuple[str, str, str, float]:
    teacher, student, skill, points = edge
    return str(teacher), str(student), str(skill), float(points)


def _found(name: str, near: Path) -> Path:
    """The file, in the working folder or near the scenario."""
    return next((path for path in (Path(name), near / name) if path.is_file()), Path(name))
