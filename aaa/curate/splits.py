"""Splits of prompts: whole clusters, so that nothing that is tested was trained on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from aaa.curate.dedup import near_pairs
from aaa.graphs import clusters
from aaa.text import normalised
from aaa.types import Instruction, content_hash

Split = Literal["train", "validation", "test"]
HELD_OUT: tuple[Split, ...] = ("test", "validation", "train")
"""From the most held out on: a cluster goes to the first of those that its prompts were given."""


@dataclass(frozen=True, slots=True)
class SplitRow:
    """What is known of a prompt that belongs to a split. `key` is a hash of what it says."""

    id: str
    parent: str | None
    stated: str | None
    key: str

    @classmethod
    def of(cls, instruction: Instruction) -> SplitRow:
        said = content_hash(["split", normalised(asked(instruction))])
        return cls(instruction.id, instruction.lineage.parent, instruction.split, said[:16])


def asked(instruction: Instruction) -> str:
    """All that the user says: what prompts are compared by, since many share a system message."""
    return "\n".join(message.text for message in instruction.messages if message.role == "user")


def split_up(rows: Sequence[SplitRow], texts: Iterable[str], test_share: float) -> dict[str, Split]:
    """The split of each row; `texts` are what they say, in the same order.

    A cluster is a prompt with all that was made of it, and all that says nearly the same (MinHash), directly or through
    others. It goes where its prompts were said to belong; else `test_share` of the clusters go to `test`, by the hash
    of a prompt in it that nobody made of another. More rows move no cluster but those that they join.
    """
    roots = _roots(rows)
    numbers = {root: number for number, root in enumerate(dict.fromkeys(roots))}
    own = [numbers[root] for root in roots]
    first: dict[str, int] = {}
    pairs = [(own[one], own[other]) for one, other in near_pairs(texts)]
    pairs += [(first.setdefault(row.key, number), number) for row, number in zip(rows, own, strict=True)]
    joined = clusters(pair for pair in pairs if pair[0] != pair[1])
    names = {number: cluster[0] for cluster in joined for number in cluster}
    members: dict[int, list[SplitRow]] = defaultdict(list)
    for row, number in zip(rows, own, strict=True):
        members[names.get(number, number)].append(row)
    return {row.id: split for group in members.values() for split in [_split(group, test_share)] for row in group}


def _roots(rows: Sequence[SplitRow]) -> list[str]:
    """Of each row, the id of the prompt at the beginning of its lineage, though that prompt may not be among them."""
    parents = {row.id: row.parent for row in rows if row.parent is not None}
    roots = []
    for row in rows:
        at, seen = row.id, {row.id}
        while (above := parents.get(at)) is not None and above not in seen:
            at = above
            seen.add(at)
        roots.append(at)
    return roots


def _split(group: Sequence[SplitRow], test_share: float) -> Split:
    stated = {row.stated for row in group}
    for split in HELD_OUT:
        if split in stated:
            return split
    key = min(row.key for row in [row for row in group if row.parent is None] or group)
    return "test" if int(content_hash(["place", key])[:16], 16) / 2**64 < test_share else "train"
