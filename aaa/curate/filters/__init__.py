"""Filters: which prompts are left out, and why."""

from aaa.curate.filters.rules import fault, filtered

__all__ = ["fault", "filtered"]
