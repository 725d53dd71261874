"""All rows that a scenario's prompts come from: files, data sets, memory, and earlier sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from aaa.curate.filters import filtered
from aaa.errors import ScenarioError
from aaa.scenario import SESSION, PromptRow, Prompts, RefusedRow, read_memory, read_source
from aaa.session.resolved import Resolved
from aaa.types import Session

FIELDS = tuple(PromptRow.model_fields)


def source_rows(resolved: Resolved) -> Iterator[PromptRow | RefusedRow]:
    """Every row with what became of it, filters included. Raises `ScenarioError` for a source that is not there."""
    return rows_of(resolved.scenario.prompts, near=resolved.folder, memory=resolved.rows)


def rows_of(
    prompts: Prompts, *, near: Path, memory: Iterable[Mapping[str, Any]] | None = None
) -> Iterator[PromptRow | RefusedRow]:
    """Every row of these sources, or of `memory` in their place, with what became of it."""
    if memory is not None:
        return filtered(read_memory(memory, prompts), prompts.filter)
    sessions = [name.removeprefix(SESSION) for name in prompts.patterns if name.startswith(SESSION)]
    earlier = [row for name in sessions for row in session_rows(name, prompts)]
    return filtered(read_source(prompts, near=near, earlier=earlier), prompts.filter)


def prompt_rows(prompts: Prompts, refused: list[RefusedRow], *, near: Path) -> Iterator[PromptRow]:
    """The rows of these sources that are prompts, one at a time; the others are added to `refused`."""
    for row in rows_of(prompts, near=near):
        if isinstance(row, RefusedRow):
            refused.append(row)
        else:
            yield row


def session_rows(name: str, prompts: Prompts) -> Iterator[PromptRow]:
    """The prompts of an earlier session that were not set aside, evolved ones included, in its order, under the labels
    that its stages gave them."""
    from aaa.session.instructions import instructions_of  # heavy
    from aaa.session.item import Item  # heavy
    from aaa.store import Store  # heavy

    with Store.open(prompts.db, create=False) as store:
        session = store.get(Session, name)
        if session is None:
            known = ", ".join(sorted(row.id for row in store.rows(Session))) or "none"
            raise ScenarioError(f"prompts.from: {prompts.db} holds no session {name!r}; it holds {known}")
        ids = instructions_of(store, name, session.all_stages)
        for item in Item.all_at_end(store, name, ids, session.all_stages):
            yield PromptRow.model_validate(item.instruction.model_dump(include=set(FIELDS)))


def tallied(rows: Iterable[PromptRow | RefusedRow], refused: Counter[str]) -> Iterator[PromptRow | RefusedRow]:
    """The same rows; those that are refused are counted by reason."""
    for row in rows:
        if isinstance(row, RefusedRow):
            refused[row.reason] += 1
        yield row
