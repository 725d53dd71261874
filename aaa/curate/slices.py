"""Progressive slices and splits: whole clusters of prompts that say nearly the same, never single rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from aaa.curate.dedup import near_pairs
from aaa.curate.splits import Split
from aaa.graphs import clusters
from aaa.scenario import Slicing
from aaa.types import content_hash


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

    split: Split
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


def clusters_of(texts: Mapping[str, str], families: Mapping[str, str] | None = None) -> dict[str, str]:
    """The cluster of each id: the smallest id that its text is near to, directly or through others (MinHash).

    Ids of one of the `families` (id to family) are in one cluster whatever they say: what was made of a prompt stays
    with it.
    """
    ids = sorted(texts)
    kin: dict[str, list[int]] = defaultdict(list)
    for at, id_ in enumerate(ids):
        kin[(families or {}).get(id_, id_)].append(at)
    related = [pair for members in kin.values() for pair in pairwise(members)]
    joined = clusters([*near_pairs([texts[id_] for id_ in ids]), *related])
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
    alike: Mapping[str, str] | None = None,
) -> dict[str, Part]:
    """Where each row belongs; rows of one `cluster` (a row without one is its own) always stay together.

    `gaps` says how far the target trails in each skill. `alike` are smaller clusters that `round` goes by instead: the
    versions of one prompt lie in one split, but in the slices of their rounds. The outcome does not depend on the order
    of the rows.
    """
    known = list(rows)
    split_of = _splits(_clusters(known, cluster, seed), spec)
    train = [row for row in known if split_of[row.id] == "train"]
    smaller = spec.schedule == "round" and alike is not None
    found = _clusters(train, (alike or {}) if smaller else cluster, seed)
    place = _slices(found, spec, gaps or {})
    slice_of = {id_: f"D{place[one.name]}" for one in found for id_ in one.rows}
    return {row.id: Part(split_of[row.id], slice_of.get(row.id)) for row in known}


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


def _splits(found: Sequence[_Cluster], spec: Slicing) -> dict[str, Split]:
    """The split of each row: for each skill in turn, test and validation take clusters, by hash, while that brings them
    nearer their share."""
    split: dict[str, Split] = {}
    wanted: dict[Split, float] = {"test": 0.0, "validation": 0.0}
    for members in _by_skill(found).values():
        size = sum(len(one.rows) for one in members)
        wanted["test"] += spec.test * size
        wanted["validation"] += spec.validation * size
        for one in sorted(members, key=lambda one: one.order):
            part: Split = next((name for name, rows in wanted.items() if len(one.rows) / 2 <= rows), "train")
            split |= dict.fromkeys(one.rows, part)
            if part != "train":
                wanted[part] -= len(one.rows)
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
