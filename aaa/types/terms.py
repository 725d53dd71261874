"""What licenses and terms of use say on the texts that models write, and what an export asks of them."""

from __future__ import annotations

from typing import Literal

from aaa.types.base import Value

Known = bool | Literal["unknown"]
Fact = Literal["open", "commercial", "restricts_competing_models", "attribution"]
FACTS: tuple[Fact, ...] = ("open", "commercial", "restricts_competing_models", "attribution")


class Terms(Value):
    """An entry of the ledger: a reading of a public text, and no legal advice."""

    name: str
    """What a model's `license` calls it."""
    title: str = ""
    source: str = ""
    """Address of the text."""
    date: str = ""
    """When the entry was written, as YYYY-MM-DD."""
    checked: str = ""
    """When it was last held against the text, or quotations of it; empty where it was not."""
    version: str = ""
    """Date or number of the text, where it has one."""
    open: Known = "unknown"
    """Whether it is an open license."""
    commercial: Known = "unknown"
    """Whether commercial use is allowed."""
    restricts_competing_models: Known = "unknown"
    """Whether it forbids to build other, or competing, models with what the model writes."""
    attribution: Known = "unknown"
    """Whether it asks for a notice, a name or a credit."""
    hub: bool = False
    """Whether Hugging Face knows a license of this name."""
    note: str = ""


class TermsProfile(Value):
    """Which terms an export lets pass: all terms of a row must say so; what is unknown does not."""

    open: bool | None = None
    """What the terms must say of this; without it, anything goes. The same for the next three."""
    commercial: bool | None = None
    restricts_competing_models: bool | None = None
    attribution: bool | None = None
    only: tuple[str, ...] = ()
    """Licenses of which all of a row's must be."""
    never: tuple[str, ...] = ()
    """Licenses that keep a row out."""
