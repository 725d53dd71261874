"""YAML data that remembers where it was written, through merging and `--set`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from aaa.errors import ScenarioError

Scalar = str | int | float | bool | None
KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something was written: a file, or a `--set` without a line; lines count from 1."""

    file: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its mark; an entry of a mapping carries the mark of its key."""

    content: Scalar | dict[str, Node] | list[Node]
    mark: Mark


def short(value: object) -> str:
    """`value` as an error message shows it: 60 characters at most."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def plain(node: Node) -> JsonValue:
    """The data without marks."""
    match node.content:
        case dict(entries):
            return {key: plain(value) for key, value in entries.items()}
        case list(items):
            return [plain(item) for item in items]
        case scalar:
            return scalar


def merge(base: Node, over: Node) -> Node:
    """`over` laid on `base`: mappings merge key by key; lists and scalars are replaced."""
    if not (isinstance(base.content, dict) and isinstance(over.content, dict)):
        return over
    merged = dict(base.content)
    for key, value in over.content.items():
        merged[key] = merge(merged[key], value) if key in merged else value
    return Node(merged, over.mark)


def put(node: Node, keys: Sequence[str], value: Node) -> Node:
    """`node` with `value` at the place that `keys` name; missing mappings on the way are made.

    Raises `ScenarioError` for a way through a scalar, and for an index that a list lacks.
    """
    if not keys:
        return value
    match node.content:
        case None:
            return put(Node({}, value.mark), keys, value)
        case dict(entries):
            key, rest = _longest_key(entries, keys)
            below = entries.get(key, Node(None, value.mark))
            return Node({**entries, key: put(below, rest, value)}, node.mark)
        case list(items):
            index = _index(items, keys[0], value.mark)
            return Node([*items[:index], put(items[index], keys[1:], value), *items[index + 1 :]], node.mark)
        case scalar:
            raise ScenarioError(
                f"{keys[0]!r} cannot be set inside {short(scalar)}, which is no mapping", file=value.mark.file
            )


def _longest_key(entries: Mapping[str, Node], keys: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The next key: a name with dots (`gpt-4.1`) that the mapping already has comes before its first part."""
    for size in range(len(keys), 1, -1):
        if (joined := ".".join(keys[:size])) in entries:
            return joined, keys[size:]
    return keys[0], keys[1:]


def _index(items: Sequence[Node], key: str, mark: Mark) -> int:
    if not (key.isascii() and key.isdigit() and int(key) < len(items)):
        raise ScenarioError(f"{key!r} is no index of a list of {len(items)} (counted from 0)", file=mark.file)
    return int(key)


def real_path(root: Node, location: Sequence[str | int]) -> KeyPath:
    """`location` without the steps that the data does not have, such as pydantic's names of union members."""
    return tuple(step for step, _ in _walk(root, location))


def mark_of(root: Node, location: Sequence[str | int]) -> Mark:
    """Mark of the deepest node on the way to `location` that the data has."""
    return [root.mark, *(node.mark for _, node in _walk(root, location))][-1]


def _walk(node: Node, location: Sequence[str | int]) -> Iterator[tuple[str | int, Node]]:
    """Each step that the data has, with the node it leads to; the others are passed over."""
    for step in location:
        below = _child(node, step)
        if below is not None:
            yield step, below
            node = below


def _child(node: Node, step: str | int) -> Node | None:
    content = node.content
    if isinstance(content, dict) and isinstance(step, str):
        return content.get(step)
    if isinstance(content, list) and isinstance(step, int) and step < len(content):
        return content[step]
    return None
