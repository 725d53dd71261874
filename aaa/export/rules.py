"""Rules that several formats share, over rows as they are read back: each finding is one word and a detail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from aaa.export.entry import Fault, Row


def texts(row: Row, *names: str) -> Iterator[Fault]:
    """These columns are texts that are not empty."""
    for name in names:
        value = row.get(name)
        if not isinstance(value, str):
            yield "column", f"`{name}` must be text, but is {_kind(value)}"
        elif not value.strip():
            yield "empty", f"`{name}` is empty"


def conversation(
    value: Any,
    name: str,
    *,
    role: str = "role",
    content: str = "content",
    roles: Iterable[str] = ("system", "user", "assistant", "tool"),
    ends: Iterable[str] = (),
) -> Iterator[Fault]:
    """A list of messages of these roles with text (or calls), which ends as asked."""
    roles, ends = tuple(roles), tuple(ends)
    if not isinstance(value, list) or not value:
        yield "column", f"`{name}` must be a list of messages, but is {_kind(value)}"
        return
    for place, message in enumerate(value):
        if not isinstance(message, dict) or message.get(role) not in roles:
            found = message.get(role) if isinstance(message, dict) else message
            yield "role", f"`{name}[{place}]` has the {role} {found!r}; possible are {', '.join(roles)}"
        elif not isinstance(message.get(content), str) and not message.get("tool_calls"):
            yield "content", f"`{name}[{place}]` has no text"
        elif not str(message.get(content) or "").strip() and not message.get("tool_calls"):
            yield "empty", f"`{name}[{place}]` is empty"
    last = value[-1].get(role) if isinstance(value[-1], dict) else None
    if ends and last not in ends:
        yield "last_turn", f"`{name}` ends with {last!r}; it must end with {' or '.join(ends)}"


def system_first(value: Any, *, role: str = "role", system: str = "system") -> Iterator[Fault]:
    """A system message stands first or not at all."""
    if isinstance(value, list) and any(isinstance(m, dict) and m.get(role) == system for m in value[1:]):
        yield "system_turn", "a system message stands first or not at all"


def alternating(
    value: Sequence[Row], name: str, *, role: str, asks: Sequence[str], answers: Sequence[str], system: str, odd: bool
) -> Iterator[Fault]:
    """After a system message, turns alternate; their number is `odd` or even."""
    turns = [message.get(role) for message in value if isinstance(message, dict)]
    if turns and turns[0] == system:
        turns = turns[1:]
    for place, turn in enumerate(turns):
        if turn not in (asks, answers)[place % 2]:
            yield "turn_order", f"turn {place + 1} of `{name}` is {turn!r}; turns alternate, {asks[0]} first"
            return
    if len(turns) % 2 != odd:
        yield "odd_turns" if not odd else "even_turns", f"`{name}` has {len(turns)} turns"


def differ(one: Any, other: Any) -> Iterator[Fault]:
    """Two sides of a pair say different things."""
    if _said(one) == _said(other):
        yield "equal_sides", "chosen and rejected have equal text"


def _said(side: Any) -> Any:
    if isinstance(side, list):
        return [(str(m.get("content") or "").strip(), m.get("tool_calls")) if isinstance(m, dict) else m for m in side]
    return side.strip() if isinstance(side, str) else side


def flag(row: Row, name: str) -> Iterator[Fault]:
    """This column is true or false."""
    if not isinstance(row.get(name), bool):
        yield "column", f"`{name}` must be true or false, but is {_kind(row.get(name))}"


def only(row: Row, *names: str) -> Iterator[Fault]:
    """No other columns than these."""
    for name in row.keys() - set(names):
        yield "column", f"`{name}` is no column of the format; it has: {', '.join(names)}"


def _kind(value: Any) -> str:
    return "missing" if value is None else type(value).__name__
