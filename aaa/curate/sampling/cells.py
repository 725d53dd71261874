"""Cells: what rows have in common in the respects that a sample is steered by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

Cell = tuple[str, ...]
"""Values in the respects asked for, in their order; `None` where a row says nothing."""
ANY = "*"
"""In weights: every value that is not named."""


class Labelled(Protocol):
    """What is known of a row: an instruction, or a line of a prompt file."""

    @property
    def skill(self) -> str | None: ...
    @property
    def difficulty(self) -> float | None: ...
    @property
    def language(self) -> str | None: ...


def cell_of(row: Labelled, by: Sequence[str]) -> Cell:
    """The row's cell; difficulties lie in one cell when they round to the same whole number."""
    return tuple(_value(row, name) for name in by)


def _value(row: Labelled, name: str) -> str:
    value = getattr(row, name)
    return f"{value:.0f}" if isinstance(value, float) else str(value)
