"""Progressive slices and splits: whole clusters of prompts that say nearly the same, never single rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from aaa.curate.dedup import near_pairs
from aaa.graphs import clusters
from aaa.types import Value, content_hash

Share = Annotated[float, Field(ge=0.0, lt=1.0)]


class Slicing(Value):
    """How prompts are divided. Slices are named D0, D1, ...; only `train` rows are in one."""

    slices: Annotated[int, Field(ge=1, le=100)] = 4
    schedule: Literal["random", "easy_to_hard", "gap", "round"] = "random"
    """`random`: alike in skills; `easy_to_hard`: by difficulty within each skill; `gap`: skills with the widest gap
    first; `round`: prompts of evolution round N in slice N."""
    validation: Share = 0.0
    test: Share = 0.0
    """Shares of the rows of each skill, as near as whole clusters come."""

    @model_validator(mode="after")
    def _leaves_some(self) -> Slicing:
        if self.validation + self.test >= 1.0:
            raise ValueError("validation and test leave nothing to train on")
        return self


@dataclass(frozen=True, slots=True)
class SliceRow:
    """What is known of a prompt that is to be put in a slice."""

    id: str
    skill: str | None = None
    difficulty: float | None = None
    round: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Where a prompt belongs; no slice outside of `train`."""

    split: Literal["train", "validation", "test"]
    slice: str | None


@dataclass(frozen=True, slots=True)
class _Cluster:
    """A cluster with the skill most of its rows have, their mean difficulty and their last round."""

    name: str
    rows: tuple[str, ...]
    skill: str
    difficulty: float
    round: int
    order: str


def clusters_of(texts: Mapping[str, str]) -> dict[str, str]:
    """The cluster of each id: the smallest id that its text is near to, directly or through others (MinHash)."""
    ids = sorted(texts)
    joined = clusters(near_pairs([texts[id_] for id_ in ids]))
    names = {id_: id_ for id_ in ids}
    for members in joined:
        names |= dict.fromkeys((ids[at] for at in members), ids[min(members)])
    return names


def slice_up(
    rows: Iterable[SliceRow],
    spec: Slicing,
    *,
    cluster: Mapping[str, str],
    seed: int,
    gaps: Mapping[str, float] | None = None,
) -> dict[str, Part]:
    """Where each row belongs; rows of one `cluster` (a row without one is its own) always stay together.

    `gaps` says how far the target trails in each skill. The outcome does not depend on the order of the rows.
    """
    found = _clusters(rows, cluster, seed)
    split = _splits(found, spec)
    train = [one for one in found if split[one.name] == "train"]
    place = _slices(train, spec, gaps or {})
    return {
        id_: Part(split[one.name], f"D{place[one.name]}" if one.name in place else None)
        for one in found
        for id_ in one.rows
    }


def _clusters(rows: Iterable[SliceRow], cluster: Mapping[str, str], seed: int) -> list[_Cluster]:
    members: dict[str, list[SliceRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.id):
        members[cluster.get(row.id, row.id)].append(row)
    return [_cluster(name, members[name], seed) for name in sorted(members)]


def _cluster(name: str, rows: Sequence[SliceRow], seed: int) -> _Cluster:
    skills = Counter(str(row.skill) for row in rows)
    known = [row.difficulty for row in rows if row.difficulty is not None]
    return _Cluster(
        name=name,
        rows=tuple(row.id for row in rows),
        skill=min(skills, key=lambda skill: (-skills[skill], skill)),
        difficulty=sum(known) / len(known) if known else 5.5,  # the middle of 1..10 where nothing is known
        round=max(row.round for row in rows),
        order=content_hash([seed, "slice", name]),
    )


def _splits(found: Sequence[_Cluster], spec: Slicing) -> dict[str, Literal["train", "validation", "test"]]:
    """For each skill in turn: test and validation take clusters, by hash, while that brings them nearer their share."""
    split: dict[str, Literal["train", "validation", "test"]] = dict.fromkeys((one.name for one in found), "train")
    wanted: dict[str, float] = {"test": 0.0, "validation": 0.0}
    for members in _by_skill(found).values():
        size = sum(len(one.rows) for one in members)
        wanted["test"] += spec.test * size
        wanted["validation"] += spec.validation * size
        for one in sorted(members, key=lambda one: one.order):
            for part in ("test", "validation"):
                if len(one.rows) / 2 <= wanted[part]:
                    split[one.name] = part
                    wanted[part] -= len(one.rows)
                    break
    return split


def _by_skill(found: Iterable[_Cluster]) -> dict[str, list[_Cluster]]:
    skills: dict[str, list[_Cluster]] = defaultdict(list)
    for one in found:
        skills[one.skill].append(one)
    return dict(sorted(skills.items()))


def _slices(train: Sequence[_Cluster], spec: Slicing, gaps: Mapping[str, float]) -> dict[str, int]:
    if spec.schedule == "round":
        return {one.name: min(one.round, spec.slices - 1) for one in train}
    if spec.schedule == "gap":
        return _cut(sorted(train, key=lambda one: (-gaps.get(one.skill, 0.0), one.order)), spec.slices)
    if spec.schedule == "easy_to_hard":
        strata = _by_skill(train).values()
        ordered = (sorted(members, key=lambda one: (one.difficulty, one.order)) for members in strata)
        return {name: at for members in ordered for name, at in _cut(members, spec.slices).items()}
    return _dealt(train, spec.slices)


def _cut(ordered: Sequence[_Cluster], slices: int) -> dict[str, int]:
    """Consecutive parts of nearly as many rows: a cluster lies where its middle row does."""
    size, before, place = sum(len(one.rows) for one in ordered), 0.0, {}
    for one in ordered:
        place[one.name] = int(slices * (before + len(one.rows) / 2) / size)
        before += len(one.rows)
    return place


def _dealt(train: Sequence[_Cluster], slices: int) -> dict[str, int]:
    """Skill by skill, largest cluster first, to the slice with the fewest rows of the skill, then of all."""
    place, whole = {}, [0] * slices
    for members in _by_skill(train).values():
        own = [0] * slices
        for one in sorted(members, key=lambda one: (-len(one.rows), one.order)):
            at = min(range(slices), key=lambda at: (own[at], whole[at], at))
            place[one.name] = at
            own[at] += len(one.rows)
            whole[at] += len(one.rows)
    return place
