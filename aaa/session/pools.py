"""Prompts as the pool of a sample."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from aaa.curate.sampling import Entry, cell_of
from aaa.errors import ScenarioError
from aaa.scenario import Prompts, Sampling, read_prompts
from aaa.types import Message

if TYPE_CHECKING:
    from aaa.curate.sampling import Likeness


class Pooled(Protocol):
    """What is read of a prompt: a line of a file, or an instruction."""

    @property
    def source_id(self) -> str: ...
    @property
    def messages(self) -> tuple[Message, ...]: ...
    @property
    def skill(self) -> str | None: ...
    @property
    def difficulty(self) -> float | None: ...
    @property
    def language(self) -> str | None: ...
    @property
    def tags(self) -> tuple[str, ...]: ...


def entry(row: Pooled, spec: Sampling | None, likeness: Likeness | None) -> Entry:
    """What sampling keeps of a row."""
    if spec is None:
        return Entry(row.source_id, ())
    tags = frozenset(row.tags) if spec.method == "diverse" else frozenset[str]()
    log_weight = 0.0 if likeness is None else likeness.log_weight(asked(row))
    return Entry(row.source_id, cell_of(row, spec.by), tags, log_weight)


def likeness_of(spec: Sampling | None, pool: Callable[[], Iterable[Pooled]], *, near: Path) -> Likeness | None:
    """Likeness to the prompts of `spec.like`; reads the pool once. Raises `ScenarioError` where there are no words."""
    if spec is None or spec.like is None:
        return None
    from aaa.curate.sampling import Likeness  # heavy

    try:
        return Likeness.fit(liked(spec.like, near=near), map(asked, pool()))
    except ValueError as error:
        raise ScenarioError(f"sample.like: {error}") from error


def liked(pattern: str, *, near: Path) -> list[str]:
    """The user's words of the prompts that `sample.like` names. Raises `ScenarioError` for a file that is not there."""
    return [asked(row) for row in read_prompts(Prompts(patterns=(pattern,)), near=near)]


def asked(row: Pooled) -> str:
    """The user's words."""
    return "\n".join(message.text for message in row.messages if message.role == "user")
